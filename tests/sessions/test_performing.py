from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pytest

from audio.clip import AudioClip, Samples, join
from audio.devices import PlaybackControl
from core.errors import DeviceLost, NoSoundCard
from sessions.events import (
    CueStarted,
    Event,
    SectionSkipped,
    SessionFinished,
    SessionPaused,
    SessionResumed,
    SessionStarted,
    SessionStopped,
    SoundLost,
)
from sessions.performing import SessionControl, perform
from sessions.rendering import SAMPLE_RATE_HZ, render
from sessions.timeline import Timeline, plan
from tests.fakes.narrator import TonedNarrator, seconds_of
from tests.fakes.speaker import MemorySpeaker
from tests.sessions.writing import written


@pytest.fixture
def timeline() -> Timeline:
    return plan(written("{bell}\nSit down. {rest}\nThe end.\n{bell end}"), 1, "normal", seconds_of)


def blocks_of(timeline: Timeline) -> Callable[..., Iterator[AudioClip]]:
    return lambda frame, given_up=None: render(timeline, TonedNarrator(), "none", frame)


def played(timeline: Timeline, speaker: MemorySpeaker, control: SessionControl | None = None) -> list[Event]:
    events: list[Event] = []
    perform(timeline, blocks_of(timeline), speaker, control, events.append)
    return events


def whole(timeline: Timeline) -> Samples:
    return join(list(blocks_of(timeline)(0))).samples


def test_the_whole_sound_is_played_and_every_cue_told_in_order(timeline: Timeline) -> None:
    speaker = MemorySpeaker()
    events = played(timeline, speaker)
    assert events == [SessionStarted(timeline), *(CueStarted(cue) for cue in timeline.cues), SessionFinished()]
    assert np.array_equal(speaker.played, whole(timeline))


def test_a_cue_is_told_when_its_first_frame_is_handed_over(timeline: Timeline) -> None:
    frames_at_event: list[int] = []
    speaker = MemorySpeaker()
    perform(
        timeline,
        blocks_of(timeline),
        speaker,
        None,
        lambda event: frames_at_event.append(sum(map(len, speaker.blocks))) if isinstance(event, CueStarted) else None,
    )
    assert frames_at_event == [cue.start_frame for cue in timeline.cues]


def test_stopping_ends_it_and_says_where(timeline: Timeline) -> None:
    control = SessionControl()
    speaker = MemorySpeaker(lambda frames: control.stop() if frames >= 5 * SAMPLE_RATE_HZ else None)
    events = played(timeline, speaker, control)
    assert isinstance(events[-1], SessionStopped)
    assert events[-1].at_seconds == pytest.approx(5, abs=0.5)
    assert len(speaker.played) == round(events[-1].at_seconds * SAMPLE_RATE_HZ)


def test_what_is_stopped_beforehand_makes_no_sound(timeline: Timeline) -> None:
    control = SessionControl()
    control.stop()
    speaker = MemorySpeaker()
    assert played(timeline, speaker, control) == [SessionStarted(timeline), SessionStopped(0.0)]
    assert not speaker.blocks


def test_pausing_and_resuming_are_told_once_each_and_cost_no_frame(timeline: Timeline) -> None:
    control = SessionControl()

    def pause(frames: int) -> None:
        if 5 * SAMPLE_RATE_HZ <= frames < 5.5 * SAMPLE_RATE_HZ and not control.paused:
            control.pause()
            control.pause()
            threading.Timer(0.05, control.resume).start()

    speaker = MemorySpeaker(pause)
    events = played(timeline, speaker, control)
    pauses = [event for event in events if isinstance(event, SessionPaused | SessionResumed)]
    assert [type(event) for event in pauses[:2]] == [SessionPaused, SessionResumed]
    assert pauses[0].at_seconds == pytest.approx(5, abs=1)
    assert isinstance(events[-1], SessionFinished)
    assert np.array_equal(speaker.played, whole(timeline))


def test_what_is_on_its_way_to_the_ear_is_not_heard_yet() -> None:
    control = SessionControl()
    playing = control.playing(from_seconds=60)
    playing.delay_seconds = 0.25
    for played_seconds, heard_seconds in ((0, 60), (0.1, 60), (0.25, 60), (2, 61.75)):
        playing.played_seconds = played_seconds
        assert control.heard_seconds == heard_seconds
    assert control.position_seconds == 62


class AheadSpeaker:
    """Takes sound a second ahead, as a sound card's queue does, and plays it frame by frame.

    At ``at_frame``, the first time, something is done.
    """

    def __init__(self, at_frame: int, act: Callable[[], None]) -> None:
        self._at_frame = at_frame
        self._act = act
        self.frames_played = 0

    def play(self, blocks: Iterable[AudioClip], control: PlaybackControl | None = None) -> int:
        assert control is not None
        taken = played = 0
        for block in blocks:
            taken += block.frames
            played = max(played, taken - SAMPLE_RATE_HZ)
            if self._at_frame <= played and not self.frames_played:
                played = self._at_frame
                control.played_seconds = played / SAMPLE_RATE_HZ
                self._act()
            if control.stopped:
                break
        else:
            played = taken
        self.frames_played += played
        return played


