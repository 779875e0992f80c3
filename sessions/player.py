"""One session at a time on this machine's own sound card, led from anywhere: a page, a script, a button by the bed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, Literal

from audio.devices import Speaker
from core.errors import DeviceLost, OutbreathError
from sessions.events import CueStarted, Event, SessionFinished, SessionResumed, SoundLost
from sessions.guide import Guide, Performance
from sessions.performing import SessionControl
from sessions.timeline import Cue, Record

PlaybackState = Literal["nothing", "starting", "playing", "paused", "finished", "stopped", "failed"]
Lead = Literal["pause", "resume", "skip", "stop"]

LEADS: Final[dict[Lead, Callable[[SessionControl], None]]] = {
    "pause": SessionControl.pause,
    "resume": SessionControl.resume,
    "skip": SessionControl.skip,
    "stop": SessionControl.stop,
}
STARTS_WITHIN_SECONDS: Final = 5.0
ENDS_WITHIN_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.02


class Trouble(Record):
    """Why it does not sound, and what to do."""

    code: str
    message: str
    next_step: str


class Playback(Record):
    """What is played now, or was last."""

    state: PlaybackState = "nothing"
    slug: str | None = None
    title: str | None = None
    voice: str | None = None
    position_seconds: float = 0.0
    duration_seconds: float = 0.0
    chapter: int | None = None
    text: str = ""
    trouble: Trouble | None = None


class Player:
    """Plays on one speaker; a new session takes the place of the one before. Safe to call from any thread."""

    def __init__(self, guide: Guide, speaker: Speaker) -> None:
        self._guide = guide
        self._speaker = speaker
        self._starting = threading.Lock()
        self._playing: _Playing | None = None

    @property
    def playback(self) -> Playback:
        """Where it is now."""
        return self._playing.playback if self._playing else Playback()

    def play(self, performance: Performance) -> Playback:
        """Begins a session and returns once it sounds, or soon: a slow voice takes longer to begin.

        Raises:
            NoSoundCard: there is none. Whatever else keeps a session from sounding is raised too.
        """
        with self._starting:
            self.close()
            self._playing = _Playing(
                performance,
                lambda control, on_event: self._guide.perform(performance, self._speaker, control, on_event),
            )
            self._playing.begin()
            return self.playback

    def lead(self, where: Lead) -> Playback:
        """Pauses, goes on, skips to the next section or stops; nothing happens where nothing is played."""
        if self._playing:
            LEADS[where](self._playing.control)
        return self.playback

    def close(self) -> None:
        """Ends what is played."""
        if self._playing:
            self._playing.end()


class _Playing:
    """A session on its own thread."""

    def __init__(
        self, performance: Performance, perform: Callable[[SessionControl, Callable[[Event], None]], None]
    ) -> None:
        self.control = SessionControl()
        self._performance = performance
        self._perform = perform
        self._sounds = False
        self._finished = False
        self._trouble: OutbreathError | None = None
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)

    @property
    def playback(self) -> Playback:
        timeline, cue = self._performance.timeline, self._cue_heard()
        return Playback(
            state=self._state,
            slug=timeline.slug,
            title=timeline.title,
            voice=self._performance.voice,
            position_seconds=round(min(self.control.position_seconds, timeline.duration_seconds), 3),
            duration_seconds=timeline.duration_seconds,
            chapter=cue.chapter if cue else None,
            text=cue.text if cue else "",
            trouble=Trouble(**self._trouble.as_json()) if self._trouble else None,
        )

    def _cue_heard(self) -> Cue | None:
        """Cues are told as their sound is handed over, about a second before it comes out of the loudspeaker."""
        heard_seconds = self.control.heard_seconds
        begun = (cue for cue in self._performance.timeline.cues if cue.start <= heard_seconds)
        return max(begun, key=lambda cue: cue.start, default=None) if self._sounds else None

    @property
    def _state(self) -> PlaybackState:
        if self._thread.is_alive():
            if self.control.paused:
                return "paused"
            return "playing" if self.control.position_seconds else "starting"
        if self._finished:
            return "finished"
        return "stopped" if self.control.stopped else "failed"

    def begin(self) -> None:
        self._thread.start()
        for _ in range(round(STARTS_WITHIN_SECONDS / LOOK_SECONDS)):
            self._thread.join(LOOK_SECONDS)
            if self.control.position_seconds > 0 or not self._thread.is_alive():
                break
        if self._trouble and not self._thread.is_alive():
            raise self._trouble

    def end(self) -> None:
        self.control.stop()
        self._thread.join(ENDS_WITHIN_SECONDS)

    def _run(self) -> None:
        try:
            self._perform(self.control, self._on_event)
        except OutbreathError as fault:
            self._trouble = fault

    def _on_event(self, event: Event) -> None:
        match event:
            case CueStarted():
                self._sounds = True
            case SoundLost():
                self._trouble = DeviceLost()
            # Going on looks for the device anew. What ended the session stays to be read, whatever is pressed then.
            case SessionResumed() if self._thread.is_alive():
                self._trouble = None
            case SessionFinished():
                self._finished = True
