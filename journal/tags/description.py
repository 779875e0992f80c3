"""A passage as one row of numbers, the same way when the heads are trained and when they are used.

A row joins what the encoder makes of the sentences, the emotions it sees in them, the tags the word list finds, and
the words themselves. All but the last is kept per sentence, so that a passage without one of its sentences is
described without asking the encoder again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.meaning.encoder import WIDTH
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.tags.lexicon_tagger import findings
from journal.tags.names import FEELINGS, THEMES
from journal.tags.telling_words import TellingWords

Row = NDArray[np.float32]
NAMES: Final = FEELINGS + THEMES
_PLACES: Final = {name: at for at, name in enumerate(NAMES)}

FIRST_WEIGHT: Final = 2.0
MEAN_WEIGHT: Final = 3.0
"""How much a block of the row counts for the heads, whose training keeps all weights alike small."""


@dataclass(frozen=True, slots=True)
class Emotions:
    """The head that was trained together with the encoder: the emotions of GoEmotions in one short text.

    ``weight`` is (28, 768); ``slope`` and ``offset`` turn its logits into calibrated probabilities.
    """

    names: tuple[str, ...]
    weight: NDArray[np.float32]
    bias: Row
    slope: Row
    offset: Row
    threshold: Row

    def sure(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities, a row per vector and a column per emotion."""
        logits = np.einsum("rc,tc->rt", vectors, self.weight) + self.bias
        return sigmoid(logits * self.slope + self.offset)


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence as numbers."""

    text: str
    words: int
    vector: Row
    emotions: Row
    lexicon: Row


class Describer:
    """Makes rows of sentences.

    Args:
        encoder: makes vectors.
        emotions: sees emotions in vectors.
        telling: the words that get a column each; none unless given.
    """

    def __init__(self, encoder: MiniLmEncoder, emotions: Emotions, telling: TellingWords | None = None) -> None:
        self._encoder = encoder
        self._emotions = emotions
        self._telling = telling or TellingWords((), np.zeros(0, np.float32))

    def parts(self, texts: Sequence[str]) -> list[Part]:
        """Each sentence as numbers; equal ones are encoded once."""
        different = list(dict.fromkeys(texts))
        vectors = self._encoder.sentence_vectors(different)
        emotions = self._emotions.sure(vectors)
        made = {
            text: Part(text, max(1, len(text.split())), vectors[at], emotions[at], _lexicon_row(text))
            for at, text in enumerate(different)
        }
        return [made[text] for text in texts]

    def row(self, parts: Sequence[Part]) -> Row:
        """A passage of these sentences; without any, zeros."""
        shares = np.array([part.words for part in parts], np.float32)
        shares /= max(1.0, float(shares.sum()))
        if not parts:
            return np.zeros(
                2 * WIDTH + 2 * len(self._emotions.names) + len(NAMES) + len(self._telling.rarity), np.float32
            )
        vector = np.einsum("r,rc->c", shares, np.stack([part.vector for part in parts]))
        emotions = np.stack([part.emotions for part in parts])
        lexicon = 1 - np.prod([1 - part.lexicon for part in parts], axis=0)
        return np.concatenate(
            [
                FIRST_WEIGHT * _unit(vector[:WIDTH]),
                MEAN_WEIGHT * _unit(vector[WIDTH:]),
                np.einsum("r,rc->c", shares, emotions),
                emotions.max(0),
                lexicon,
                self._telling.row([part.text for part in parts]),
            ],
            dtype=np.float32,
        )


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits as probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)


def _lexicon_row(text: str) -> Row:
    row = np.zeros(len(NAMES), np.float32)
    for name, found in findings(text).items():
        row[_PLACES[name]] = found.confidence
    return row


def _unit(vector: Row) -> Row:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
