"""How long words take, as far as that can be told without a voice. Pure."""

from __future__ import annotations

from typing import Final

QUICKEST_SECONDS_PER_LETTER: Final = 0.06
"""A long line takes 0.09 s or more with the voices that have a name; one of a person's own may hurry."""

USUAL_SECONDS_PER_LETTER: Final = 0.113

READING_SECONDS_PER_LETTER: Final = 0.2
"""For somebody who reads slowly, in a writing system that has one letter for a whole syllable or word."""

SHORTEST_READING_SECONDS: Final = 3.0


def quickest_seconds(text: str) -> float:
    """No voice says the text in less time."""
    return QUICKEST_SECONDS_PER_LETTER * _letters(text)


def usual_seconds(text: str) -> float:
    """About so long does a voice take for the text."""
    return USUAL_SECONDS_PER_LETTER * _letters(text)


def readable_seconds(text: str) -> float:
    """How long a line stays that is only read, in whole tenths."""
    return round(max(SHORTEST_READING_SECONDS, READING_SECONDS_PER_LETTER * _letters(text)), 1)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
