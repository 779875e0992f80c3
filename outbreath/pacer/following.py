"""Which second of a session is being heard, from one picture to the next."""

from __future__ import annotations

from collections.abc import Callable

MOST_GUESSED_SECONDS = 0.25
"""Sound cards ask for sound in pieces; between two of them time is guessed on, for no longer than this."""

A_JUMP_BACK_SECONDS = 0.5
"""A smaller step back is a guess that went too far."""


class Follower:
    """Turns the steps in which a speaker tells what has sounded into time that passes evenly."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._heard_seconds = 0.0
        self._heard_at = clock()
        self._shown_seconds = 0.0

    def seconds(self, heard_seconds: float) -> float:
        """The second that is being heard when the speaker last told ``heard_seconds``; back only if the session is."""
        now = self._clock()
        if heard_seconds != self._heard_seconds:
            self._heard_seconds, self._heard_at = heard_seconds, now
        seconds = heard_seconds + min(now - self._heard_at, MOST_GUESSED_SECONDS) if heard_seconds else 0.0
        if self._shown_seconds - A_JUMP_BACK_SECONDS < seconds < self._shown_seconds:
            return self._shown_seconds
        self._shown_seconds = seconds
        return seconds
