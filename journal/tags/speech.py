"""Whose words stand in quotation marks: unless the writer said so, they are another's."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

SAYING: Final = frozenset(
    (
        *("said", "says", "say", "saying", "told", "tells", "tell", "asked", "asks", "shouted", "shouts", "whispered"),
        *("yelled", "replied", "answered", "added", "wrote", "texted", "thought", "screamed", "muttered", "sobbed"),
        *("explained", "admitted", "repeated", "cried", "called", "laughed", "joked", "insisted", "complained"),
    )
)
_WRITER: Final = frozenset(("i", "we", "i've", "i'd", "i'll"))
_FIRST_PERSON: Final = frozenset(("i", "i'm", "i've", "i'd", "i'll", "my", "me", "we", "we're"))
_LONGEST_CHARACTERS: Final = 600
_QUOTED: Final = re.compile(rf'"([^"\n]{{1,{_LONGEST_CHARACTERS}}})"|“([^”\n]{{1,{_LONGEST_CHARACTERS}}})”')
_REACH_WORDS: Final = 6
_SHORTEST_SAYING_WORDS: Final = 4
"""A word or two in quotation marks may be the writer's own, held at arm's length."""


def of_others(text: str, words: Sequence[str], starts: Sequence[int]) -> Iterator[range]:
    """The positions of words that others said, quotation by quotation."""
    for quoted in _QUOTED.finditer(text):
        said = range(bisect_left(starts, quoted.start()), bisect_left(starts, quoted.end()))
        inside = words[said.start : said.stop]
        short = len(inside) < _SHORTEST_SAYING_WORDS and _FIRST_PERSON.isdisjoint(inside)
        if short or len(inside) == len(words) or _is_said_by_writer(words, said):
            continue
        yield said


def _is_said_by_writer(words: Sequence[str], said: range) -> bool:
    before = words[max(0, said.start - _REACH_WORDS) : said.start]
    after = words[said.stop : said.stop + _REACH_WORDS]
    for saying in (after, before):
        for at, word in enumerate(saying):
            if word in SAYING:
                return not _WRITER.isdisjoint(saying[max(0, at - 2) : at + 2])
    return False