class TestSkipping:
    """Three sections, the first from the start."""

    @pytest.fixture
    def timeline(self) -> Timeline:
        script = "# One\n{bell}\nSit down. {rest}\n# Two\nListen. {rest}\n# Three\nThe end.\n{bell end}"
        return plan(written(script), 1, "normal", seconds_of)

    def skipping(self, timeline: Timeline, *at_seconds: float) -> tuple[list[Event], Samples]:
        control = SessionControl()
        coming = list(at_seconds)
        speaker = MemorySpeaker()

        def skip(_: int) -> None:
            if coming and control.position_seconds >= coming[0]:
                coming.pop(0)
                control.skip()

        speaker = MemorySpeaker(skip)
        return played(timeline, speaker, control), speaker.played

    def test_it_goes_on_exactly_where_the_next_section_begins(self, timeline: Timeline) -> None:
        events, samples = self.skipping(timeline, 5.0)
        starts = [chapter.start for chapter in timeline.chapters]
        assert [event for event in events if isinstance(event, SectionSkipped)] == [SectionSkipped(starts[1])]
        rest = whole(timeline)[round(starts[1] * SAMPLE_RATE_HZ) :]
        entry = round(0.03 * SAMPLE_RATE_HZ)
        assert np.array_equal(samples[-len(rest) + entry :], rest[entry:])
        told = [event.cue for event in events if isinstance(event, CueStarted)]
        assert told[-1] == timeline.cues[-1]
        assert not [cue for cue in told if 6 < cue.start < starts[1]]

    @pytest.mark.parametrize("before_seconds", [0.001, 0.1, 0.5, 0.99])
    def test_a_section_that_is_about_to_begin_is_not_passed_over(
        self, timeline: Timeline, before_seconds: float
    ) -> None:
        """The speaker holds a second of sound that nobody has heard yet; the next section begins within it."""
        control = SessionControl()
        second = timeline.chapters[1].start
        at_frame = round((second - before_seconds) * SAMPLE_RATE_HZ)
        speaker = AheadSpeaker(at_frame, control.skip)
        events: list[Event] = []
        perform(timeline, blocks_of(timeline), speaker, control, events.append)
        assert [event for event in events if isinstance(event, SectionSkipped)] == [SectionSkipped(second)]
        assert speaker.frames_played == at_frame + timeline.frames - round(second * SAMPLE_RATE_HZ)

    def test_behind_the_last_one_it_is_over(self, timeline: Timeline) -> None:
        last = timeline.chapters[-1].start
        events, _ = self.skipping(timeline, last + 0.5)
        assert events[-2:] == [SectionSkipped(60.0), SessionFinished()]

    def test_a_pause_stays_one(self, timeline: Timeline) -> None:
        control = SessionControl()
        control.pause()
        speaker = MemorySpeaker()
        events: list[Event] = []
        playing = threading.Thread(
            target=perform, args=(timeline, blocks_of(timeline), speaker, control, events.append)
        )
        playing.start()
        control.skip()
        playing.join(0.3)
        assert playing.is_alive()
        assert not speaker.blocks
        control.resume()
        playing.join(30)
        turns = [type(event) for event in events if not isinstance(event, CueStarted)]
        assert turns[1:4] == [SessionPaused, SectionSkipped, SessionResumed]
        assert len(speaker.played) == timeline.frames - round(timeline.chapters[1].start * SAMPLE_RATE_HZ)


class TestLosingTheDevice:
    """It goes away in the middle of the second cue."""

    def losing(
        self, timeline: Timeline, then: Callable[[SessionControl], None], faults: list[Exception]
    ) -> list[Event]:
        control = SessionControl()
        self.speaker = MemorySpeaker(lambda frames: self.lose(frames, faults))
        events: list[Event] = []

        def on_event(event: Event) -> None:
            events.append(event)
            if isinstance(event, SessionPaused):
                threading.Timer(0.02, then, [control]).start()

        perform(timeline, blocks_of(timeline), self.speaker, control, on_event)
        return events

    def lose(self, frames: int, faults: list[Exception]) -> None:
        if faults and (isinstance(faults[0], NoSoundCard) or frames >= self.lost_at * SAMPLE_RATE_HZ):
            raise faults.pop(0)

    lost_at = 20.0

    def test_it_pauses_says_so_and_goes_on_where_it_was(self, timeline: Timeline) -> None:
        events = self.losing(timeline, SessionControl.resume, [DeviceLost(), NoSoundCard()])
        turns = [type(event) for event in events if not isinstance(event, CueStarted)]
        lost = [SoundLost, SessionPaused, SessionResumed]
        assert turns == [SessionStarted, *lost, *lost, SessionFinished]
        assert len(self.speaker.played) == pytest.approx(timeline.frames, abs=1)

    def test_a_line_that_was_cut_off_is_said_again(self, timeline: Timeline) -> None:
        timeline = plan(written("{bell}\nLet the long day go by, and sit. {rest}"), 1, "normal", seconds_of)
        line = next(cue for cue in timeline.cues if cue.spoken)
        self.lost_at = line.end - 0.6
        events = self.losing(timeline, SessionControl.resume, [DeviceLost()])
        assert SoundLost(line.start) in events
        assert [event for event in events if isinstance(event, CueStarted)].count(CueStarted(line)) == 2

    def test_it_can_be_stopped_instead(self, timeline: Timeline) -> None:
        events = self.losing(timeline, SessionControl.stop, [DeviceLost()])
        assert isinstance(events[-1], SessionStopped)

    def test_without_a_device_to_begin_with_it_is_an_error(self, timeline: Timeline) -> None:
        with pytest.raises(NoSoundCard):
            self.losing(timeline, SessionControl.resume, [NoSoundCard()])
