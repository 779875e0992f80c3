"""Lists of entries, newest first, page by page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, true, tuple_

from core.errors import BadValue, UnknownEntry
from journal.entry import EntryPage
from journal.entry_rows import entries_of, microseconds_of, moment
from journal.ids import checked
from journal.query import KINDS, Narrowing, Query, parse
from journal.schema.tables import entries
from journal.search import NEWEST_FIRST, SearchIndex
from journal.written_text import tag_name

LONGEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries are wanted; None leaves all.

    A ``date`` means a shift day and includes it. A ``datetime`` is a moment: ``since`` includes it, ``until`` does not.
    """

    query: str | None = None
    tag: str | None = None
    since: date | datetime | None = None
    until: date | datetime | None = None
    kind: str | None = None


def page(connection: Connection, index: SearchIndex, filters: Filters, cursor: str | None, limit: int) -> EntryPage:
    """One page. What is added or deleted meanwhile neither repeats nor hides other entries.

    Raises:
        BadValue: a filter, the cursor or the limit cannot be used.
    """
    if not 1 <= limit <= LONGEST_PAGE:
        raise BadValue("limit", f"a whole number from 1 to {LONGEST_PAGE}")
    wanted = _condition(index, filters)
    by_time = (entries.c.spoken_at_microseconds, entries.c.id)
    older = tuple_(*by_time) < tuple_(*_read(cursor)) if cursor else true()
    # First the numbers, for which the index by time is enough; one too many tells whether there is a next page.
    numbers = select(entries.c.number).where(wanted, older).order_by(*NEWEST_FIRST).limit(limit + 1)
    rows = connection.execute(select(entries).where(entries.c.number.in_(numbers)).order_by(*NEWEST_FIRST)).all()
    total = connection.execute(select(func.count()).select_from(entries).where(wanted)).scalar_one()
    shown = rows[:limit]
    return EntryPage(
        entries=entries_of(connection, shown),
        total=total,
        next_cursor=_cursor(shown[-1].spoken_at_microseconds, shown[-1].id) if len(rows) > limit else None,
    )


def _condition(index: SearchIndex, filters: Filters) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if filters.query and not (query := parse(filters.query)).blank:
        conditions.append(index.matching(query))
    if filters.tag:
        conditions.append(index.matching(Query(narrowing=Narrowing(tags=(tag_name(filters.tag),)))))
    if filters.kind is not None:
        if filters.kind not in KINDS:
            raise BadValue("kind", f"one of: {', '.join(KINDS)}")
        conditions.append(entries.c.kind == filters.kind)
    if filters.since is not None:
        column, value = _side("since", filters.since)
        conditions.append(column >= value)
    if filters.until is not None:
        column, value = _side("until", filters.until)
        conditions.append(column < value if isinstance(filters.until, datetime) else column <= value)
    return and_(true(), *conditions)


def _side(name: str, at: date | datetime) -> tuple[ColumnElement[Any], Any]:
    if isinstance(at, datetime):
        return entries.c.spoken_at_microseconds, microseconds_of(moment(name, at))
    return entries.c.shift_day, at.isoformat()


def _cursor(microseconds: int, entry_id: str) -> str:
    return base64.urlsafe_b64encode(f"{microseconds}.{entry_id}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, str]:
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
        microseconds, _, entry_id = text.partition(".")
        place = int(microseconds), checked(entry_id)
    except (ValueError, UnknownEntry):
        raise _wrong_cursor() from None
    if _cursor(*place) != cursor:
        raise _wrong_cursor()
    return place


def _wrong_cursor() -> BadValue:
    return BadValue("cursor", "the next_cursor of the page before, unchanged")
