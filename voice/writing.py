"""Which letters an English voice can read aloud. Pure.

Of others the engines make different things: silence, the names of the letters, or a sound that means nothing.
"""

from __future__ import annotations

import unicodedata

_SIGNS = "ªºµ"
"""Letters to Unicode, and nothing to remark on."""


def english_reads_some(text: str) -> bool:
    """Whether there is anything for an English voice to say: a Latin letter or a number."""
    return any(_latin(letter) if letter.isalpha() else letter.isascii() for letter in text if letter.isalnum())


def english_reads_all(text: str) -> bool:
    """Whether there is no letter of another writing system."""
    return all(_latin(letter) for letter in text if letter.isalpha() and letter not in _SIGNS)


def _latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN ")
