"""Entries as rows of the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.errors import BadValue, UnknownEntry
from core.transcript import Word
from journal import tag_rows
from journal.entry import Answer, Entry, Failure
from journal.ids import checked
from journal.schema.tables import entries, entry_words

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(name: str, spoken_at: datetime) -> datetime:
    """The moment itself, if it says where on earth it was.

    Raises:
        BadValue: it has no offset, or lies at the edge of the calendar.
    """
    if spoken_at.utcoffset() is None or not MINYEAR < spoken_at.year < MAXYEAR:
        raise BadValue(name, "a time with its offset, such as 2026-11-23T20:15:00+01:00")
    return spoken_at


def microseconds_of(spoken_at: datetime) -> int:
    """Whole microseconds since 1970 in UTC."""
    return (spoken_at - _EPOCH) // timedelta(microseconds=1)


def number_of(connection: Connection, entry_id: str) -> int:
    """The row number of an entry.

    Raises:
        UnknownEntry: there is none by that id.
    """
    number: int | None = connection.execute(select(entries.c.number).where(entries.c.id == checked(entry_id))).scalar()
    if number is None:
        raise UnknownEntry
    return number


def ids_of(connection: Connection, numbers: Sequence[int]) -> tuple[str, ...]:
    """The ids of entries, in the order of their row numbers given here."""
    rows = connection.execute(select(entries.c.number, entries.c.id).where(entries.c.number.in_(numbers)))
    found: dict[int, str] = {row.number: row.id for row in rows}
    return tuple(found[number] for number in numbers if number in found)


def row_of(connection: Connection, entry_id: str) -> Row[Any]:
    """The row of an entry.

    Raises:
        UnknownEntry: there is none by that id.
    """
    row = connection.execute(select(entries).where(entries.c.id == checked(entry_id))).one_or_none()
    if row is None:
        raise UnknownEntry
    return row


def entry_of(connection: Connection, entry_id: str) -> Entry:
    """One entry with all that belongs to it.

    Raises:
        UnknownEntry: there is none by that id.
    """
    row = row_of(connection, entry_id)
    words = connection.execute(select(entry_words.c.words).where(entry_words.c.entry_number == row.number)).scalar()
    fields = _fields(row) | {
        "tags": tag_rows.fields_of(connection, [row.number]).get(row.number, ()),
        "words": [
            {"text": text, "start": start, "end": end, "probability": probability}
            for text, start, end, probability in json.loads(words or "[]")
        ],
    }
    return Entry.model_validate(fields)


def entries_of(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Entry, ...]:
    """Entries for a list: with their tags, without their words."""
    tags = tag_rows.fields_of(connection, [row.number for row in rows])
    return tuple(Entry.model_validate(_fields(row) | {"tags": tags.get(row.number, ())}) for row in rows)


def add(connection: Connection, entry: Entry, *, spoken: bool) -> int:
    """Writes a new entry with its words and tags; gives its row number."""
    row = {
        "id": checked(entry.id),
        "kind": "spoken" if spoken else "typed",
        "state": entry.state.value,
        "spoken_at_microseconds": microseconds_of(entry.spoken_at),
        "spoken_at": entry.spoken_at.isoformat(),
        "shift_day": entry.shift_day.isoformat(),
        "guide": entry.guide,
        "duration_seconds": entry.duration_seconds,
        "text": entry.text,
        "original_text": None if entry.original_text == entry.text else entry.original_text,
        "language": entry.language,
        "answers": answers_json(entry.answers),
        "mood_before": entry.mood_before,
        "mood_after": entry.mood_after,
        "goal_id": entry.goal_id,
        "failure": failure_json(entry.failure),
        "mostly_noise": entry.mostly_noise,
    }
    number: int = connection.execute(insert(entries).values(row).returning(entries.c.number)).scalar_one()
    put_words(connection, number, entry.words)
    for tag in entry.tags:
        tag_rows.put(connection, number, tag)
    return number


def change(connection: Connection, number: int, **columns: Any) -> None:
    """Sets some columns of one entry."""
    connection.execute(update(entries).where(entries.c.number == number).values(columns))


def put_words(connection: Connection, number: int, words: Iterable[Word]) -> None:
    """Replaces the words of an entry."""
    compact = [[word.text, word.start, word.end, word.probability] for word in words]
    row = {"entry_number": number, "words": json.dumps(compact, ensure_ascii=False, separators=(",", ":"))}
    connection.execute(upsert(entry_words).values(row).on_conflict_do_update(index_elements=["entry_number"], set_=row))


def answers_json(answers: Iterable[Answer]) -> str:
    """Answers as the column holds them."""
    return json.dumps([answer.model_dump() for answer in answers], ensure_ascii=False)


def answers_of(row: Row[Any]) -> tuple[Answer, ...]:
    """Answers as the column holds them, read back."""
    return tuple(Answer.model_validate(answer) for answer in json.loads(row.answers))


def failure_json(failure: Failure | None) -> str | None:
    """A failure as the column holds it."""
    return failure.model_dump_json() if failure else None


def _fields(row: Row[Any]) -> dict[str, Any]:
    fields = dict(row._mapping)
    fields["original_text"] = row.text if row.original_text is None else row.original_text
    fields["answers"] = json.loads(row.answers)
    fields["failure"] = json.loads(row.failure) if row.failure else None
    return fields
