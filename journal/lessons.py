"""What the person's own tags teach: examples read from the journal, and what they make of suggestions.

Nothing is kept but the tags themselves and whether they count as examples. Everything else is worked out anew whenever
an entry is tagged, so that forgetting is complete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sqlalchemy import Connection, false, select, true, update

from journal.entry import TagKind, TagLessons
from journal.meaning.encoder import WIDTH
from journal.schema.tables import entries, entry_tags
from journal.search import SearchIndex
from journal.tags.personal import Lessons, Taught, Vectors

MOST_DECISIONS: Final = 5_000
"""The newest so many count; more would make tagging slow, and older ones say less about today."""

MOST_UNDECIDED: Final = 1_000
"""The newest entries: what was left as it was there counts as well."""

_DECIDED: Final = (entry_tags.c.source == "person", entry_tags.c.teaches == true())


def taught(connection: Connection, index: SearchIndex) -> Taught | None:
    """What is to be learned from this journal; None if nobody has decided anything."""
    decided = _decisions(connection)
    if not decided:
        return None
    newest = select(entries.c.number).where(entries.c.text != "").order_by(entries.c.number.desc())
    recent: list[int] = list(connection.execute(newest.limit(MOST_UNDECIDED)).scalars())
    meanings = index.meanings_of(connection, {*recent, *(number for each in decided.values() for number in each.all)})
    bearing = _bearing(connection, recent)
    lessons: dict[str, tuple[TagKind, Lessons]] = {}
    for name, each in decided.items():
        undecided = [number for number in recent if number not in each.all]
        let_stand = [number for number in undecided if name in bearing[number]]
        without = [number for number in undecided if name not in bearing[number]]
        lessons[name] = each.kind, Lessons(*(_rows(meanings, kept) for kept in (each.yes, each.no, let_stand, without)))
    return Taught(lessons)


def listed(connection: Connection) -> tuple[TagLessons, ...]:
    """How many examples there are of each tag, by name."""
    return tuple(
        TagLessons(name=name, kind=each.kind, yes=len(each.yes), no=len(each.no))
        for name, each in sorted(_decisions(connection).items())
    )


def forget(connection: Connection, name: str | None = None) -> int:
    """Decisions about a tag, or about all, are no examples from now on; the tags themselves stay. Tells how many."""
    these = _DECIDED if name is None else (*_DECIDED, entry_tags.c.name == name)
    return connection.execute(update(entry_tags).where(*these).values(teaches=False)).rowcount


def forget_of_entry(connection: Connection, number: int, names: Sequence[str]) -> None:
    """Decisions about these tags of one entry are no examples from now on."""
    these = (*_DECIDED, entry_tags.c.entry_number == number, entry_tags.c.name.in_(names))
    connection.execute(update(entry_tags).where(*these).values(teaches=False))


def forgotten_of_entry(connection: Connection, number: int) -> Sequence[str]:
    """The tags of one entry about which the person decided what is no example any more."""
    forgotten = select(entry_tags.c.name).where(
        entry_tags.c.entry_number == number, entry_tags.c.source == "person", entry_tags.c.teaches == false()
    )
    return connection.execute(forgotten.order_by(entry_tags.c.name)).scalars().all()


@dataclass(slots=True)
class _Decisions:
    kind: TagKind
    yes: list[int]
    no: list[int]

    @property
    def all(self) -> set[int]:
        return {*self.yes, *self.no}


def _decisions(connection: Connection) -> dict[str, _Decisions]:
    made = select(entry_tags.c.name, entry_tags.c.kind, entry_tags.c.entry_number, entry_tags.c.removed)
    newest = made.where(*_DECIDED).order_by(entry_tags.c.entry_number.desc()).limit(MOST_DECISIONS)
    found: dict[str, _Decisions] = {}
    for name, kind, number, removed in connection.execute(newest):
        decided = found.setdefault(name, _Decisions(kind, [], []))
        (decided.no if removed else decided.yes).append(number)
    return found


def _bearing(connection: Connection, numbers: Sequence[int]) -> Mapping[int, set[str]]:
    """Which tags each entry bears."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    borne = select(entry_tags.c.entry_number, entry_tags.c.name).where(
        entry_tags.c.entry_number.in_(numbers), entry_tags.c.removed == false()
    )
    for number, name in connection.execute(borne):
        found[number].add(name)
    return found


def _rows(meanings: Mapping[int, Vectors], numbers: Iterable[int]) -> Vectors:
    found = [meanings[number] for number in numbers if number in meanings]
    return np.stack(found) if found else np.zeros((0, WIDTH), np.float32)
