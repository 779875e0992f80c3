"""When a tag was used, and with which others."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, false, func, select

from core.errors import UnknownTag
from journal import tag_rows
from journal.entry import Period, TagCount, TagHistory, TagPeriod
from journal.schema.tables import entries, entry_tags

MOST_TOGETHER: Final = 12


def history(connection: Connection, name: str, by: Period) -> TagHistory:
    """What became of a tag; one that no entry bears any more has an empty history.

    Raises:
        UnknownTag: neither is it in use nor one that is suggested.
    """
    if not tag_rows.is_known(connection, name):
        raise UnknownTag
    bearing = select(entry_tags.c.entry_number).where(entry_tags.c.name == name, entry_tags.c.removed == false())
    start = _start(by).label("since")
    count = func.count().label("count")
    periods = select(start, count).where(entries.c.number.in_(bearing)).group_by(start).order_by(start)
    timeline = tuple(
        TagPeriod(since=date.fromisoformat(row.since), count=row[1]) for row in connection.execute(periods)
    )
    others = (
        select(entry_tags.c.name, func.min(entry_tags.c.kind).label("kind"), count)
        .where(entry_tags.c.entry_number.in_(bearing), entry_tags.c.name != name, entry_tags.c.removed == false())
        .group_by(entry_tags.c.name)
        .order_by(count.desc(), entry_tags.c.name)
        .limit(MOST_TOGETHER)
    )
    return TagHistory(
        name=name,
        kind=tag_rows.kind_of(connection, name),
        count=sum(period.count for period in timeline),
        timeline=timeline,
        together=tuple(TagCount(name=row.name, kind=row.kind, count=row[2]) for row in connection.execute(others)),
    )


def _start(by: Period) -> ColumnElement[str]:
    """The first day of the period in which an entry's shift day lies."""
    if by == "month":
        return func.date(entries.c.shift_day, "start of month")
    # SQLite goes to the next Sunday, unless it is one; the Monday of that week is six days before.
    return func.date(entries.c.shift_day, "weekday 0", "-6 days")
