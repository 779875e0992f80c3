"""Finding entries by their words, their tags and what they mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, func, not_, select

from journal.conditions import narrowing_conditions
from journal.meaning.meaning_index import MeaningIndex
from journal.meaning.nearness import Near
from journal.meaning.understanding import Understanding
from journal.query import Query, words_of
from journal.schema.tables import entries
from journal.spelling import corrected
from journal.word_index import WordIndex, Words

NEWEST_FIRST = (entries.c.spoken_at_microseconds.desc(), entries.c.id.desc())

WORDS_WEIGHT: Final = 0.4
WORDS_POWER: Final = 1.5
"""What an entry that has all the words asked for is ahead of one without any, in units of nearness; one that has some
of them gets less than its share. Chosen on the judged queries: docs/decisions/0011."""

NEAR: Final = 0.22
"""Entries without any of the words are shown if they are as near as this. Queries that have nothing to do with a
journal stay below it in half of all cases, and below 0.27 in nineteen of twenty."""

FAINT: Final = 0.12
FEW: Final = 10
"""One word is far from any text, even from the one that is meant. So if less than ten entries are near, those that are
at least this near fill them up; without the words they stand last."""

CLEARLY_NEAR: Final = 0.4
"""Below this, nearness may be chance: very short entries are about so near to anything."""

MOST_NEAR: Final = 100
"""Entries that are found by their meaning alone, at most."""

MOST_BY_WORDS: Final = 200
"""Entries with the words that are compared by their meaning too."""

Reason = Literal["words", "meaning", "tag"]
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found. A higher score is better; scores of different queries cannot be compared.

    ``passage``: the place of its nearest passage, see ``meaning.passages``; None if it is not near.
    """

    number: int
    score: float
    passage: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """How many entries match, and the best of them; ``query`` as it was understood, slips of spelling put right."""

    query: Query
    total: int = 0
    hits: tuple[Hit, ...] = ()


class SearchIndex(Protocol):
    """An index of entries, kept in the same transaction as they are. It reads text and tags from their tables."""

    def put(self, connection: Connection, number: int) -> None:
        """Indexes a new entry by its words and tags."""
        ...

    def changing(self, connection: Connection, number: int) -> AbstractContextManager[None]:
        """What may change text or tags of an entry happens inside, else the index goes wrong."""
        ...

    def remove(self, connection: Connection, number: int) -> None:
        """Forgets an entry without a trace, before it is deleted."""
        ...

    def put_meaning(self, connection: Connection, number: int, vectors: Vector) -> None:
        """Keeps the vectors of an entry's passages, in place of earlier ones."""
        ...

    def without_meaning(self, connection: Connection, limit: int) -> Sequence[int]:
        """Numbers of entries that have no vectors of this encoder's version, the newest first."""
        ...

    def find(self, connection: Connection, query: Query, understanding: Understanding, limit: int) -> Found:
        """Entries for a query, best first."""
        ...

    def meanings_of(self, connection: Connection, numbers: Collection[int]) -> dict[int, NDArray[np.float32]]:
        """What entries are about as a whole, by their numbers; those of which it is not known are missing."""
        ...

    def related(self, connection: Connection, number: int, limit: int) -> tuple[Hit, ...]:
        """Other entries that mean alike, the nearest first."""
        ...

    def matching(self, query: Query) -> ColumnElement[bool]:
        """A condition on ``entries``: every word of the query occurs. Meaning does not count here."""
        ...


