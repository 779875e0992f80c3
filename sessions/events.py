"""What happens while a session goes on: the terminal, the page and the tests listen to the same events."""

from __future__ import annotations

from dataclasses import dataclass

from core.transcript import Word
from sessions.conversation import Turn
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
class SectionSkipped:
    """It goes on ``at_seconds`` into the session, where the next section begins."""

    at_seconds: float


@dataclass(frozen=True, slots=True)
class SoundLost:
    """The sound device went away. The session pauses, and goes on ``at_seconds`` into it once it is resumed."""

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
    """A reflection says its next turn; ``index`` of ``count``."""

    turn: Turn
    index: int
    count: int


@dataclass(frozen=True, slots=True)
class Listening:
    """The person may speak. ``timebox_seconds`` is how long it was meant to take, shown and never enforced."""

    entry_id: str
    seconds: float
    timebox_seconds: float | None


@dataclass(frozen=True, slots=True)
class Saved:
    """So many seconds of what the person says are on disk."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Heard:
    """These words were understood, and stay as they are."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class LongSilence:
    """Nobody has spoken for so long. Outbreath listens on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Closing:
    """All that was said is complete on disk; what is said to the person now."""

    lines: tuple[str, ...]


Event = (
    SessionStarted
    | CueStarted
    | SessionPaused
    | SessionResumed
    | SectionSkipped
    | SoundLost
    | SessionStopped
    | SessionFinished
    | Prompted
    | Listening
    | Saved
    | Heard
    | LongSilence
    | Closing
)
