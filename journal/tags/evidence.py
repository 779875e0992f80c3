"""Which words earned a tag: those without which the head is least sure of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.meaning.sentences import Sentence
from journal.tags.clauses import Reading
from journal.tags.description import Describer, Part
from journal.tags.heads import Heads
from journal.tags.prepared_text import plain

MOST_TRIED_CLAUSES: Final = 24
"""Per text and kind of tag; each costs the encoder a millisecond or two. What is left over shows a whole sentence."""

SHORT_TEXT_PASSAGES: Final = 3
"""In a longer text a sentence is short enough to be shown as it is."""

SHORTEST_CLAUSE_WORDS: Final = 3
MOST_SPANS: Final = 3
WORTH_SHOWING: Final = 0.3
"""A second stretch is shown if leaving it out costs this share of what leaving out the first does."""

MOST_OF_A_PASSAGE: Final = 0.45
"""Evidence that is most of what was said explains nothing."""


Sure = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the heads see it: its sentences in the text, and each as numbers."""

    sentences: tuple[Sentence, ...]
    parts: tuple[Part, ...]


class Occlusion:
    """Looks for evidence by leaving out. One for each text and kind of tag, since it bounds the work for it."""

    def __init__(self, describer: Describer, heads: Heads, reading: str, passages: Sequence[Passage]) -> None:
        self._describer = describer
        self._heads = heads
        self._reading = reading
        self._passages = passages
        self._left = MOST_TRIED_CLAUSES if len(passages) <= SHORT_TEXT_PASSAGES else 0
        self._tried: dict[int, tuple[list[tuple[int, int]], Sure]] = {}

    def spans(self, number: int, tag: int) -> list[tuple[int, int]]:
        """Characters of the clauses or sentences that speak most for a tag in a passage, at most three.

        Args:
            number: which passage.
            tag: which tag, by its number in the heads.
        """
        if number not in self._tried:
            stretches, sure = self._try(self._passages[number])
            self._tried[number] = stretches, self._sure([self._passages[number].parts]) - sure
        stretches, every_drop = self._tried[number]
        drops = every_drop[:, tag]
        order = [int(at) for at in np.argsort(-drops, kind="stable")]
        room = MOST_OF_A_PASSAGE * sum(end - start for start, end in stretches)
        chosen = [stretches[order[0]]]
        for at in order[1:MOST_SPANS]:
            length = sum(end - start for start, end in [*chosen, stretches[at]])
            if drops[at] >= WORTH_SHOWING * drops[order[0]] and length <= room:
                chosen.append(stretches[at])
        return chosen

    def _try(self, passage: Passage) -> tuple[list[tuple[int, int]], Sure]:
        """Stretches of a passage, and how sure each tag is without each of them."""
        clauses = [_clauses(self._reading, sentence) for sentence in passage.sentences]
        count = sum(map(len, clauses))
        if count > self._left:
            stretches = [trimmed(self._reading, one.start, one.end) for one in passage.sentences]
            return stretches, self._sure([_without(passage, at) for at in range(len(passage.parts))])
        self._left -= count
        stretches = [stretch for of_sentence in clauses for stretch in of_sentence]
        homes = [at for at, of_sentence in enumerate(clauses) for _ in of_sentence]
        rests = [self._rest(passage.sentences[at], *stretch) for at, stretch in zip(homes, stretches, strict=True)]
        parts = iter(self._describer.parts([rest for rest in rests if rest]))
        lefts = [
            [*_without(passage, at), *([next(parts)] if rest else [])] for at, rest in zip(homes, rests, strict=True)
        ]
        return stretches, self._sure(lefts)

    def _rest(self, sentence: Sentence, start: int, end: int) -> str:
        """A sentence without a stretch of it; nothing if no letter is left."""
        rest = f"{plain(self._reading, sentence.start, start)} {plain(self._reading, end, sentence.end)}".strip()
        return rest if any(map(str.isalpha, rest)) else ""

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


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without the spaces around it."""
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), end - len(stretch) + len(stretch.rstrip())
