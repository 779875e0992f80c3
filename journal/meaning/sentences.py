"""A text in sentences, and neighbouring ones together. The work is bounded on any text, full stops or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

LONGEST_WORD_CHARACTERS: Final = 200
"""What goes on without a space is cut, so that no sentence is without end."""

_WORD: Final = re.compile(rf"\S{{1,{LONGEST_WORD_CHARACTERS}}}")
_GAP_CHARACTERS: Final = 100
_ENDS: Final = (".", "!", "?", "…")
_CLOSES: Final = "\"'”’)]»"
_LAST: Final = frozenset((*_ENDS, *_CLOSES))


class Sentence(NamedTuple):
    """A sentence at characters ``start`` to ``end`` of its text."""

    start: int
    end: int
    words: int


def sentences(text: str, most_words: int) -> list[Sentence]:
    """All that is between full stops or lines, in order.

    Args:
        most_words: a recogniser does not always hear where a sentence ends; longer ones are cut.
    """
    found: list[Sentence] = []
    start = end = words = 0
    for word in _WORD.finditer(text):
        first = word.start()
        # Most words have one space before them and a letter at the end; a long text is read in half the time so.
        gap = first - end
        if words and (text[end] == "\n" if gap == 1 else "\n" in text[end : min(first, end + _GAP_CHARACTERS)]):
            found.append(Sentence(start, end, words))
            words = 0
        start = first if not words else start
        end, words = word.end(), words + 1
        if words >= most_words or (text[end - 1] in _LAST and word[0][-4:].rstrip(_CLOSES).endswith(_ENDS)):
            found.append(Sentence(start, end, words))
            words = 0
    return [*found, Sentence(start, end, words)] if words else found


def together(found: Sequence[Sentence], words: int) -> list[list[Sentence]]:
    """Neighbouring sentences together, in parts of about equal length.

    Args:
        words: how long a part should be; a single sentence is at most as long.
    """
    total = sum(sentence.words for sentence in found)
    if not total:
        return []
    wanted = total / max(1, round(total / words))
    parts: list[list[Sentence]] = [[]]
    read = 0
    for sentence in found:
        if parts[-1] and read + sentence.words / 2 > wanted * len(parts):
            parts.append([])
        parts[-1].append(sentence)
        read += sentence.words
    return parts
