"""The index of words: SQLite's FTS5, stemmed (Porter), accents ignored, ranked by BM25 with tags weighing double.

The index keeps no copy of the texts. To take an entry out of it one has to say again, word for word, what went in;
so text and tags may change inside ``changing`` only. What went in is remembered as a fingerprint, and an index that
would otherwise go wrong unnoticed is made anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, literal, literal_column, not_, select
from sqlalchemy import text as sql

from journal import tag_rows
from journal.conditions import ENTRY_NUMBER, narrowing_conditions
from journal.query import Narrowing, Query, Term, set_apart
from journal.schema.tables import entries, indexed, search

MOST_RANKED: Final = 2_000
"""Of entries with words so frequent that more than these have them, the newest are ranked: ranking all of a hundred
thousand takes most of a second, and a word that everything has tells little."""

MOST_COUNTED: Final = 10_000
"""Beyond this it does not matter how frequent a word is."""

_BM25_CEILING: Final = 2.2
"""What a term can add to BM25 at most, in units of its rarity: k1 + 1 with FTS5's k1 of 1.2."""

SHORTEST_WITH_ENDINGS_CHARACTERS: Final = 4
_ENDINGS: Final = (
    *("ing", "ed", "er", "ers", "es", "ly", "ful", "fully", "less", "ness", "ment", "ments", "able", "ible", "al"),
    *(
        "ally",
        "ation",
        "ations",
        "ational",
        "ion",
        "ions",
        "ity",
        "ities",
        "ability",
        "ibility",
        "ive",
        "ively",
        "ous",
        "ously",
        "ance",
    ),
    *("ence", "ant", "ent", "ic", "ical", "ism", "ist", "ize", "ized", "izing", "ise", "ised", "ising", "y", "ies"),
)
_RESTS_OF_WORDS: Final = tuple(sorted({ending[at:] for ending in _ENDINGS for at in range(len(ending))}))
"""What may be missing of a word whose ending has begun."""

_LEAST_RARITY: Final = 1e-6
"""FTS5's own floor for words that more than half of all entries have."""

_FOUND_NUMBER: ColumnElement[int] = literal_column("+search.rowid")
_PUT = sql("INSERT INTO search (rowid, text, tags) VALUES (:number, :text, :tags)")
_TAKE_OUT = sql("INSERT INTO search (search, rowid, text, tags) VALUES ('delete', :number, :text, :tags)")
_EMPTY = sql("INSERT INTO search (search) VALUES ('delete-all')")

_log = logging.getLogger(__name__)


class Words(NamedTuple):
    """Entries found by their words.

    ``coverage`` says for each of the best how much of what was asked for it has, from 0 to 1, with rare words counting
    more; ``total`` is how many there are in all, ``matching`` what tells whether another one is among them.
    ``partly`` is the coverage of entries that are not among them, but have the rarest of the words. ``all_words``: what
    was found has all of them.
    """

    total: int
    coverage: dict[int, float]
    matching: ColumnElement[bool] | None
    partly: dict[int, float]
    all_words: bool = False


class WordIndex:
    """Words and tags of entries."""

    # --- Keeping it -----------------------------------------------------------------------------------------------

    def put(self, connection: Connection, number: int) -> None:
        """Indexes an entry that is not in the index."""
        row = _row(connection, number)
        connection.execute(_PUT, row)
        connection.execute(
            insert(indexed).values(entry_number=number, fingerprint=fingerprint(row["text"], row["tags"]))
        )

    def remove(self, connection: Connection, number: int) -> None:
        """Takes an entry out without a trace, while its text and tags are still as they went in."""
        known = connection.execute(select(indexed.c.fingerprint).where(indexed.c.entry_number == number)).scalar()
        if known is None:
            return
        row = _row(connection, number)
        if fingerprint(row["text"], row["tags"]) != known:
            _log.error("the index of words had missed a change and is made anew")
            self.rebuild(connection)
        connection.execute(_TAKE_OUT, row)
        connection.execute(delete(indexed).where(indexed.c.entry_number == number))

    @contextmanager
    def changing(self, connection: Connection, number: int) -> Iterator[None]:
        """Keeps the index right while text or tags of an entry change inside."""
        self.remove(connection, number)
        yield
        self.put(connection, number)

    def rebuild(self, connection: Connection) -> None:
        """Makes the index anew from the entries as they are."""
        connection.execute(_EMPTY)
        connection.execute(delete(indexed))
        for number in connection.execute(select(entries.c.number).order_by(entries.c.number)).scalars().all():
            self.put(connection, number)

    # --- Asking it ------------------------------------------------------------------------------------------------

    def has(self, connection: Connection, term: Term) -> bool:
        """Some entry has this term."""
        return connection.execute(select(literal(1)).select_from(search).where(_match([term])).limit(1)).scalar() == 1

    def without_needless_endings(self, connection: Connection, query: Query) -> Query:
        """An unfinished word that some stem begins with need not be looked for with every ending.

        Each way to write it would count once more when entries are ranked, so that the last word outweighed all others.
        """
        plain = {term: replace(term, endings=False) for term in query.terms if term.prefix}
        return replace(
            query,
            terms=tuple(
                plain[term] if term in plain and self.has(connection, plain[term]) else term for term in query.terms
            ),
        )

    def text_with(self, connection: Connection, terms: Sequence[Term]) -> str:
        """The text of some entry that has one of these terms; empty if none has."""
        number = connection.execute(select(search.c.rowid).where(_match(terms, " OR ")).limit(1)).scalar()
        text: str | None = connection.execute(select(entries.c.text).where(entries.c.number == number)).scalar()
        return text or ""

    def matching(self, query: Query) -> ColumnElement[bool]:
        """A condition on ``entries``: all terms occur, and the entry is among those asked for."""
        conditions = [*narrowing_conditions(query.narrowing), *_without(ENTRY_NUMBER, query.narrowing)]
        if query.terms:
            conditions.append(ENTRY_NUMBER.in_(select(search.c.rowid).where(_match(query.terms))))
        return and_(*conditions) if conditions else literal_column("0") == 1

    def find(self, connection: Connection, query: Query, limit: int) -> Words:
        """The entries with all telling words, or if there are none, those with the rarest of them."""
        terms = query.telling_terms
        known = connection.execute(select(func.max(indexed.c.entry_number))).scalar() or 0
        counts = [_count(connection, term) for term in terms]
        rarities = [max(_LEAST_RARITY, math.log((known - count + 0.5) / (count + 0.5))) for count in counts]
        asked = _BM25_CEILING * sum(rarities)
        narrowed = _narrowed(query.narrowing)
        rare = _rarest(terms, counts)
        if not rare:
            return Words(0, {}, None, {})
        found = _ranked(connection, and_(_match(terms), *narrowed), asked, limit) if all(counts) else None
        if len(terms) == 1 and found is not None:
            return found._replace(all_words=True)
        with_some = _ranked(connection, and_(_match(rare, " OR "), *narrowed), asked, limit)
        if found is None or not found.total:
            return with_some
        others = {number: part for number, part in with_some.coverage.items() if number not in found.coverage}
        return found._replace(partly=others, all_words=True)

    def among(self, connection: Connection, words: Words, numbers: Sequence[int]) -> int:
        """How many of these entries were found by their words, besides the best."""
        if words.matching is None or not numbers or words.total == len(words.coverage):
            return 0
        asked = func.json_each(json.dumps(numbers)).table_valued("value")
        known = _FOUND_NUMBER.in_(select(asked.c.value))
        rows = select(func.count()).select_from(search).where(words.matching, known)
        return connection.execute(rows).scalar_one()


