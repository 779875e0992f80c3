"""The sentences of a text that are read for tags, and those in passages of about a paragraph. The work is bounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from journal.meaning import passages as passages_of_the_search
from journal.meaning import sentences as splitting
from journal.meaning.sentences import Sentence

MOST_WORDS_PER_SENTENCE: Final = 40

WORDS_PER_PASSAGE: Final = passages_of_the_search.WORDS_PER_PASSAGE
"""The heads learned from entries of at most this length, so a longer text is read a passage at a time. As long as those
of the search, so that the encoder reads each passage once for both."""

MOST_SENTENCES: Final = 300
"""About 5,000 words, forty minutes of speech. Of a longer text, that many sentences are read, evenly spread over it."""

LONGEST_SENTENCE_CHARACTERS: Final = 600
"""What is not read to its end is no sentence of a person."""


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text in order, those without a single letter left out."""
    found = splitting.sentences(text, MOST_WORDS_PER_SENTENCE)
    return _spread([sentence for sentence in found if _has_letters(text, sentence)])


def passages(found: Sequence[Sentence]) -> list[list[Sentence]]:
    """Neighbouring sentences together, in passages of about equal length."""
    return splitting.together(found, WORDS_PER_PASSAGE)


def _has_letters(text: str, sentence: Sentence) -> bool:
    return any(map(str.isalpha, text[sentence.start : min(sentence.end, sentence.start + LONGEST_SENTENCE_CHARACTERS)]))


def _spread(found: list[Sentence]) -> list[Sentence]:
    if len(found) <= MOST_SENTENCES:
        return found
    return [found[at * len(found) // MOST_SENTENCES] for at in range(MOST_SENTENCES)]
