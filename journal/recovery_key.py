"""The recovery key: a journal's data key as text that a person can write down and type in again."""

from __future__ import annotations

import hashlib

from core.errors import BadValue
from journal.cipher import KEY_BYTES, DataKey
from journal.ids import ALPHABET

GROUP_CHARACTERS = 4
_KEY_CHARACTERS = 52  # 256 bits, five to a character, rounded up
_CHECK_CHARACTERS = 4  # 20 bits: one slip of the pen in a million goes unnoticed here, and the journal finds that one

# Crockford's reading rules: what is easily taken for a digit is that digit.
_READING = str.maketrans({"o": "0", "i": "1", "l": "1"})


def shown(key: DataKey) -> str:
    """Fourteen groups of four characters, the last of which is a checksum."""
    characters = _characters(int.from_bytes(key.secret), _KEY_CHARACTERS) + _check(key)
    groups = (characters[start : start + GROUP_CHARACTERS] for start in range(0, len(characters), GROUP_CHARACTERS))
    return "-".join(groups).upper()


def read(text: str) -> DataKey:
    """The data key of a recovery key; case, spaces and dashes do not matter.

    Raises:
        BadValue: it was mistyped, or is no recovery key.
    """
    characters = "".join(text.split()).replace("-", "").lower().translate(_READING)
    if len(characters) != _KEY_CHARACTERS + _CHECK_CHARACTERS or not set(characters) <= set(ALPHABET):
        raise _mistyped()
    number = 0
    for character in characters[:_KEY_CHARACTERS]:
        number = number << 5 | ALPHABET.index(character)
    if number.bit_length() > 8 * KEY_BYTES:
        raise _mistyped()
    key = DataKey(number.to_bytes(KEY_BYTES))
    if characters[_KEY_CHARACTERS:] != _check(key):
        raise _mistyped()
    return key


def _characters(number: int, length: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def _check(key: DataKey) -> str:
    digest = hashlib.sha256(b"outbreath recovery key" + key.secret).digest()
    return _characters(int.from_bytes(digest), _CHECK_CHARACTERS)


def _mistyped() -> BadValue:
    return BadValue("the recovery key", "its fourteen groups of four characters exactly as they were shown")
