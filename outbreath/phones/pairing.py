"""A short code that lets one phone in, once. Pure but for chance: the time comes in."""

from __future__ import annotations

import hmac
import secrets
import threading
from typing import Final

from core.errors import TooManyTries, WrongPairingCode

DIGITS: Final = 6
VALID_SECONDS: Final = 600.0
MOST_TRIES: Final = 5
"""Five guesses at one of a million codes; then the machine has to show another one."""


class Pairing:
    """The code that is shown now. Safe to call from several threads."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._code = ""
        self._until_seconds = 0.0
        self._tries = 0

    def new_code(self, now_seconds: float) -> str:
        """A code that is valid for ten minutes, once; the one before is not any more."""
        with self._changing:
            self._code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
            self._until_seconds = now_seconds + VALID_SECONDS
            self._tries = 0
            return self._code

    def use(self, code: str, now_seconds: float) -> None:
        """Lets whoever gives the code in.

        Raises:
            WrongPairingCode: it is not the one, or is not valid any more.
            TooManyTries: it was guessed at too often, and does not count any more.
        """
        digits = "".join(filter(str.isdigit, code))
        with self._changing:
            if self._tries >= MOST_TRIES:
                raise TooManyTries
            self._tries += 1
            right = bool(self._code) and hmac.compare_digest(digits.encode(), self._code.encode())
            if not right or now_seconds >= self._until_seconds:
                raise WrongPairingCode
            self._code = ""
