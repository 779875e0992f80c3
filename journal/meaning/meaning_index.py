"""The vectors of entries: kept in the encrypted database only, held in memory by who searches."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, select

from journal.meaning.nearness import Near, VectorBlock
from journal.meaning.packing import packed
from journal.schema.tables import entries, meanings

MOST_READ_AT_ONCE: Final = 20_000


class MeaningIndex:
    """Vectors of one encoder's version. Safe to call from several threads.

    What is deleted or changed by another process is noticed when it is found: its row is no longer there.

    Args:
        encoder: the version of the encoder; vectors of others are as good as none.
    """

    def __init__(self, encoder: str) -> None:
        self._encoder = encoder
        self._reading = threading.Lock()
        self._block = VectorBlock.empty()
        self._read_up_to = 0

    def put(self, connection: Connection, number: int, vectors: NDArray[np.float32]) -> None:
        """Keeps the vectors of an entry's passages, in their order, in place of earlier ones."""
        self.remove(connection, number)
        row = {"entry_number": number, "encoder": self._encoder, "vectors": packed(vectors)}
        connection.execute(insert(meanings), row)

    def remove(self, connection: Connection, number: int) -> None:
        """Forgets the vectors of an entry."""
        connection.execute(delete(meanings).where(meanings.c.entry_number == number))

    def missing(self, connection: Connection, limit: int) -> Sequence[int]:
        """Numbers of entries whose meaning is not known to this encoder, the newest first."""
        known = exists().where(meanings.c.entry_number == entries.c.number, meanings.c.encoder == self._encoder)
        waiting = select(entries.c.number).where(entries.c.text != "", ~known)
        return connection.execute(waiting.order_by(entries.c.number.desc()).limit(limit)).scalars().all()

    def nearest(
        self,
        connection: Connection,
        vector: NDArray[np.float32],
        most: int,
        among: ColumnElement[bool] | None = None,
        also: Sequence[int] = (),
    ) -> dict[int, Near]:
        """The nearest entries, the nearest first, each with its nearest passage.

        Args:
            connection: to the database.
            vector: what to look for, of length 1.
            most: how many at most.
            among: a condition on ``entries``; None for all.
            also: entries of which it is asked in any case; those that are not among the nearest come last.
        """
        numbers = None
        if among is not None:
            numbers = np.array(connection.execute(select(entries.c.number).where(among)).scalars().all(), np.int64)
        block = self._up_to_date(connection)
        found = self._still_there(connection, block.nearest(vector, most, numbers))
        others = block.compared(vector, also) if also else {}
        return found | {number: near for number, near in others.items() if number not in found}

    def mean_of(self, connection: Connection, number: int) -> NDArray[np.float32] | None:
        """What an entry is about as a whole; None if it has no vectors."""
        return self._up_to_date(connection).mean_of(number)

    def means_of(self, connection: Connection, numbers: Collection[int]) -> dict[int, NDArray[np.float32]]:
        """What these entries are about as a whole, by their numbers; those without vectors are missing."""
        return self._up_to_date(connection).means_of(numbers)

    def _up_to_date(self, connection: Connection) -> VectorBlock:
        with self._reading:
            newer = (
                select(meanings.c.number, meanings.c.entry_number, meanings.c.vectors)
                .where(meanings.c.encoder == self._encoder)
                .order_by(meanings.c.number)
                .limit(MOST_READ_AT_ONCE)
            )
            while True:
                rows = connection.execute(newer.where(meanings.c.number > self._read_up_to)).all()
                if not rows:
                    return self._block
                self._block = self._block.with_more([(row.number, row.entry_number, row.vectors) for row in rows])
                self._read_up_to = rows[-1].number

    def _still_there(self, connection: Connection, found: dict[int, Near]) -> dict[int, Near]:
        """Those whose vectors are still kept; the others are let go.

        Not those that are newer than what this transaction sees: another one has read them.
        """
        kept = meanings.c.number
        # As one value: a statement with a hundred of them takes longer to make than to run.
        wanted = func.json_each(json.dumps([near.kept for near in found.values()])).table_valued("value")
        there = set(connection.execute(select(kept).where(kept.in_(select(wanted.c.value)))).scalars())
        newest = connection.execute(select(func.max(kept))).scalar() or 0
        gone = [near.kept for near in found.values() if near.kept not in there and near.kept <= newest]
        if gone:
            with self._reading:
                self._block = self._block.without(gone)
        return {number: near for number, near in found.items() if near.kept in there}

    def count(self, connection: Connection) -> int:
        """How many entries have vectors of this encoder."""
        counted = select(func.count()).select_from(meanings).where(meanings.c.encoder == self._encoder)
        return connection.execute(counted).scalar_one()
