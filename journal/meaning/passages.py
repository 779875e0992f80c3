"""A text in passages of about a paragraph, each of which gets a vector of its own. Bounded work on any text."""

from __future__ import annotations

from typing import Final, NamedTuple

from journal.meaning.sentences import sentences, together

WORDS_PER_PASSAGE: Final = 80
"""About half a minute of speech, and 110 tokens: fine enough to lead to the moment, and few vectors."""

MOST_WORDS_PER_SENTENCE: Final = 60

MOST_PASSAGES: Final = 400
"""About 30,000 words, four hours of speech; of a longer text, passages evenly spread over it."""


class Passage(NamedTuple):
    """The characters from ``start`` to ``end`` of a text."""

    start: int
    end: int


def passages(text: str) -> list[Passage]:
    """Neighbouring sentences together, in passages of about equal length; none of them without a letter or a digit.

    The same text always gives the same passages, so only their vectors need be kept.
    """
    parts = together(sentences(text, MOST_WORDS_PER_SENTENCE), WORDS_PER_PASSAGE)
    found = [Passage(part[0].start, part[-1].end) for part in parts]
    found = [passage for passage in found if any(map(str.isalnum, text[passage.start : passage.end]))]
    if len(found) <= MOST_PASSAGES:
        return found
    return [found[at * len(found) // MOST_PASSAGES] for at in range(MOST_PASSAGES)]
