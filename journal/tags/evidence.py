"""Which words earned a tag: those without which the head is least sure of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.tags.clauses import Reading
from journal.tags.description import Describer, Part
from journal.tags.heads import Heads
from journal.tags.passages import Sentence
from journal.tags.prepared_text import plain

MOST_TRIED_CLAUSES: Final = 24
"""Per text and kind of tag; each costs the encoder a millisecond or two. What is left over shows a whole sentence."""

SHORT_TEXT_PASSAGES: Final = 3
"""In a longer text a sentence is short enough to be shown as it is."""

SHORTEST_CLAUSE_WORDS: Final = 3


Sure = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the heads see it: its sentences in the text, and each as numbers."""

    sentences: tuple[Sentence, ...]
    parts: tuple[Part, ...]


class Occlusion:
    """Looks for evidence by leaving out. One for each text, since it bounds the work for it."""

    def __init__(self, describer: Describer, heads: Heads, reading: str, passages: Sequence[Passage]) -> None:
        self._describer = describer
        self._heads = heads
        self._reading = reading
        self._passages = passages
        self._left = MOST_TRIED_CLAUSES if len(passages) <= SHORT_TEXT_PASSAGES else 0
        self._without_sentence: dict[int, Sure] = {}
        self._without_clause: dict[tuple[int, int], tuple[list[tuple[int, int]], Sure]] = {}

    def span(self, number: int, tag: int) -> tuple[int, int]:
        """Characters of the sentence, or the clause in it, that speaks most for a tag in a passage.

        Args:
            number: which passage.
            tag: which tag, by its number in the heads.
        """
        passage = self._passages[number]
        if number not in self._without_sentence:
            lefts = [_without(passage, at) for at in range(len(passage.parts))]
            self._without_sentence[number] = self._sure(lefts)
        at = int(self._without_sentence[number][:, tag].argmin())
        if (number, at) not in self._without_clause:
            self._try_clauses(number, at)
        clauses, sure = self._without_clause[number, at]
        return clauses[int(sure[:, tag].argmin())]

    def _try_clauses(self, number: int, at: int) -> None:
        passage = self._passages[number]
        sentence = passage.sentences[at]
        clauses = _clauses(self._reading, sentence)
        if len(clauses) < 2 or len(clauses) > self._left:
            whole = [_trimmed(self._reading, sentence.start, sentence.end)]
            self._without_clause[number, at] = whole, np.zeros((1, len(self._heads.names)), np.float32)
            return
        self._left -= len(clauses)
        rests = [
            f"{plain(self._reading, sentence.start, start)} {plain(self._reading, end, sentence.end)}".strip()
            for start, end in clauses
        ]
        others = _without(passage, at)
        sure = self._sure([[*others, part] for part in self._describer.parts(rests)])
        self._without_clause[number, at] = clauses, sure

    def _sure(self, passages: Sequence[Sequence[Part]]) -> Sure:
        """Probabilities, a row per passage and a column per tag."""
        sure = self._heads.sure(np.stack([self._describer.row(parts) for parts in passages]))
        # A text without any word bears no tag, whatever the head's bias is.
        sure[[not parts for parts in passages]] = 0.0
        return sure


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
