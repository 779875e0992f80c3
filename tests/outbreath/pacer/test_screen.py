"""The screen, driven by keys and by a speaker that plays only as far as it is let."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator

import numpy as np
import pytest
from textual.pilot import Pilot

from audio.clip import AudioClip
from audio.devices import PlaybackControl, Speaker
from core.errors import DeviceLost, NoSoundCard
from outbreath.pacer import drawing
from outbreath.pacer.screen import BreathPacer, Picture
from outbreath.present import SOUND_LOST
from sessions import performing
from sessions.events import Event, SectionSkipped, SessionFinished, SessionStopped
from sessions.performing import SessionControl
from sessions.slots import SAMPLE_RATE_HZ
from sessions.timeline import Timeline, plan
from tests.fakes.narrator import seconds_of
from tests.sessions.writing import written

PATIENCE_SECONDS = 30
BLOCK_FRAMES = SAMPLE_RATE_HZ // 20
SIZE = (60, 16)  # here the phase is written in characters

Visit = Callable[[Pilot[None]], Awaitable[None]]


@pytest.fixture
def timeline() -> Timeline:
    return plan(
        written("# One\n{breathe 4-2-6-0 2 breaths}\n# Two\nThe end. {rest}", "breathing"), 1, "normal", seconds_of
    )


class HeldSpeaker:
    """Plays silence in no time, as far as it is let, and stays there."""

    def __init__(self) -> None:
        self.until_seconds = 0.0
        self.lost = False

    def play(self, blocks: Iterable[AudioClip], control: PlaybackControl | None = None) -> int:
        assert control is not None
        frames = 0
        for block in blocks:
            while not control.stopped and (control.paused or frames / SAMPLE_RATE_HZ >= self.until_seconds):
                if self.lost:
                    raise DeviceLost
                time.sleep(0.005)
            if control.stopped:
                break
            frames += block.frames
            control.played_seconds = frames / SAMPLE_RATE_HZ
        return frames


class Seen:
    """A screen and what was told while it was looked at."""

    def __init__(self, timeline: Timeline, speaker: Speaker) -> None:
        self.events: list[Event] = []
        self._timeline = timeline
        self._speaker = speaker
        self.pacer = BreathPacer(timeline, self.play, drawing.DUSK, still=False)

    def play(self, control: SessionControl, listen: Callable[[Event], None]) -> None:
        def both(event: Event) -> None:
            self.events.append(event)
            listen(event)

        performing.perform(self._timeline, self._silence, self._speaker, control, both)

    def _silence(self, from_frame: int, given_up: object = None) -> Iterator[AudioClip]:
        for at in range(from_frame, self._timeline.frames, BLOCK_FRAMES):
            yield AudioClip(np.zeros(min(BLOCK_FRAMES, self._timeline.frames - at), np.float32), SAMPLE_RATE_HZ)

    @property
    def text(self) -> str:
        picture = self.pacer.query_one(Picture)
        return "\n".join(picture.render_line(row).text for row in range(picture.size.height))

    def visit(self, visit: Visit) -> None:
        """Opens the screen, does what is to be done there, and stops what still plays."""

        async def run() -> None:
            async with self.pacer.run_test(size=SIZE) as pilot:
                await visit(pilot)

        try:
            asyncio.run(run())
        finally:
            self.pacer.finish()

    async def shows(self, pilot: Pilot[None], *texts: str) -> None:
        await self.until(pilot, lambda: all(text in self.text for text in texts))

    async def until(self, pilot: Pilot[None], met: Callable[[], bool]) -> None:
        late = time.monotonic() + PATIENCE_SECONDS
        while not met():
            assert time.monotonic() < late, self.text
            await pilot.pause(0.02)


def test_the_screen_follows_what_was_played(timeline: Timeline) -> None:
    speaker = HeldSpeaker()
    seen = Seen(timeline, speaker)

    async def visit(pilot: Pilot[None]) -> None:
        for seconds, phase, count in ((1.5, "Breathe in", 3), (4.5, "Hold", 2), (8.5, "Breathe out", 4)):
            speaker.until_seconds = seconds
            await seen.shows(pilot, phase, f"{count} ", "0 of 2 breaths")
        speaker.until_seconds = 14.0
        await seen.shows(pilot, "Breathe in", "1 of 2 breaths", "space pauses   q stops   n next section")

    seen.visit(visit)


def test_space_pauses_and_goes_on(timeline: Timeline) -> None:
    speaker = HeldSpeaker()
    seen = Seen(timeline, speaker)

    async def visit(pilot: Pilot[None]) -> None:
        speaker.until_seconds = 1.0
        await seen.shows(pilot, "Breathe in")
        await pilot.press("space")
        await seen.shows(pilot, "Paused", "space goes on")
        speaker.until_seconds = 5.0
        await pilot.pause(0.5)  # what was on its way to the ear is still shown
        before = seen.text
        await pilot.pause(0.5)
        assert seen.text == before
        await pilot.press("space")
        await seen.shows(pilot, "Hold", "space pauses")

    seen.visit(visit)


def test_n_goes_to_the_next_section_and_never_over_the_end(timeline: Timeline) -> None:
    speaker = HeldSpeaker()
    seen = Seen(timeline, speaker)

    async def visit(pilot: Pilot[None]) -> None:
        await seen.shows(pilot, "n next section")
        speaker.until_seconds = 1.0
        await pilot.press("n")
        await seen.shows(pilot, "The end.", "2 of 2 breaths")
        assert "n next section" not in seen.text
        await pilot.press("n")
        await pilot.pause(0.2)

    seen.visit(visit)
    assert [event for event in seen.events if isinstance(event, SectionSkipped)] == [SectionSkipped(24.0)]
    assert isinstance(seen.events[-1], SessionStopped)


@pytest.mark.parametrize("key", ["q", "escape", "ctrl+c", "ctrl+d", "ctrl+q"])
def test_it_can_be_left_by_any_key_that_leaves(timeline: Timeline, key: str) -> None:
    seen = Seen(timeline, HeldSpeaker())

    async def visit(pilot: Pilot[None]) -> None:
        await seen.shows(pilot, "Breathe in")
        await pilot.press(key)
        await seen.until(pilot, lambda: seen.pacer.return_code is not None)

    seen.visit(visit)
    assert isinstance(seen.events[-1], SessionStopped)


def test_it_closes_by_itself_when_the_last_sound_was_played(timeline: Timeline) -> None:
    speaker = HeldSpeaker()
    speaker.until_seconds = 60
    seen = Seen(timeline, speaker)

    async def visit(pilot: Pilot[None]) -> None:
        await seen.until(pilot, lambda: seen.pacer.return_code is not None)

    seen.visit(visit)
    assert seen.events[-1] == SessionFinished()


def test_a_lost_sound_device_is_told_until_it_goes_on(timeline: Timeline) -> None:
    speaker = HeldSpeaker()
    seen = Seen(timeline, speaker)

    async def visit(pilot: Pilot[None]) -> None:
        speaker.until_seconds = 1.0
        await seen.shows(pilot, "Breathe in")
        speaker.lost = True
        await seen.shows(pilot, SOUND_LOST[:30], "space goes on")
        speaker.lost = False
        await pilot.press("space")
        await seen.shows(pilot, "Breathe in", "space pauses")
        assert SOUND_LOST[:30] not in seen.text

    seen.visit(visit)


def test_the_picture_fits_a_screen_that_changes_its_size(timeline: Timeline) -> None:
    seen = Seen(timeline, HeldSpeaker())

    async def visit(pilot: Pilot[None]) -> None:
        await seen.shows(pilot, "Breathe in")
        for width, height in ((30, 5), (100, 40), (40, 12)):
            await pilot.resize_terminal(width, height)
            await seen.until(pilot, lambda w=width, h=height: [len(line) for line in seen.text.splitlines()] == [w] * h)
            await seen.shows(pilot, "left", "space pauses" if width < 100 else "q stops")

    seen.visit(visit)


def test_what_goes_wrong_while_playing_comes_out(timeline: Timeline) -> None:
    class Unplugged:
        def play(self, blocks: Iterable[AudioClip], control: PlaybackControl | None = None) -> int:
            raise NoSoundCard

    seen = Seen(timeline, Unplugged())

    async def visit(pilot: Pilot[None]) -> None:
        await seen.until(pilot, lambda: seen.pacer.return_code is not None)

    with pytest.raises(NoSoundCard):
        seen.visit(visit)


def test_a_screen_that_broke_off_is_no_success(timeline: Timeline) -> None:
    seen = Seen(timeline, HeldSpeaker())

    async def visit(pilot: Pilot[None]) -> None:
        seen.pacer.exit(return_code=1)
        await seen.until(pilot, lambda: not seen.pacer.is_running)

    with pytest.raises(RuntimeError):
        seen.visit(visit)
    assert isinstance(seen.events[-1], SessionStopped)


def test_what_goes_wrong_while_drawing_comes_out(timeline: Timeline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "picture", lambda *_: 1 / 0)
    seen = Seen(timeline, HeldSpeaker())

    async def visit(pilot: Pilot[None]) -> None:
        await seen.until(pilot, lambda: seen.pacer.return_code is not None)

    with pytest.raises(ZeroDivisionError):
        seen.visit(visit)
