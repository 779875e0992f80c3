"""Which of many packed vectors are near another one. In memory, 240 bytes each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journal.meaning.encoder import WIDTH
from journal.meaning.packing import PACKED_BYTES, SIGN_WORDS, packed, rows, signs, unpacked

MOST_COMPARED: Final = 1_200
"""Passages that are compared number by number; out of more, those whose signs agree most."""


class Near(NamedTuple):
    """A passage of an entry, and how near it is: 1 means the same, 0 nothing in common.

    ``kept``: the number of the row in the database that holds its vector.
    """

    nearness: float
    passage: int
    kept: int


class VectorBlock:
    """Vectors of passages, in the order they were added. Never changed: ``with_more`` gives another one."""

    def __init__(
        self,
        kept: NDArray[np.int64],
        entries: NDArray[np.int64],
        ordinals: NDArray[np.int32],
        content: NDArray[np.uint8],
        signs_of_content: NDArray[np.uint64],
    ) -> None:
        self._kept = kept
        self._entries = entries
        self._ordinals = ordinals
        self._content = content
        self._signs = signs_of_content

    def __len__(self) -> int:
        return len(self._kept)

    @classmethod
    def empty(cls) -> VectorBlock:
        none = np.zeros(0, np.int64)
        return cls(none, none, np.zeros(0, np.int32), rows(b""), signs(rows(b"")))

    def with_more(self, more: Sequence[tuple[int, int, bytes]]) -> VectorBlock:
        """Those and more: the number of each kept row, its entry, and its packed vectors.

        Of an entry that is here already, the earlier ones go.
        """
        numbers = np.array([entry for _, entry, _ in more], np.int64)
        replaced = np.isin(self._entries, numbers)
        if replaced.any():
            return self._only(~replaced).with_more(more)
        counts = [len(content) // PACKED_BYTES for *_, content in more]
        content = rows(b"".join(content for *_, content in more))
        return VectorBlock(
            np.concatenate([self._kept, np.repeat(np.array([kept for kept, *_ in more], np.int64), counts)]),
            np.concatenate([self._entries, np.repeat(numbers, counts)]),
            np.concatenate([self._ordinals, *(np.arange(count, dtype=np.int32) for count in counts)]),
            np.concatenate([self._content, content]),
            np.concatenate([self._signs, signs(content)], axis=1),
        )

    def without(self, kept: Sequence[int]) -> VectorBlock:
        """Those that are not kept in these rows."""
        return self._only(~np.isin(self._kept, np.array(kept, np.int64)))

    def _only(self, stay: NDArray[np.bool_]) -> VectorBlock:
        parts = (self._kept[stay], self._entries[stay], self._ordinals[stay], self._content[stay])
        return VectorBlock(*parts, np.ascontiguousarray(self._signs[:, stay]))

    def nearest(
        self, vector: NDArray[np.float32], most: int, among: NDArray[np.int64] | None = None
    ) -> dict[int, Near]:
        """The entries that are nearest, the nearest first, each with its nearest passage, by the entry's number.

        ``among``: entries to choose from; None for all.
        """
        at = np.arange(len(self._kept)) if among is None else np.flatnonzero(np.isin(self._entries, among))
        if len(at) > MOST_COMPARED:
            differing = self._differing_signs(vector, at if among is not None else None)
            at = at[np.argpartition(differing, MOST_COMPARED)[:MOST_COMPARED]]
        return self._compared(vector, at, most)

    def compared(self, vector: NDArray[np.float32], entries: Sequence[int]) -> dict[int, Near]:
        """The same for just these entries."""
        return self._compared(vector, np.flatnonzero(np.isin(self._entries, np.array(entries, np.int64))), len(entries))

    def mean_of(self, entry: int) -> NDArray[np.float32] | None:
        """What an entry is about as a whole; None if it has no vectors."""
        return self.means_of([entry]).get(entry)

    def means_of(self, entries: Collection[int]) -> dict[int, NDArray[np.float32]]:
        """The same for several, by their numbers; those without vectors are missing."""
        own = np.flatnonzero(np.isin(self._entries, np.array(list(entries), np.int64)))
        numbers, places = np.unique(self._entries[own], return_inverse=True)
        sums = np.zeros((len(numbers), WIDTH), np.float32)
        np.add.at(sums, places, unpacked(self._content[own]))
        sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        return dict(zip(numbers.tolist(), sums, strict=True))

    def _differing_signs(self, vector: NDArray[np.float32], at: NDArray[np.int64] | None) -> NDArray[np.uint16]:
        asked = signs(rows(packed(vector[np.newaxis])))[:, 0]
        differing: NDArray[np.uint16] | None = None
        for word in range(SIGN_WORDS):
            column = self._signs[word] if at is None else self._signs[word][at]
            bits = np.bitwise_count(column ^ asked[word])
            differing = bits.astype(np.uint16) if differing is None else np.add(differing, bits, out=differing)
        assert differing is not None
        return differing

    def _compared(self, vector: NDArray[np.float32], at: NDArray[np.int64], most: int) -> dict[int, Near]:
        # Not by BLAS, whose threads cost more than so little work when the machine is busy.
        scores = np.einsum("ij,j->i", unpacked(self._content[at]), vector)
        order = np.argsort(-scores, kind="stable")
        # The first of each entry is its nearest passage.
        _, firsts = np.unique(self._entries[at[order]], return_index=True)
        chosen = order[np.sort(firsts)[:most]]
        columns = (self._entries[at[chosen]], scores[chosen], self._ordinals[at[chosen]], self._kept[at[chosen]])
        rows_of_columns = zip(*(column.tolist() for column in columns), strict=True)
        return {entry: Near(nearness, passage, kept) for entry, nearness, passage, kept in rows_of_columns}
