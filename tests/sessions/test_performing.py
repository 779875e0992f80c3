from __future__ import annotations

import numpy as np
import pytest

from audio.clip import join
from audio.devices import PlaybackControl
from core.errors import DeviceLost
from sessions.events import (
    CueStarted,
    Event,
    SessionFinished,
    SessionPaused,
    SessionResumed,
    SessionStarted,
    SessionStopped,
)
from sessions.performing import perform
from sessions.rendering import SAMPLE_RATE_HZ, render
from sessions.timeline import Timeline, plan
from tests.fakes.narrator import TonedNarrator, seconds_of
from tests.fakes.speaker import MemorySpeaker
from tests.sessions.writing import written


@pytest.fixture
def timeline() -> Timeline:
    return plan(written("{bell}\nSit down. {rest}\nThe end.\n{bell end}"), 1, "normal", seconds_of)


def played(timeline: Timeline, speaker: MemorySpeaker, control: PlaybackControl | None = None) -> list[Event]:
    events: list[Event] = []
    perform(timeline, render(timeline, TonedNarrator(), "none"), speaker, control, events.append)
    return events


def test_the_whole_sound_is_played_and_every_cue_told_in_order(timeline: Timeline) -> None:
    speaker = MemorySpeaker()
    events = played(timeline, speaker)
    assert events == [SessionStarted(timeline), *(CueStarted(cue) for cue in timeline.cues), SessionFinished()]
    whole = join(list(render(timeline, TonedNarrator(), "none"))).samples
    assert np.array_equal(speaker.played, whole)


def test_a_cue_is_told_when_its_first_frame_is_handed_over(timeline: Timeline) -> None:
    frames_at_event: list[int] = []
    speaker = MemorySpeaker()
    perform(
        timeline,
        render(timeline, TonedNarrator(), "none"),
        speaker,
        None,
        lambda event: frames_at_event.append(sum(map(len, speaker.blocks))) if isinstance(event, CueStarted) else None,
    )
    assert frames_at_event == [cue.start_frame for cue in timeline.cues]


def test_stopping_ends_it_and_says_where(timeline: Timeline) -> None:
    control = PlaybackControl()
    speaker = MemorySpeaker(lambda frames: control.stop() if frames >= 5 * SAMPLE_RATE_HZ else None)
    events = played(timeline, speaker, control)
    assert isinstance(events[-1], SessionStopped)
    assert events[-1].at_seconds == pytest.approx(5, abs=0.5)
    assert len(speaker.played) == round(events[-1].at_seconds * SAMPLE_RATE_HZ)


def test_pausing_and_resuming_are_told_once_each(timeline: Timeline) -> None:
    class Impatient(PlaybackControl):
        """Is resumed by whoever waits."""

        def wait_while_paused(self, timeout_seconds: float | None = None) -> None:
            self.resume()

    control = Impatient()
    speaker = MemorySpeaker(
        lambda frames: control.pause() if 5 * SAMPLE_RATE_HZ <= frames < 5.5 * SAMPLE_RATE_HZ else None
    )
    events = played(timeline, speaker, control)
    pauses = [event for event in events if isinstance(event, SessionPaused | SessionResumed)]
    assert [type(event) for event in pauses[:2]] == [SessionPaused, SessionResumed]
    assert pauses[0].at_seconds == pytest.approx(5, abs=1)
    assert isinstance(events[-1], SessionFinished)
    assert len(speaker.played) == timeline.frames


def test_a_device_that_goes_away_is_an_error(timeline: Timeline) -> None:
    def lose(frames: int) -> None:
        if frames:
            raise DeviceLost

    with pytest.raises(DeviceLost):
        played(timeline, MemorySpeaker(lose))
