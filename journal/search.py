"""Finding entries by their words and tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sqlalchemy import ColumnElement, Connection, and_, delete, false, func, insert, literal_column, select

from journal.query import Query, Term, set_apart
from journal.schema.tables import entries, entry_tags, search
from journal.snippets import FROM, TO, snippet_of_long_text, snippet_of_short_text

SNIPPET_CHARACTERS = 160

NEWEST_FIRST = (entries.c.spoken_at_microseconds.desc(), entries.c.id.desc())

# The plus keeps SQLite from looking up many numbers one by one in a tree full of texts; it goes through them once.
_ENTRY_NUMBER: ColumnElement[int] = literal_column("+entries.number")
_FOUND_NUMBER: ColumnElement[int] = literal_column("+search.rowid")


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found. A higher score is better; scores of different queries cannot be compared."""

    number: int
    score: float
    snippet: str
    matched: tuple[Literal["words", "meaning", "tag"], ...]


class SearchIndex(Protocol):
    """An index of entries, kept in the same transaction as they are."""

    def put(self, connection: Connection, number: int, text: str, tags: Iterable[str]) -> None:
        """Indexes an entry, anew if it is there."""
        ...

    def remove(self, connection: Connection, number: int) -> None:
        """Forgets an entry without a trace."""
        ...

    def find(self, connection: Connection, query: Query, limit: int) -> tuple[int, tuple[Hit, ...]]:
        """How many entries match, and the best of them."""
        ...

    def matching(self, query: Query) -> ColumnElement[bool]:
        """The same as a condition on ``entries``."""
        ...


class FullTextIndex:
    """SQLite's FTS5: stemmed words (Porter), accents ignored, ranked by BM25 with tags weighing double."""

    def put(self, connection: Connection, number: int, text: str, tags: Iterable[str]) -> None:
        self.remove(connection, number)
        row = {"rowid": number, "text": set_apart(text), "tags": "\n".join(tags)}
        connection.execute(insert(search), row)

    def remove(self, connection: Connection, number: int) -> None:
        connection.execute(delete(search).where(search.c.rowid == number))

    def find(self, connection: Connection, query: Query, limit: int) -> tuple[int, tuple[Hit, ...]]:
        if query.finds_nothing:
            return 0, ()
        if not query.terms:
            return self._by_tags(connection, query, limit)
        found = self._by_words(connection, query, query.terms, " AND ", limit)
        if found[0] == 0 and len(query.terms) > 1:
            # A question asked in whole sentences has words that no entry has.
            found = self._by_words(connection, query, query.telling_terms, " OR ", limit)
        return found

    def matching(self, query: Query) -> ColumnElement[bool]:
        conditions = [_tagged(_ENTRY_NUMBER, name) for name in query.tags]
        if query.terms:
            rows = select(search.c.rowid).where(_match(query.terms, " AND "))
            conditions.append(_ENTRY_NUMBER.in_(rows))
        return and_(*conditions) if conditions else literal_column("0") == 1

    def _by_words(
        self, connection: Connection, query: Query, terms: Sequence[Term], operator: str, limit: int
    ) -> tuple[int, tuple[Hit, ...]]:
        condition = and_(_match(terms, operator), *(_tagged(_FOUND_NUMBER, name) for name in query.tags))
        total = connection.execute(select(func.count()).select_from(search).where(condition)).scalar_one()
        whole_row: ColumnElement[Any] = literal_column("search")
        rows = connection.execute(
            select(
                search.c.rowid,
                search.c.rank,
                snippet_of_short_text(),
                func.highlight(whole_row, 1, FROM, TO),
            )
            .where(condition)
            .order_by(search.c.rank)
            .limit(limit)
        ).all()
        any_term = _joined(terms, " OR ")
        return total, tuple(
            _hit(
                number,
                rank,
                snippet_of_long_text(connection, number, any_term) if snippet is None else snippet,
                tags,
                by_tag=bool(query.tags),
            )
            for number, rank, snippet, tags in rows
        )

    def _by_tags(self, connection: Connection, query: Query, limit: int) -> tuple[int, tuple[Hit, ...]]:
        condition = self.matching(query)
        total = connection.execute(select(func.count()).select_from(entries).where(condition)).scalar_one()
        newest = select(entries.c.number).where(condition).order_by(*NEWEST_FIRST).limit(limit)
        starts = select(entries.c.number, func.substr(entries.c.text, 1, SNIPPET_CHARACTERS))
        shown = starts.where(entries.c.number.in_(newest)).order_by(*NEWEST_FIRST)
        return total, tuple(Hit(number, 1.0, start, ("tag",)) for number, start in connection.execute(shown))


def _match(terms: Sequence[Term], operator: str) -> ColumnElement[bool]:
    return search.c.search.op("MATCH", is_comparison=True)(_joined(terms, operator))


def _joined(terms: Sequence[Term], operator: str) -> str:
    return operator.join(map(_quoted, terms))


def _quoted(term: Term) -> str:
    # In quotes nothing is an operator; a term comes without quotes of its own.
    return f'"{term.text}"' + ("*" if term.prefix else "")


def _tagged(number: ColumnElement[int], name: str) -> ColumnElement[bool]:
    bearing = select(entry_tags.c.entry_number).where(entry_tags.c.name == name, entry_tags.c.removed == false())
    return number.in_(bearing)


def _hit(number: int, rank: float, snippet: str, tags: str, by_tag: bool) -> Hit:
    matched: list[Literal["words", "meaning", "tag"]] = []
    if FROM in snippet:
        matched.append("words")
    if by_tag or FROM in tags:
        matched.append("tag")
    return Hit(number, -rank, snippet.replace(FROM, "").replace(TO, ""), tuple(matched))
