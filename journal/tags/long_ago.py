"""Whether a sentence speaks of a time that is over: "when I was a student I was afraid", "the anger I used to carry".

Yesterday and this morning are not over: a diary is written about them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

REACH_WORDS: Final = 24
"""How far before and behind a feeling its sentence is looked at."""


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


_OPENINGS: Final = _any_of(
    *(f"when i was {what}" for what in ("a", "an", "young", "younger", "little", "small", "new", "training")),
    *(f"when i {what}" for what in ("started", "was still", "was studying", "was in training", "first came")),
    *(
        f"as a {what}"
        for what in ("student", "trainee", "child", "kid", "teenager", "junior", "beginner", "girl", "boy")
    ),
    *(f"in my {what}" for what in ("first", "early", "student", "training", "twenties", "thirties", "old")),
    *(f"last {what}" for what in ("year", "winter", "spring", "summer", "autumn", "fall")),
    *(rf"as an? (?:\w+ ){{0,2}}{what}" for what in ("student", "trainee", "newly qualified", "junior", "young \\w+")),
    *(f"during my {what}" for what in ("placement", "training", "studies", "first")),
    *("years ago", "months ago", "long ago", "back then", "in those days", "in the past", "there was a time"),
    *("i once", "a few years back", "at one time", "in the old days", "before the new", "previously", "formerly"),
)
_ENDINGS: Final = _any_of(
    *(
        "i used to",
        *(f"{has} {gone}" for has in ("has", "have") for gone in ("passed", "faded", "lifted", "melted", "eased")),
        *("went away", "is behind me", "are gone", "have gone", "disappeared", "vanished"),
        "for years",
        "for months",
        "is gone",
        "has gone",
        "is over",
        "years ago",
        "back then",
    ),
    *("months ago", "long ago", "in the past", "as a student", "as a child", "when i was a", "when i started"),
    *("in those days", "in my first year", "last year"),
)
_PRESENT: Final = frozenset(
    ("now", "today", "tonight", "still", "again", "am", "i'm", "is", "are", "feel", "since", "these", "anymore")
)
_OVER: Final = frozenset(
    (
        "was",
        "were",
        "felt",
        "had",
        "used",
        "got",
        "anger",
        "fear",
        "guilt",
        "shame",
        "sadness",
        *("grief", "worry", "panic", "frustration", "anxiety", "stress", "loneliness", "exhaustion", "numbness"),
        *("resentment", "disgust", "boredom", "excitement", "joy", "happiness", "relief", "pride", "jealousy", "dread"),
        *("irritation", "tension", "rage", "fury", "embarrassment", "confusion", "overwhelm", "tiredness"),
    )
)


def is_over(words: Sequence[str], sentence: range, first: int, last: int) -> bool:
    """True when words ``first`` to ``last``, in a sentence at the given positions, tell of a time that is over."""
    before = list(words[sentence.start : first])
    openings = [opening.end() for opening in _OPENINGS.finditer(" ".join(before))]
    if openings and _PRESENT.isdisjoint(" ".join(before)[openings[-1] :].split()):
        return True
    if not _PRESENT.isdisjoint(before) or _OVER.isdisjoint((*before[-4:], *words[first : last + 1])):
        return False
    return _ENDINGS.search(" ".join(words[last + 1 : sentence.stop])) is not None
