"""Slips of spelling in a query: a word that no entry has is taken for the nearest one that some entry has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, select

from journal.query import Query, Term
from journal.schema.tables import search_terms
from journal.word_index import WordIndex

SHORTEST_CHARACTERS: Final = 4
LONGEST_CHARACTERS: Final = 24
TWO_SLIPS_FROM_CHARACTERS: Final = 9
"""Two slips in a shorter word would make it a different one."""

LONGEST_ENDING_CHARACTERS: Final = 4
SHORTEST_STEM_CHARACTERS: Final = 5
"""Of a word with an ending, what is before it; of shorter stems, every second word would be a slip."""

MOST_CORRECTED: Final = 3
MOST_LOOKED_AT: Final = 4_000
"""Stems that begin alike; no language has more words in a journal that begin with the same two letters."""

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_PLAIN_WORD = re.compile(r"[^\W\d_]+")


def corrected(connection: Connection, index: WordIndex, query: Query, is_word: Callable[[str], bool]) -> Query:
    """The query with words that no entry has replaced by near ones; as it is, if there are none.

    Looks first at words that begin with the same two letters, then at those whose beginning was mistyped. Both are
    looked up in the index by its order, so a large journal does not make it slow.

    Args:
        connection: to the database.
        index: the words that entries have.
        query: what was typed.
        is_word: knows words that are no slip, though no entry has them.
    """
    terms = list(query.terms)
    left = MOST_CORRECTED
    telling = set(query.telling_terms)
    for at, term in enumerate(terms):
        if not left:
            break
        if term in telling and _may_be_a_slip(term) and not (is_word(term.text) or index.has(connection, term)):
            left -= 1
            nearest = _nearest(connection, index, term.text.lower())
            if nearest is not None:
                terms[at] = replace(term, text=nearest, endings=False)  # it is whole
    return replace(query, terms=tuple(terms))


def _may_be_a_slip(term: Term) -> bool:
    long_enough = SHORTEST_CHARACTERS <= len(term.text) <= LONGEST_CHARACTERS
    return not term.phrase and long_enough and _PLAIN_WORD.fullmatch(term.text) is not None


def _nearest(connection: Connection, index: WordIndex, word: str) -> str | None:
    slips = 2 if len(word) >= TWO_SLIPS_FROM_CHARACTERS else 1
    best: tuple[int, int, str] | None = None
    for stem, count in _beginning_with(connection, word[:2]):
        distance = edit_distance(word, stem, slips)
        near_stem = distance > 1 and _has_ending(word, stem)
        if near_stem and min(edit_distance(word[:end], stem, 1) for end in _ends(stem)) <= 1:
            distance = 1
        if distance <= slips and (best is None or (distance, -count, stem) < best):
            best = (distance, -count, stem)
    # A stem is no word, and has another stem itself: what is needed is a word with it, as some entry has it.
    found = [Term(best[2], prefix=True)] if best is not None else [Term(near) for near in _other_beginnings(word)]
    return _most_alike(index.text_with(connection, found), word, slips)


def _most_alike(text: str, word: str, slips: int) -> str | None:
    """The word of a text that is nearest; it may have another ending."""
    found = {
        other for other in re.findall(r"\w+", text.lower()) if abs(len(other) - len(word)) <= LONGEST_ENDING_CHARACTERS
    }
    most = slips + LONGEST_ENDING_CHARACTERS
    nearest = min(((edit_distance(word, other, most), other) for other in found), default=(most + 1, ""))
    return nearest[1] if nearest[0] <= most else None


def _beginning_with(connection: Connection, start: str) -> Iterator[tuple[str, int]]:
    alike = select(search_terms.c.term, search_terms.c.doc).where(
        search_terms.c.term >= start, search_terms.c.term < start[:-1] + chr(ord(start[-1]) + 1)
    )
    for row in connection.execute(alike.limit(MOST_LOOKED_AT)):
        yield row.term, row.doc


def _has_ending(word: str, stem: str) -> bool:
    """The index has stems, such as "supervis": what a word has beyond one may be its ending."""
    return len(stem) >= SHORTEST_STEM_CHARACTERS and -1 <= len(word) - len(stem) <= LONGEST_ENDING_CHARACTERS + 1


def _ends(stem: str) -> tuple[int, int, int]:
    """Where the word may end for its beginning to be this stem, with a letter too many or missing."""
    return len(stem) - 1, len(stem), len(stem) + 1


def _other_beginnings(word: str) -> Iterator[str]:
    """The word with two of its first three letters swapped, or with one of the first two wrong, missing or too many."""
    yield word[1] + word[0] + word[2:]
    yield word[0] + word[2] + word[1] + word[3:]
    for at in (0, 1):
        yield word[:at] + word[at + 1 :]
        for letter in _LETTERS:
            yield word[:at] + letter + word[at + 1 :]
            yield word[:at] + letter + word[at:]


def edit_distance(one: str, other: str, most: int) -> int:
    """How many letters must be changed, added, dropped or swapped with the next; ``most + 1`` if more than ``most``.

    The restricted Damerau-Levenshtein distance, row by row.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        two_before, before, row = before, row, [at]
        for to, goal in enumerate(other, 1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != goal))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == goal:
                cost = min(cost, two_before[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
