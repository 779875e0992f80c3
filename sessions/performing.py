"""Plays a prepared session on a speaker and tells what happens, when it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from audio.clip import AudioClip
from audio.devices import PlaybackControl, Speaker
from sessions.events import (
    CueStarted,
    Event,
    SessionFinished,
    SessionPaused,
    SessionResumed,
    SessionStarted,
    SessionStopped,
)
from sessions.slots import SAMPLE_RATE_HZ
from sessions.timeline import Timeline


def perform(
    timeline: Timeline,
    blocks: Iterator[AudioClip],
    speaker: Speaker,
    control: PlaybackControl | None,
    on_event: Callable[[Event], None],
) -> None:
    """Plays ``blocks``, which are the whole of ``timeline``, until they end or ``control`` stops them.

    Events come from the thread that hands the sound over, so a slow listener delays the sound.

    Raises:
        NoSoundCard, DeviceLost: from the speaker.
    """
    watched = _WatchedControl(control or PlaybackControl(), on_event)
    frames = speaker.play(_announced(timeline, blocks, watched, on_event), watched)
    if watched.stopped:
        on_event(SessionStopped(frames / SAMPLE_RATE_HZ))
    else:
        on_event(SessionFinished())


class _WatchedControl(PlaybackControl):
    """Another control, seen through: whoever asks it whether to pause makes the pause an event."""

    def __init__(self, control: PlaybackControl, on_event: Callable[[Event], None]) -> None:
        super().__init__()
        self._control = control
        self._on_event = on_event
        self._told_paused = False
        self.at_frame = 0

    def pause(self) -> None:
        self._control.pause()

    def resume(self) -> None:
        self._control.resume()

    def stop(self) -> None:
        self._control.stop()

    @property
    def paused(self) -> bool:
        paused = self._control.paused
        self._tell(paused)
        return paused

    @property
    def stopped(self) -> bool:
        return self._control.stopped

    def wait_while_paused(self, timeout_seconds: float | None = None) -> None:
        self._tell(self._control.paused)
        self._control.wait_while_paused(timeout_seconds)
        self._tell(self._control.paused)

    def _tell(self, paused: bool) -> None:
        if paused == self._told_paused:
            return
        self._told_paused = paused
        seconds = self.at_frame / SAMPLE_RATE_HZ
        self._on_event(SessionPaused(seconds) if paused else SessionResumed(seconds))


def _announced(
    timeline: Timeline, blocks: Iterator[AudioClip], control: _WatchedControl, on_event: Callable[[Event], None]
) -> Iterator[AudioClip]:
    """The blocks, cut where a cue starts, each start told just before its first frame is handed over."""
    on_event(SessionStarted(timeline))
    cues = iter(timeline.cues)
    following = next(cues, None)
    for block in blocks:
        rest = block.samples
        while len(rest):
            while following is not None and following.start_frame <= control.at_frame:
                on_event(CueStarted(following))
                following = next(cues, None)
            until_cue = len(rest) if following is None else following.start_frame - control.at_frame
            piece, rest = rest[:until_cue], rest[until_cue:]
            control.at_frame += len(piece)
            yield AudioClip(piece, block.sample_rate)
