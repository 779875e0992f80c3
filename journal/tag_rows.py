"""Tags in the database. What the person decided always wins over what is suggested."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, false, func, select, true, update
from sqlalchemy.dialects.sqlite import insert

from journal.entry import Tag, TagCount, TagKind
from journal.schema.tables import entry_tags
from journal.tags.names import FEELINGS, THEMES


def fields_of(connection: Connection, numbers: Sequence[int]) -> Mapping[int, list[dict[str, Any]]]:
    """The tags of some entries as fields of ``Tag``: the person's own first, then the surest."""
    found: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    shown = select(entry_tags).where(entry_tags.c.entry_number.in_(numbers), entry_tags.c.removed == false())
    ordered = shown.order_by(entry_tags.c.confidence.desc().nulls_first(), entry_tags.c.name)
    for row in connection.execute(ordered).all():
        found[row.entry_number].append(
            {
                "name": row.name,
                "kind": row.kind,
                "source": row.source,
                "confidence": row.confidence,
                "evidence": json.loads(row.evidence),
            }
        )
    return found


def names_of(connection: Connection, number: int) -> list[str]:
    """The names of an entry's tags."""
    shown = select(entry_tags.c.name).where(entry_tags.c.entry_number == number, entry_tags.c.removed == false())
    return list(connection.execute(shown.order_by(entry_tags.c.name)).scalars())


def removed_names(connection: Connection, number: int) -> list[str]:
    """What the person took away from an entry."""
    gone = select(entry_tags.c.name).where(entry_tags.c.entry_number == number, entry_tags.c.removed == true())
    return list(connection.execute(gone.order_by(entry_tags.c.name)).scalars())


def put_suggestions(connection: Connection, number: int, tags: Iterable[Tag]) -> None:
    """Replaces earlier suggestions; what the person gave or took away stays, with the words that would earn it now."""
    undecided = (entry_tags.c.entry_number == number, entry_tags.c.source == "suggested")
    connection.execute(delete(entry_tags).where(*undecided))
    connection.execute(update(entry_tags).where(entry_tags.c.entry_number == number).values(evidence="[]"))
    for tag in tags:
        row = _row(number, tag)
        statement = insert(entry_tags).values(row)
        reasons = statement.on_conflict_do_update(
            index_elements=["entry_number", "name"],
            set_={"evidence": row["evidence"]},
            where=entry_tags.c.removed == false(),
        )
        connection.execute(reasons)


def put(connection: Connection, number: int, tag: Tag, *, removed: bool = False) -> None:
    """Writes a tag over whatever is there by its name."""
    row = _row(number, tag) | {"removed": removed}
    connection.execute(
        insert(entry_tags).values(row).on_conflict_do_update(index_elements=["entry_number", "name"], set_=row)
    )


def confirm(connection: Connection, number: int, name: str, kind: TagKind) -> None:
    """The person gives a tag, or says yes to a suggested one, which keeps the words that earned it."""
    earned = select(entry_tags.c.evidence).where(
        entry_tags.c.entry_number == number, entry_tags.c.name == name, entry_tags.c.removed == false()
    )
    reasons = json.loads(connection.execute(earned).scalar() or "[]")
    put(connection, number, Tag(name=name, kind=kind, source="person", confidence=None, evidence=reasons))


def take_away(connection: Connection, number: int, name: str) -> None:
    """Removes a tag if it is there, and remembers that the person does not want it."""
    here = select(entry_tags.c.kind).where(entry_tags.c.entry_number == number, entry_tags.c.name == name)
    kind: TagKind = connection.execute(here).scalar() or kind_of(connection, name)
    put(connection, number, Tag(name=name, kind=kind, source="person", confidence=None), removed=True)


def counts(connection: Connection) -> tuple[TagCount, ...]:
    """All tags in use, the most frequent first."""
    count = func.count().label("count")
    # One name may have been given with two kinds; the name is what people see.
    grouped = select(entry_tags.c.name, func.min(entry_tags.c.kind).label("kind"), count).where(
        entry_tags.c.removed == false()
    )
    rows = connection.execute(grouped.group_by(entry_tags.c.name).order_by(count.desc(), entry_tags.c.name))
    return tuple(TagCount(name=row.name, kind=row.kind, count=row[2]) for row in rows)


def kind_of(connection: Connection, name: str) -> TagKind:
    """The kind of a tag given by name alone: a known feeling or theme, what it was before, or the person's own."""
    before = select(entry_tags.c.kind).where(entry_tags.c.name == name).limit(1)
    return shipped_kind(name) or connection.execute(before).scalar() or "own"


def shipped_kind(name: str) -> TagKind | None:
    """The kind of a tag that Outbreath suggests by itself; None if it is none of those."""
    if name in FEELINGS:
        return "feeling"
    return "theme" if name in THEMES else None


def is_known(connection: Connection, name: str) -> bool:
    """The tag is suggested by Outbreath itself, or was given to or taken from some entry."""
    used = select(entry_tags.c.name).where(entry_tags.c.name == name).limit(1)
    return shipped_kind(name) is not None or connection.execute(used).scalar() is not None


def _row(number: int, tag: Tag) -> dict[str, Any]:
    return {
        "entry_number": number,
        "name": tag.name,
        "kind": tag.kind,
        "source": tag.source,
        "confidence": tag.confidence,
        "evidence": json.dumps([span.model_dump() for span in tag.evidence], ensure_ascii=False),
        "removed": False,
        "teaches": True,
    }
