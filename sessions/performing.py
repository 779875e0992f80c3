"""Plays a prepared session on a speaker and tells what happens, when it happens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

from audio.clip import AudioClip
from audio.devices import PlaybackControl, Speaker
from audio.mixing import faded
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
from sessions.slots import SAMPLE_RATE_HZ
from sessions.timeline import Timeline

ENTRY_SECONDS = 0.03
"""What is set in upon in the middle rises over this time, so that it does not click."""


class SessionControl:
    """Pause, resume, skip to the next section and stop, safe to call from any thread, also before the first sound."""

    def __init__(self) -> None:
        self._changing = threading.RLock()
        self._from_seconds = 0.0
        self._playing = PlaybackControl()
        self._on_pause: Callable[[bool], None] = lambda _: None
        self._skipping = False
        self.paused = False
        self.stopped = False

    @property
    def position_seconds(self) -> float:
        """How much of the session has sounded."""
        return self._from_seconds + self._playing.played_seconds

    @property
    def heard_seconds(self) -> float:
        """The same for whoever looks on while listening: the sound that is on its way to the ear is not counted."""
        with self._changing:
            return self._from_seconds + max(0.0, self._playing.played_seconds - self._playing.delay_seconds)

    def pause(self) -> None:
        self._set_paused(True)

    def resume(self) -> None:
        self._set_paused(False)

    def skip(self) -> None:
        """Goes on with the next section; behind the last one the session is over. A pause stays one."""
        with self._changing:
            self._skipping = True
            self._playing.stop()

    def stop(self) -> None:
        with self._changing:
            self.stopped = True
            self._playing.stop()

    def playing(self, from_seconds: float) -> PlaybackControl:
        """What leads the speaker from a place in the session on, until it is stopped or led elsewhere."""
        with self._changing:
            self._from_seconds = from_seconds
            self._playing = PlaybackControl()
            if self.paused:
                self._playing.pause()
            if self.stopped or self._skipping:
                self._playing.stop()
            return self._playing

    def take_skip(self) -> bool:
        """Whether a skip was asked for since this was last asked."""
        with self._changing:
            skipping, self._skipping = self._skipping, False
            return skipping

    def on_pause(self, listener: Callable[[bool], None]) -> None:
        """Has each pause (True) and each going on (False) told, by the thread that asks for it."""
        with self._changing:
            self._on_pause = listener
            if self.paused:
                listener(True)

    def _set_paused(self, paused: bool) -> None:
        with self._changing:
            if paused == self.paused or self.stopped:
                return
            self.paused = paused
            (self._playing.pause if paused else self._playing.resume)()
            self._on_pause(paused)


def perform(
    timeline: Timeline,
    blocks_from: Callable[[int, Callable[[], bool]], Iterator[AudioClip]],
    speaker: Speaker,
    control: SessionControl | None,
    on_event: Callable[[Event], None],
) -> None:
    """Plays a session until it ends or ``control`` stops it.

    If the sound device goes away, the session pauses where it was; going on looks for a device anew.

    Args:
        blocks_from: the sound of ``timeline`` from a frame on, and how to ask whether nobody wants it any more.
        on_event: called by the thread that hands the sound over, so a slow listener delays the sound; pauses are told
            by the thread that asks for them.

    Raises:
        NoSoundCard: there is no device to begin with.
    """
    control = control or SessionControl()
    on_event(SessionStarted(timeline))
    control.on_pause(
        lambda paused: on_event((SessionPaused if paused else SessionResumed)(round(control.position_seconds, 3)))
    )
    at_frame, lost = 0, False
    while True:
        playing = control.playing(at_frame / SAMPLE_RATE_HZ)
        if lost:
            playing.wait_while_paused()
        try:
            if not playing.stopped:
                blocks = blocks_from(at_frame, partial(_stopped, playing))
                at_frame += speaker.play(_announced(timeline, at_frame, blocks, on_event), playing)
                lost = False
        except (DeviceLost, NoSoundCard) as fault:
            if isinstance(fault, NoSoundCard) and not lost:
                raise
            lost = True
            at_frame = _place_to_go_on(timeline, at_frame + round(playing.played_seconds * SAMPLE_RATE_HZ))
            on_event(SoundLost(at_frame / SAMPLE_RATE_HZ))
            control.pause()
            continue
        if control.stopped:
            on_event(SessionStopped(at_frame / SAMPLE_RATE_HZ))
            return
        if not control.take_skip():
            on_event(SessionFinished())
            return
        at_frame = _next_section(timeline, at_frame)
        on_event(SectionSkipped(at_frame / SAMPLE_RATE_HZ))


def _stopped(playing: PlaybackControl) -> bool:
    return playing.stopped


def _place_to_go_on(timeline: Timeline, frame: int) -> int:
    """Where sound that broke off goes on: a line that was cut off is said again."""
    for cue in timeline.cues:
        if cue.start_frame <= frame < cue.end_frame and (cue.spoken or cue.file):
            return cue.start_frame
    return min(frame, timeline.frames)


def _next_section(timeline: Timeline, frame: int) -> int:
    starts = (round(chapter.start * SAMPLE_RATE_HZ) for chapter in timeline.chapters)
    return next((start for start in starts if start > frame), timeline.frames)


def _announced(
    timeline: Timeline, at_frame: int, blocks: Iterator[AudioClip], on_event: Callable[[Event], None]
) -> Iterator[AudioClip]:
    """The blocks, cut where a cue starts, each start told just before its first frame is handed over."""
    cues = (cue for cue in timeline.cues if cue.end_frame > at_frame)
    following = next(cues, None)
    entry_frames = round(ENTRY_SECONDS * SAMPLE_RATE_HZ) if at_frame else 0
    for block in blocks:
        rest = faded(block, entry_frames, 0).samples if entry_frames else block.samples
        entry_frames = 0
        while len(rest):
            while following is not None and following.start_frame <= at_frame:
                on_event(CueStarted(following))
                following = next(cues, None)
            until_cue = len(rest) if following is None else following.start_frame - at_frame
            piece, rest = rest[:until_cue], rest[until_cue:]
            at_frame += len(piece)
            yield AudioClip(piece, block.sample_rate)