class SqliteIndex:
    """Words by FTS5, meaning by comparing vectors. The score: how near the best passage is, and a share for words.

    Args:
        encoder: the version of the encoder that vectors come from.
    """

    def __init__(self, encoder: str = "") -> None:
        self._words = WordIndex()
        self._meanings = MeaningIndex(encoder)

    def put(self, connection: Connection, number: int) -> None:
        self._words.put(connection, number)

    @contextmanager
    def changing(self, connection: Connection, number: int) -> Iterator[None]:
        text = select(entries.c.text).where(entries.c.number == number)
        before = connection.execute(text).scalar()
        with self._words.changing(connection, number):
            yield
        if connection.execute(text).scalar() != before:
            self._meanings.remove(connection, number)

    def remove(self, connection: Connection, number: int) -> None:
        self._words.remove(connection, number)
        self._meanings.remove(connection, number)

    def put_meaning(self, connection: Connection, number: int, vectors: Vector) -> None:
        self._meanings.put(connection, number, vectors)

    def without_meaning(self, connection: Connection, limit: int) -> Sequence[int]:
        return self._meanings.missing(connection, limit)

    def matching(self, query: Query) -> ColumnElement[bool]:
        return self._words.matching(query)

    def find(self, connection: Connection, query: Query, understanding: Understanding, limit: int) -> Found:
        if query.finds_nothing:
            return Found(query)
        if not query.terms:
            return self._newest(connection, query, limit)
        query = self._words.without_needless_endings(connection, query)
        query = corrected(connection, self._words, query, understanding.is_word)
        words = self._words.find(connection, query, max(limit, MOST_BY_WORDS))
        near = self._near(connection, query, understanding.vector(query), words)
        by_meaning = _near_enough(near, words)
        more = [number for number in by_meaning if number not in words.coverage]
        total = words.total + len(more) - self._words.among(connection, words, more)
        scores = {
            number: (near[number].nearness if number in near else 0.0)
            + WORDS_WEIGHT * (words.coverage.get(number) or words.partly.get(number, 0.0)) ** WORDS_POWER
            for number in words.coverage.keys() | by_meaning.keys()
        }
        if words.all_words and not _is_understood(query, understanding, more, near):
            # By so little nobody would put them before those that have the words.
            ahead = max((scores[number] for number in more), default=0.0)
            scores |= {number: scores[number] + ahead for number in words.coverage}
        best = sorted(scores, key=lambda number: (-scores[number], -number))[:limit]
        hits = (
            Hit(number, scores[number], by_meaning[number].passage if number in by_meaning else None) for number in best
        )
        return Found(query, total, tuple(hits))

    def meanings_of(self, connection: Connection, numbers: Collection[int]) -> dict[int, NDArray[np.float32]]:
        return self._meanings.means_of(connection, numbers)

    def related(self, connection: Connection, number: int, limit: int) -> tuple[Hit, ...]:
        vector = self._meanings.mean_of(connection, number)
        if vector is None:
            return ()
        found = self._meanings.nearest(connection, vector, limit + 1)
        others = [(other, near) for other, near in found.items() if other != number]
        return tuple(Hit(other, near.nearness, near.passage) for other, near in others[:limit])

    def _near(self, connection: Connection, query: Query, vector: Vector | None, words: Words) -> Mapping[int, Near]:
        """The entries nearest to what is meant, and how near those with the words are."""
        if vector is None:
            return {}
        conditions = narrowing_conditions(query.narrowing)
        conditions += [not_(self._words.matching(Query((term,)))) for term in query.narrowing.without_terms]
        among = and_(*conditions) if conditions else None
        return self._meanings.nearest(connection, vector, MOST_NEAR, among, list(words.coverage))

    def _newest(self, connection: Connection, query: Query, limit: int) -> Found:
        """By tags, dates and kinds alone there is no better or worse."""
        condition = self.matching(query)
        total = connection.execute(select(func.count()).select_from(entries).where(condition)).scalar_one()
        newest = select(entries.c.number).where(condition).order_by(*NEWEST_FIRST).limit(limit)
        return Found(query, total, tuple(Hit(number, 1.0) for number in connection.execute(newest).scalars()))


def _is_understood(query: Query, understanding: Understanding, found: Sequence[int], near: Mapping[int, Near]) -> bool:
    """Whether what was found by its meaning may stand before what has the words.

    The pieces of a word that the encoder does not know mean anything; and what is far from all of it is near to
    something by chance.
    """
    if not all(understanding.is_word(word) for term in query.telling_terms for word in words_of(term.text)):
        return False
    return any(near[number].nearness >= CLEARLY_NEAR for number in found)


def _near_enough(near: Mapping[int, Near], words: Words) -> dict[int, Near]:
    """Those that count as found by their meaning."""
    found = {number: one for number, one in near.items() if one.nearness >= NEAR}
    few = FEW - len(found)
    fainter = [number for number, one in near.items() if FAINT <= one.nearness < NEAR and number not in words.coverage]
    fainter.sort(key=lambda number: -near[number].nearness)
    return found | {number: near[number] for number in fainter[: max(0, few)]}
