"""Which words earned a tag: those without which the head is least sure of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.meaning.sentences import Sentence
from journal.tags.clauses import Reading
from journal.tags.description import Describer, Part, Piece, Stretch
from journal.tags.heads import Heads

MOST_TRIED_CLAUSES: Final = 40
"""Per text and kind of tag; each costs the encoder a millisecond or two. What is left over shows a whole sentence."""

SHORT_TEXT_PASSAGES: Final = 3
"""In a longer text a sentence is short enough to be shown as it is."""

SHORTEST_CLAUSE_WORDS: Final = 3
LONGEST_STRETCH_WORDS: Final = 9
"""What is longer is mostly said beside the point."""

JOINING: Final = frozenset(
    (
        *("about", "after", "as", "at", "before", "because", "by", "during", "for", "from", "if", "in", "into", "of"),
        *("on", "or", "over", "since", "than", "that", "through", "to", "until", "when", "where", "which", "while"),
        *("who", "with", "without"),
    )
)
MOST_SPANS: Final = 3
WORTH_SHOWING: Final = 0.3
"""A second stretch is shown if leaving it out costs this share of what leaving out the first does."""

MOST_OF_A_PASSAGE: Final = 0.45
"""Evidence that is most of what was said explains nothing."""


Sure = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the heads see it: its sentences in the reading, each as numbers, and stretches that may be evidence.

    ``rests`` gives the sentences that are left without each of the stretches, as numbers.
    """

    piece: Piece
    parts: Sequence[Part]
    stretches: Sequence[Stretch]
    rests: Callable[[], Sequence[Part]]


class Occlusion:
    """Looks for evidence by leaving out."""

    def __init__(self, describer: Describer, heads: Heads, passages: Sequence[Passage]) -> None:
        self._describer = describer
        self._heads = heads
        self._passages = passages
        self._tried: dict[int, Sure] = {}

    def spans(self, number: int, tag: int) -> list[tuple[int, int]]:
        """Characters of the clauses or sentences that speak most for a tag in a passage, at most three.

        Args:
            number: which passage.
            tag: which tag, by its number in the heads.
        """
        passage = self._passages[number]
        if number not in self._tried:
            self._tried[number] = self._drops(passage)
        drops = self._tried[number][:, tag]
        stretches = [(stretch.start, stretch.end) for stretch in passage.stretches]
        order = [int(at) for at in np.argsort(-drops, kind="stable")]
        room = MOST_OF_A_PASSAGE * sum(end - start for start, end in stretches)
        chosen = [stretches[order[0]]]
        for at in order[1:MOST_SPANS]:
            length = sum(end - start for start, end in [*chosen, stretches[at]])
            if drops[at] >= WORTH_SHOWING * drops[order[0]] and length <= room:
                chosen.append(stretches[at])
        return chosen

    def _drops(self, passage: Passage) -> Sure:
        """How much less sure each tag is without each stretch: a row per stretch, a column per tag."""
        sentences, stretches = len(passage.parts), len(passage.stretches)
        parts = [*passage.parts, *passage.rests()]
        kept = np.zeros((stretches + 1, len(parts)), bool)
        kept[:, :sentences] = True
        for row, stretch in enumerate(passage.stretches):
            kept[row, stretch.home] = False
            kept[row, sentences + row] = parts[sentences + row].words > 0
        sure = self._heads.sure(self._describer.rows(parts, kept))
        # A text without any word bears no tag, whatever the head's bias is.
        sure[~kept.any(1)] = 0.0
        return np.asarray(sure[-1] - sure[:-1])


def stretches(passages: Sequence[Piece]) -> list[list[Stretch]]:
    """What may be evidence in each passage: clauses of a short text, sentences of a long one."""
    left = MOST_TRIED_CLAUSES if len(passages) <= SHORT_TEXT_PASSAGES else 0
    found: list[list[Stretch]] = []
    for piece in passages:
        whole = [Stretch(at, *trimmed(piece.reading, one.start, one.end)) for at, one in enumerate(piece.sentences)]
        clauses = [
            Stretch(at, *clause)
            for at, one in enumerate(piece.sentences if left else ())
            for clause in _clauses(piece.reading, one)
        ]
        fits = len(whole) <= len(clauses) <= left
        left -= len(clauses) if fits else 0
        found.append(clauses if fits else whole)
    return found


def _clauses(text: str, sentence: Sentence) -> list[tuple[int, int]]:
    """Characters of the clauses of a sentence; very short ones go with the one before."""
    reading = Reading(text[sentence.start : sentence.end])
    parts: list[tuple[int, int]] = []
    for first, last in reading.clauses():
        short = bool(parts) and min(last - first, parts[-1][1] - parts[-1][0]) + 1 < SHORTEST_CLAUSE_WORDS
        parts = [*parts[:-1], (parts[-1][0], last)] if short else [*parts, (first, last)]
    parts = [piece for first, last in parts for piece in _cut(reading.words, first, last)]
    return [(sentence.start + reading.starts[first], sentence.start + reading.ends[last]) for first, last in parts]


def _cut(words: Sequence[str], first: int, last: int) -> list[tuple[int, int]]:
    """A long clause in parts of about equal length, each beginning with a joining word if there is one near."""
    length = last - first + 1
    count = -(-length // LONGEST_STRETCH_WORDS)
    begins = [first]
    for number in range(1, count):
        ideal = first + number * length // count
        near = sorted(range(ideal - 2, ideal + 3), key=lambda at: (words[at] not in JOINING, abs(at - ideal)))
        begins.append(near[0])
    return [(begin, end - 1) for begin, end in zip(begins, [*begins[1:], last + 1], strict=True)]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the spaces around it."""
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())
