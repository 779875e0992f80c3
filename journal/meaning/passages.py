"""A text in passages of about a paragraph, each of which gets a vector of its own. Bounded work on any text."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

WORDS_PER_PASSAGE: Final = 80
"""About half a minute of speech, and 110 tokens: fine enough to lead to the moment, and few vectors."""

MOST_WORDS_PER_SENTENCE: Final = 60
"""A recogniser does not always hear where a sentence ends; longer ones are cut."""

LONGEST_WORD_CHARACTERS: Final = 200
"""What goes on without a space is cut, so that no passage is without end."""

MOST_PASSAGES: Final = 400
"""About 30,000 words, four hours of speech; of a longer text, passages evenly spread over it."""

_WORD: Final = re.compile(rf"\S{{1,{LONGEST_WORD_CHARACTERS}}}")
_ENDS: Final = (".", "!", "?", "…")
_CLOSES: Final = "\"'”’)]»"


class Passage(NamedTuple):
    """The characters from ``start`` to ``end`` of a text."""

    start: int
    end: int


def passages(text: str) -> list[Passage]:
    """Neighbouring sentences together, in passages of about equal length; none of them without a letter or a digit.

    The same text always gives the same passages, so only their vectors need be kept.
    """
    sentences = _sentences(text)
    total = sum(words for *_, words in sentences)
    if not total:
        return []
    wanted = total / max(1, round(total / WORDS_PER_PASSAGE))
    found: list[Passage] = []
    start, read, ends_at = sentences[0][0], 0, 1
    for at, (_, end, words) in enumerate(sentences):
        read += words
        following = sentences[at + 1][2] if at + 1 < len(sentences) else None
        if following is None or read + following / 2 > wanted * ends_at:
            found.append(Passage(start, end))
            ends_at = max(ends_at + 1, int(read / wanted) + 1)
            start = sentences[at + 1][0] if following is not None else end
    found = [passage for passage in found if any(map(str.isalnum, text[passage.start : passage.end]))]
    if len(found) <= MOST_PASSAGES:
        return found
    return [found[at * len(found) // MOST_PASSAGES] for at in range(MOST_PASSAGES)]


def _sentences(text: str) -> list[tuple[int, int, int]]:
    """Start, end and number of words of each."""
    found: list[tuple[int, int, int]] = []
    start = end = words = 0
    for word in _WORD.finditer(text):
        if words and "\n" in text[end : min(word.start(), end + 100)]:
            found.append((start, end, words))
            words = 0
        start = word.start() if not words else start
        end, words = word.end(), words + 1
        if words >= MOST_WORDS_PER_SENTENCE or word[0][-4:].rstrip(_CLOSES).endswith(_ENDS):
            found.append((start, end, words))
            words = 0
    return [*found, (start, end, words)] if words else found
