"""Which words earned a tag: those without which the head is least sure of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from journal.tags.clauses import Reading
from journal.tags.description import Describer, Part
from journal.tags.heads import Heads
from journal.tags.passages import Sentence
from journal.tags.prepared_text import plain

MOST_TRIED_CLAUSES: Final = 24
"""Per text; each costs the encoder about a millisecond. Tags that are left over show a whole sentence."""

SHORTEST_CLAUSE_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the heads see it: its sentences in the text, and each as numbers."""

    sentences: tuple[Sentence, ...]
    parts: tuple[Part, ...]


class Occlusion:
    """Looks for evidence by leaving out. One for each text, since it bounds the work for it."""

    def __init__(self, describer: Describer, heads: Heads, reading: str) -> None:
        self._describer = describer
        self._heads = heads
        self._reading = reading
        self._left = MOST_TRIED_CLAUSES

    def span(self, passage: Passage, tag: int) -> tuple[int, int]:
        """Characters of the sentence, or the clause in it, that speaks most for a tag (its number in the heads)."""
        without = [self._without(passage, at) for at in range(len(passage.parts))]
        best = int(np.argmin(self._sure(without, tag)))
        sentence = passage.sentences[best]
        clauses = _clauses(self._reading, sentence)
        if len(clauses) < 2 or len(clauses) > self._left:
            return _trimmed(self._reading, sentence.start, sentence.end)
        self._left -= len(clauses)
        return clauses[int(np.argmin(self._sure_without_clauses(passage, best, clauses, tag)))]

    def _sure_without_clauses(
        self, passage: Passage, at: int, clauses: Sequence[tuple[int, int]], tag: int
    ) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        sentence = passage.sentences[at]
        rests = [
            f"{plain(self._reading, sentence.start, start)} {plain(self._reading, end, sentence.end)}".strip()
            for start, end in clauses
        ]
        others = [part for number, part in enumerate(passage.parts) if number != at]
        return self._sure([[*others, part] for part in self._describer.parts(rests)], tag)

    def _sure(self, passages: Sequence[Sequence[Part]], tag: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        rows = np.stack([self._describer.row(parts) for parts in passages])
        # A text without any word bears no tag, whatever the head's bias is.
        sure = self._heads.sure(rows)[:, tag]
        sure[[not parts for parts in passages]] = 0.0
        return np.asarray(sure)

    @staticmethod
    def _without(passage: Passage, at: int) -> list[Part]:
        return [part for number, part in enumerate(passage.parts) if number != at]


def _clauses(text: str, sentence: Sentence) -> list[tuple[int, int]]:
    """Characters of the clauses of a sentence; very short ones go with the one before."""
    reading = Reading(text[sentence.start : sentence.end])
    parts: list[tuple[int, int]] = []
    for first, last in reading.clauses():
        short = bool(parts) and min(last - first, parts[-1][1] - parts[-1][0]) + 1 < SHORTEST_CLAUSE_WORDS
        parts = [*parts[:-1], (parts[-1][0], last)] if short else [*parts, (first, last)]
    return [(sentence.start + reading.starts[first], sentence.start + reading.ends[last]) for first, last in parts]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the spaces around it."""
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())
