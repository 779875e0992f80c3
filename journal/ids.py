"""Entry ids: text that sorts by time, cannot be guessed and is safe in a path or an address."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta

from core.errors import UnknownEntry

# Crockford's alphabet: no i, l, o, u. Lower case, because some file systems do not tell the cases apart.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_CHARACTERS = 26
RANDOM_BITS = 80

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = re.compile(rf"[0-7][{ALPHABET}]{{{ID_CHARACTERS - 1}}}")


def new_id(now: datetime) -> str:
    """A ULID: 48 bits of milliseconds since 1970, then 80 random bits, as 26 characters."""
    # Of whole numbers: as a fraction some milliseconds fall into the one before.
    milliseconds = (now - _EPOCH) // timedelta(milliseconds=1) & (1 << 48) - 1
    number = milliseconds << RANDOM_BITS | int.from_bytes(os.urandom(RANDOM_BITS // 8))
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (ID_CHARACTERS - 1), -1, -5))


def checked(entry_id: str) -> str:
    """The id itself, if it has the shape of one.

    Raises:
        UnknownEntry: it has not; so it names no entry, and must not come near a path.
    """
    if not _SHAPE.fullmatch(entry_id):
        raise UnknownEntry
    return entry_id
