"""What narrows a search or a list, as conditions on ``entries``."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, false, literal_column, not_, or_, select

from journal.query import Narrowing
from journal.schema.tables import entries, entry_tags

# The plus keeps SQLite from looking up many numbers one by one in a tree full of texts; it goes through them once.
ENTRY_NUMBER: Final[ColumnElement[int]] = literal_column("+entries.number")

_DAY_MARGIN: Final = timedelta(days=3)
"""A shift day may begin late and anywhere on earth; its moments still lie within so much of its midnight in UTC."""


def narrowing_conditions(narrowing: Narrowing) -> list[ColumnElement[bool]]:
    """What all must be true of an entry, except for ``without_terms``, which only the index of words can tell."""
    conditions = [tagged(ENTRY_NUMBER, name) for name in narrowing.tags]
    conditions += [not_(tagged(ENTRY_NUMBER, name)) for name in narrowing.without_tags]
    if narrowing.since is not None:
        conditions += [entries.c.shift_day >= narrowing.since.isoformat(), _not_long_before(narrowing.since)]
    if narrowing.until is not None:
        conditions += [entries.c.shift_day <= narrowing.until.isoformat(), _not_long_after(narrowing.until)]
    for first, last in narrowing.without_days:
        conditions.append(or_(entries.c.shift_day < first.isoformat(), entries.c.shift_day > last.isoformat()))
    if narrowing.kinds:
        conditions.append(entries.c.kind.in_(narrowing.kinds))
    if narrowing.without_kinds:
        conditions.append(entries.c.kind.not_in(narrowing.without_kinds))
    if narrowing.guides:
        conditions.append(entries.c.guide.in_(narrowing.guides))
    if narrowing.without_guides:
        conditions.append(or_(entries.c.guide.is_(None), entries.c.guide.not_in(narrowing.without_guides)))
    return conditions


def tagged(number: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """The entry of that number bears this tag."""
    bearing = select(entry_tags.c.entry_number).where(entry_tags.c.name == name, entry_tags.c.removed == false())
    return number.in_(bearing)


# Shift days are in no index of their own, moments are: these leave out most entries before any day is looked at.
def _not_long_before(day: date) -> ColumnElement[bool]:
    return entries.c.spoken_at_microseconds >= _microseconds(day, -_DAY_MARGIN)


def _not_long_after(day: date) -> ColumnElement[bool]:
    return entries.c.spoken_at_microseconds <= _microseconds(day, _DAY_MARGIN)


def _microseconds(day: date, margin: timedelta) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (midnight + margin) // timedelta(microseconds=1)
