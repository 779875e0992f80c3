"""What happens while a session goes on: the terminal, the page and the tests listen to the same events."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.timeline import Cue, Timeline


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """The first sound is about to be played."""

    timeline: Timeline


@dataclass(frozen=True, slots=True)
class CueStarted:
    """A cue begins: its first frame is handed to the speaker."""

    cue: Cue


@dataclass(frozen=True, slots=True)
class SessionPaused:
    """The person pressed pause, ``at_seconds`` into the session."""

    at_seconds: float


@dataclass(frozen=True, slots=True)
class SessionResumed:
    """It goes on where it was paused."""

    at_seconds: float


@dataclass(frozen=True, slots=True)
class SessionStopped:
    """The person stopped it before its end."""

    at_seconds: float


@dataclass(frozen=True, slots=True)
class SessionFinished:
    """The last frame has sounded."""


@dataclass(frozen=True, slots=True)
class Prompted:
    """A reflection asks its next question; an empty one only listens."""

    prompt: str


@dataclass(frozen=True, slots=True)
class Listening:
    """The microphone is open: the person may speak."""


@dataclass(frozen=True, slots=True)
class Saved:
    """So many seconds of what the person says are on disk."""

    seconds: float


Event = (
    SessionStarted
    | CueStarted
    | SessionPaused
    | SessionResumed
    | SessionStopped
    | SessionFinished
    | Prompted
    | Listening
    | Saved
)