def _ranked(connection: Connection, condition: ColumnElement[bool], asked: float, limit: int) -> Words:
    total = connection.execute(select(func.count()).select_from(search).where(condition)).scalar_one()
    if not total:
        return Words(0, {}, condition, {})
    newest = (
        select(search.c.rowid, search.c.rank)
        .where(condition)
        .order_by(search.c.rowid.desc())
        .limit(MOST_RANKED)
        .subquery()
    )
    rows = connection.execute(select(newest.c.rowid, newest.c.rank).order_by(newest.c.rank).limit(limit)).all()
    return Words(total, {number: min(1.0, -rank / asked) for number, rank in rows}, condition, {})


def _rarest(terms: Sequence[Term], counts: Sequence[int]) -> list[Term]:
    """Those of which some entry has one, from the rarest on, as long as they do not bring in half the journal."""
    chosen: list[Term] = []
    entries_with_them = 0
    for count, term in sorted(zip(counts, terms, strict=True), key=lambda pair: pair[0]):
        entries_with_them += count
        if count and (not chosen or entries_with_them <= MOST_RANKED):
            chosen.append(term)
    return chosen


def _count(connection: Connection, term: Term) -> int:
    rows = select(search.c.rowid).where(_match([term])).limit(MOST_COUNTED).subquery()
    return connection.execute(select(func.count()).select_from(rows)).scalar_one()


def _narrowed(narrowing: Narrowing) -> list[ColumnElement[bool]]:
    conditions = narrowing_conditions(narrowing)
    asked_for = [_FOUND_NUMBER.in_(select(entries.c.number).where(*conditions))] if conditions else []
    return [*asked_for, *_without(_FOUND_NUMBER, narrowing)]


def _without(number: ColumnElement[int], narrowing: Narrowing) -> list[ColumnElement[bool]]:
    if not narrowing.without_terms:
        return []
    return [not_(number.in_(select(search.c.rowid).where(_match(narrowing.without_terms, " OR ")).correlate(None)))]


def _match(terms: Sequence[Term], operator: str = " AND ") -> ColumnElement[bool]:
    return search.c.search.op("MATCH", is_comparison=True)(joined(terms, operator))


def joined(terms: Sequence[Term], operator: str) -> str:
    """Terms as FTS5 reads them. In quotes nothing is an operator; a term comes without quotes of its own."""
    return operator.join(_unfinished(term) if term.prefix else f'"{term.text}"' for term in terms)


def _unfinished(term: Term) -> str:
    """A word that may go on. What is indexed are stems: "ignori" is the beginning of none, but "ignoring" has one."""
    word = term.text
    begins = f'"{word}"*'
    if not term.endings or len(word) < SHORTEST_WITH_ENDINGS_CHARACTERS or not word.isalpha():
        return begins
    return "(" + " OR ".join([begins, *(f'"{word}{rest}"' for rest in _RESTS_OF_WORDS)]) + ")"


def _row(connection: Connection, number: int) -> dict[str, Any]:
    """What of an entry is indexed."""
    text: str = connection.execute(select(entries.c.text).where(entries.c.number == number)).scalar_one()
    return {"number": number, "text": set_apart(text), "tags": "\n".join(tag_rows.names_of(connection, number))}


def fingerprint(text: str, tags: str) -> int:
    """Of what goes into the index; two that differ have the same one in 280 million million."""
    return int.from_bytes(hashlib.blake2b(f"{text}\0{tags}".encode(), digest_size=6).digest())
