"""A text in sentences, and those in passages of about a paragraph. The work is bounded, full stops or not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

MOST_WORDS_PER_SENTENCE: Final = 40
"""A recogniser does not always hear where a sentence ends; longer ones are cut."""

WORDS_PER_PASSAGE: Final = 90
"""About a paragraph. The heads learned from entries of this length, so a longer text is read a passage at a time."""

MOST_SENTENCES: Final = 300
"""About 5,000 words, forty minutes of speech. Of a longer text, that many sentences are read, evenly spread over it."""

LONGEST_SENTENCE_CHARACTERS: Final = 600
"""What is not read to its end is no sentence of a person."""

_WORD: Final = re.compile(r"\S+")
_CLOSING: Final = "\"'”’)]»"


class Sentence(NamedTuple):
    """A sentence at characters ``start`` to ``end`` of its text."""

    start: int
    end: int
    words: int


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text in order, those without a single letter left out."""
    found: list[Sentence] = []
    start, words, end = -1, 0, 0
    for word in _WORD.finditer(text):
        if words and (words >= MOST_WORDS_PER_SENTENCE or "\n" in text[end : min(word.start(), end + 200)]):
            found.append(Sentence(start, end, words))
            words = 0
        if not words:
            start = word.start()
        words, end = words + 1, word.end()
        if text[max(word.start(), end - 8) : end].rstrip(_CLOSING).endswith((".", "!", "?", "…")):
            found.append(Sentence(start, end, words))
            words = 0
    if words:
        found.append(Sentence(start, end, words))
    return _spread([sentence for sentence in found if _has_letters(text, sentence)])


def passages(found: Sequence[Sentence]) -> list[list[Sentence]]:
    """Neighbouring sentences together, in passages of about equal length."""
    total = sum(sentence.words for sentence in found)
    if not total:
        return []
    wanted = total / max(1, round(total / WORDS_PER_PASSAGE))
    parts: list[list[Sentence]] = [[]]
    words = 0
    for sentence in found:
        if parts[-1] and words + sentence.words / 2 > wanted * len(parts):
            parts.append([])
        parts[-1].append(sentence)
        words += sentence.words
    return parts


def _has_letters(text: str, sentence: Sentence) -> bool:
    return any(map(str.isalpha, text[sentence.start : min(sentence.end, sentence.start + LONGEST_SENTENCE_CHARACTERS)]))


def _spread(found: list[Sentence]) -> list[Sentence]:
    if len(found) <= MOST_SENTENCES:
        return found
    return [found[at * len(found) // MOST_SENTENCES] for at in range(MOST_SENTENCES)]
