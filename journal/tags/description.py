"""A passage as one row of numbers, the same way when the heads are trained and when they are used.

A row joins what an encoder makes of the sentences, the emotions it sees in them, the tags the word list finds, and
the words themselves. All of it is kept per sentence, so that a passage without one of its sentences is described
without asking the encoder again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journal.meaning.encoder import WIDTH
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.meaning.sentences import Sentence
from journal.tags.lexicon_tagger import findings
from journal.tags.names import FEELINGS, THEMES
from journal.tags.prepared_text import plain
from journal.tags.telling_words import MOST_REMEMBERED, TellingWords

Row = NDArray[np.float32]
NOTHING: Final = np.zeros(0, np.float32)
NO_WORDS: Final = TellingWords((), NOTHING)
NAMES: Final = FEELINGS + THEMES
_PLACES: Final = {name: at for at, name in enumerate(NAMES)}

FIRST_WEIGHT: Final = 2.0
MEAN_WEIGHT: Final = 3.0
WHOLE_WEIGHT: Final = 3.0
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


class Stretch(NamedTuple):
    """Characters ``start`` to ``end`` of a reading, within the sentence ``home`` of a passage."""

    home: int
    start: int
    end: int


class Piece(NamedTuple):
    """A passage that is to be read: sentences of a reading of a text."""

    reading: str
    sentences: tuple[Sentence, ...]


class Part(NamedTuple):
    """One sentence as numbers; without words, nothing."""

    text: str
    words: int
    vector: Row
    emotions: Row
    lexicon: Row


class FeelingDescriber:
    """Makes rows that tell feelings, of sentences that were read one by one.

    Args:
        encoder: makes vectors.
        emotions: sees emotions in vectors.
        telling: the words that get a column each; none unless given.
    """

    def __init__(self, encoder: MiniLmEncoder, emotions: Emotions, telling: TellingWords | None = None) -> None:
        self._encoder = encoder
        self._emotions = emotions
        self._telling = telling or NO_WORDS
        none = np.zeros(len(emotions.names), np.float32)
        self.nothing = Part("", 0, np.zeros(2 * WIDTH, np.float32), none, lexicon_row(""))
        """A sentence of which nothing is left."""

    def read(self, passages: Sequence[Piece]) -> list[list[Part]]:
        """The sentences of each passage as numbers."""
        texts = [[plain(piece.reading, one.start, one.end) for one in piece.sentences] for piece in passages]
        parts = iter(self.parts([text for passage in texts for text in passage]))
        return [[next(parts) for _ in passage] for passage in texts]

    def parts(self, texts: Sequence[str]) -> list[Part]:
        """Each sentence as numbers; equal ones are encoded once."""
        different = list(dict.fromkeys(texts))
        vectors = self._encoder.sentence_vectors(different)
        emotions = self._emotions.sure(vectors)
        made = {
            text: Part(text, len(text.split()), vectors[at], emotions[at], lexicon_row(text))
            for at, text in enumerate(different)
        }
        return [made[text] for text in texts]

    def rows(self, parts: Sequence[Part], kept: NDArray[np.bool_]) -> NDArray[np.float32]:
        """A row for each choice of the sentences; zeros for none.

        Args:
            kept: (choices, parts), which of them count.
        """
        words = np.array([part.words for part in parts], np.float32)
        shares = kept * words
        shares /= np.maximum(1.0, shares.sum(1, keepdims=True))
        vectors = np.einsum("cp,pw->cw", shares, np.stack([part.vector for part in parts]))
        emotions = np.stack([part.emotions for part in parts])
        return np.hstack(
            [
                FIRST_WEIGHT * _unit(vectors[:, :WIDTH]),
                MEAN_WEIGHT * _unit(vectors[:, WIDTH:]),
                np.einsum("cp,pe->ce", shares, emotions),
                np.where(kept[:, :, None], emotions, 0).max(1),
                _lexicon_rows(parts, kept),
                self._telling.rows([part.text for part in parts], kept),
            ],
            dtype=np.float32,
        )


class ThemeDescriber:
    """Makes rows that tell themes, of whole passages, since what is spoken of is often said once.

    A sentence means what it means in the midst of the others, so that a passage without it costs no second look of
    the encoder.

    Args:
        encoder: makes vectors; the one of the search, which reads the same passages.
        telling: the words that get a column each; none unless given.
    """

    def __init__(self, encoder: MiniLmEncoder, telling: TellingWords | None = None) -> None:
        self._encoder = encoder
        self._telling = telling or NO_WORDS

    def read(self, passages: Sequence[Piece], within: Sequence[Sequence[Stretch]] = ()) -> list[list[Part]]:
        """The sentences of each passage as numbers; behind them, each without one of the stretches ``within`` them."""
        asked = within or [()] * len(passages)
        starts = [piece.sentences[0].start for piece in passages]
        vectors = self._encoder.stretch_vectors(
            [piece.reading[start : piece.sentences[-1].end] for piece, start in zip(passages, starts, strict=True)],
            [
                [
                    *((one.start - start, one.end - start) for one in piece.sentences),
                    *((one.start - start, one.end - start) for one in stretches),
                ]
                for piece, stretches, start in zip(passages, asked, starts, strict=True)
            ],
        )
        return [_theme_parts(*one) for one in zip(passages, asked, vectors, strict=True)]

    def rows(self, parts: Sequence[Part], kept: NDArray[np.bool_]) -> NDArray[np.float32]:
        """As those of feelings."""
        vectors = np.einsum("cp,pw->cw", kept.astype(np.float32), np.stack([part.vector for part in parts]))
        return np.hstack(
            [
                WHOLE_WEIGHT * _unit(vectors),
                _lexicon_rows(parts, kept),
                self._telling.rows([part.text for part in parts], kept),
            ],
            dtype=np.float32,
        )


Describer = FeelingDescriber | ThemeDescriber


def _theme_parts(piece: Piece, within: Sequence[Stretch], vectors: Row) -> list[Part]:
    parts: list[Part] = []
    for one, vector in zip(piece.sentences, vectors, strict=False):
        text = plain(piece.reading, one.start, one.end)
        parts.append(Part(text, len(text.split()), vector, NOTHING, lexicon_row(text)))
    for stretch, vector in zip(within, vectors[len(piece.sentences) :], strict=True):
        text = rest(piece, stretch)
        left = parts[stretch.home].vector - vector
        parts.append(Part(text, len(text.split()), left if text else 0 * left, NOTHING, lexicon_row(text)))
    return parts


def rest(piece: Piece, stretch: Stretch) -> str:
    """A sentence without a stretch of it; nothing if no letter is left."""
    sentence = piece.sentences[stretch.home]
    before, behind = (
        plain(piece.reading, sentence.start, stretch.start),
        plain(piece.reading, stretch.end, sentence.end),
    )
    left = f"{before} {behind}".strip()
    return left if any(map(str.isalpha, left)) else ""


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits as probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float32)


@lru_cache(MOST_REMEMBERED)
def lexicon_row(text: str) -> Row:
    """How sure the word list is of each tag. Remembered, since a sentence is asked about for feelings and themes."""
    row = np.zeros(len(NAMES), np.float32)
    for name, found in findings(text).items():
        row[_PLACES[name]] = found.confidence
    row.flags.writeable = False
    return row


def _lexicon_rows(parts: Sequence[Part], kept: NDArray[np.bool_]) -> NDArray[np.float32]:
    doubts = 1 - np.stack([part.lexicon for part in parts])
    return np.asarray(1 - np.where(kept[:, :, None], doubts, 1).prod(1), np.float32)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)
