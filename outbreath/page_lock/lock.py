"""Who has given the passcode, and for how long that holds. Kept in memory only: a server that starts anew is locked."""

from __future__ import annotations

import hashlib
import math
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.clock import Clock
from core.errors import PageLocked, TooManyTries, WrongPasscode
from outbreath.page_lock.passcode import Passcode

TOKEN_BYTES: Final = 32
FREE_TRIES: Final = 3
"""Slips of a tired thumb; from then on each wrong try doubles the wait."""

FIRST_WAIT_SECONDS: Final = 5.0
LONGEST_WAIT_SECONDS: Final = 900.0
MOST_VISITS: Final = 100


@dataclass(slots=True)
class _Visit:
    """One browser that has given the passcode. It may be idle by now, and still finish what it is recording."""

    passcode: tuple[int, int] | None
    """The state of the passcode it gave."""
    touched_seconds: float
    closed: bool = False


class PageLock:
    """Locks all pages but those that gave the passcode and were touched since. Safe to call from several threads.

    Args:
        idle_seconds: after so long without a touch a page locks; asked for each time, since the person may change it.
    """

    def __init__(self, passcode: Passcode, clock: Clock, idle_seconds: Callable[[], float]) -> None:
        self._passcode = passcode
        self._clock = clock
        self._idle_seconds = idle_seconds
        self._changing = threading.Lock()
        self._visits: OrderedDict[str, _Visit] = OrderedDict()
        self._tries = 0
        self._next_try_seconds = 0.0

    @property
    def has_passcode(self) -> bool:
        """Without one nothing is ever locked."""
        return self._passcode.state is not None

    @property
    def idle_seconds(self) -> float:
        return self._idle_seconds()

    def seconds_left(self, token: str) -> float | None:
        """How long the page with this token stays open untouched; 0 when it is locked, None without a passcode."""
        state = self._passcode.state
        if state is None:
            return None
        with self._changing:
            visit = self._visit(token, state)
            if visit is None or visit.closed:
                return 0.0
            return max(0.0, visit.touched_seconds + self.idle_seconds - self._clock.monotonic_seconds())

    def is_open(self, token: str) -> bool:
        """Whether the page with this token may see the journal."""
        return self.seconds_left(token) != 0.0

    def was_open(self, token: str) -> bool:
        """Whether it could once since the passcode was set: what it is recording goes on."""
        state = self._passcode.state
        with self._changing:
            return state is None or self._visit(token, state) is not None

    def touch(self, token: str) -> None:
        """Somebody is there.

        Raises:
            PageLocked: too late, or the passcode was never given.
        """
        left = self.seconds_left(token)
        if left == 0.0:
            raise PageLocked
        with self._changing:
            if left is not None and (visit := self._visits.get(_hash(token))):
                visit.touched_seconds = self._clock.monotonic_seconds()

    def open(self, passcode: str, token: str = "") -> str:
        """Opens a page: gives its token, the one it had if that is known.

        Raises:
            WrongPasscode: it is not the one.
            TooManyTries: it was guessed at too often; waiting helps, and the waits grow.
        """
        self._try(passcode)
        return token if self._reopened(token) else self._new_visit()

    def close(self, token: str) -> None:
        """Locks the page with this token."""
        with self._changing:
            if visit := self._visits.get(_hash(token)):
                visit.closed = True

    def set_passcode(self, passcode: str | None, current: str | None = None) -> str:
        """Sets, changes or takes away the passcode; gives the token of a page that is open with it. All others lock.

        Raises:
            WrongPasscode, TooManyTries: there is a passcode, and ``current`` is not it.
            BadValue: too short or too long. DiskFull, JournalUnreadable: it cannot be kept.
        """
        if self.has_passcode:
            self._try(current or "")
        if passcode is None:
            self._passcode.remove()
        else:
            self._passcode.set(passcode)
        return self._new_visit()

    def _try(self, passcode: str) -> None:
        now = self._clock.monotonic_seconds()
        with self._changing:
            if now < self._next_try_seconds:
                raise TooManyTries(math.ceil(self._next_try_seconds - now))
            # Counted before it is looked at: who asks many times at once gets no more tries than one after the other.
            self._tries += 1
            if self._tries > FREE_TRIES:
                wait = FIRST_WAIT_SECONDS * 2.0 ** min(self._tries - FREE_TRIES - 1, 30)
                self._next_try_seconds = now + min(LONGEST_WAIT_SECONDS, wait)
        if not self._passcode.is_(passcode):
            raise WrongPasscode
        with self._changing:
            self._tries, self._next_try_seconds = 0, 0.0

    def _reopened(self, token: str) -> bool:
        state = self._passcode.state
        with self._changing:
            visit = self._visit(token, state)
            if visit is not None:
                visit.touched_seconds, visit.closed = self._clock.monotonic_seconds(), False
            return visit is not None

    def _new_visit(self) -> str:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        visit = _Visit(self._passcode.state, self._clock.monotonic_seconds())
        with self._changing:
            self._visits[_hash(token)] = visit
            while len(self._visits) > MOST_VISITS:
                self._visits.popitem(last=False)
        return token

    def _visit(self, token: str, state: tuple[int, int] | None) -> _Visit | None:
        visit = self._visits.get(_hash(token))
        return visit if visit is not None and visit.passcode == state else None


def _hash(token: str) -> str:
    """A token is as random as a key, so that nothing slower is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
