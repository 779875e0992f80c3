"""Fits the heads of feelings and themes on LeMotif's journal entries, and scores them by cross-validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.tags.description import Describer, FeelingDescriber, Piece
from journal.tags.heads import Heads, given
from journal.tags.prepared_text import prepared
from journal.tags.telling_words import TellingWords
from journal.tags.training import fitting
from journal.tags.training.extra_examples import ExtraExamples

Numbers = NDArray[np.float64]

FOLDS: Final = 5
INNER_FOLDS: Final = 4
SEED: Final = 20

SCALES: Final = (0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.8)
MOST_THRESHOLD: Final = 0.5
"""What is more likely than not is said: LeMotif's authors named one theme an entry, other days have several."""

NEARS: Final = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class Examples:
    """What heads are fitted on: each text's sentences, its row without the words, and its tags.

    ``rows`` is (texts, columns), ``truth`` (texts, tags) of 0 and 1, ``weights`` (texts, tags).
    """

    sentences: list[list[str]]
    rows: Numbers
    truth: Numbers
    weights: Numbers

    def only(self, places: NDArray[np.int64]) -> Examples:
        """The examples at these places."""
        sentences = [self.sentences[at] for at in places]
        return Examples(sentences, self.rows[places], self.truth[places], self.weights[places])

    def joined(self, others: Examples) -> Examples:
        """These examples, then the others."""
        return Examples(
            self.sentences + others.sentences,
            np.vstack([self.rows, others.rows]),
            np.vstack([self.truth, others.truth]),
            np.vstack([self.weights, others.weights]),
        )


def examples(describer: Describer, texts: Sequence[str], truth: Numbers, weights: Numbers) -> Examples:
    """Texts as the tagger would read them. ``describer`` knows no words yet: those depend on the fold.

    Those of which nothing is left to read have a row of zeros.
    """
    felt = isinstance(describer, FeelingDescriber)
    pieces = [
        [Piece(ready.felt, passage) for passage in ready.felt_passages]
        if felt
        else [Piece(ready.read, passage) for passage in ready.passages]
        for ready in map(prepared, texts)
    ]
    read = iter(describer.read([piece for text in pieces for piece in text]))
    parts = [[part for _ in text for part in next(read)] for text in pieces]
    rows = [describer.rows(text, np.ones((1, len(text)), bool))[0] if text else None for text in parts]
    empty = np.zeros(next(len(row) for row in rows if row is not None))
    return Examples(
        [[part.text for part in text] for text in parts],
        np.stack([empty if row is None else row for row in rows]).astype(np.float64),
        truth,
        weights,
    )


def described(extra: ExtraExamples, describer: Describer) -> Examples:
    """Further examples; those of which nothing is left to read are left out."""
    found = examples(describer, extra.texts, extra.truth, extra.weights)
    return found.only(np.flatnonzero([bool(sentences) for sentences in found.sentences]))


def fit(names: Sequence[str], journal: Examples, extra: Examples, strength: float) -> tuple[Heads, TellingWords]:
    """Heads whose thresholds and calibration come from entries that they were not fitted on."""
    telling = TellingWords.learn([" ".join(sentences) for sentences in journal.sentences])
    both = journal.joined(extra)
    rows, way = fitting.turned(_with_words(both, telling))
    entries = len(journal.sentences)
    extras = np.arange(entries, len(rows))
    logits = np.zeros(journal.truth.shape)
    for inside, outside in folds(entries, INNER_FOLDS):
        used = np.concatenate([inside, extras])
        weight, bias = fitting.logistic(rows[used], both.truth[used], both.weights[used], strength)
        logits[outside] = rows[outside] @ weight.T + bias
    true = journal.truth > 0
    slope, offset = fitting.calibration(logits, true)
    sure = 1 / (1 + np.exp(-(logits * slope + offset)))
    threshold, near = _best_rule(sure, true, _words(journal))
    weight, bias = fitting.logistic(rows, both.truth, both.weights, strength)
    learned = [
        np.asarray(part, np.float32) for part in (weight @ way.T, bias, slope, offset, threshold, np.array(near))
    ]
    return Heads(tuple(names), *learned), telling


def cross_validated(
    names: Sequence[str], journal: Examples, extra: Examples, strength: float
) -> tuple[NDArray[np.bool_], Numbers]:
    """Tags and probabilities of every entry by heads that have not seen it, each of shape (entries, tags)."""
    ticks = np.zeros(journal.truth.shape, bool)
    sure = np.zeros(journal.truth.shape)
    for inside, outside in folds(len(journal.sentences), FOLDS):
        heads, telling = fit(names, journal.only(inside), extra, strength)
        unseen = journal.only(outside)
        logits = _logits(heads, telling, unseen)
        sure[outside] = 1 / (1 + np.exp(-(logits * heads.slope + heads.offset)))
        ticks[outside] = heads.given(sure[outside].astype(np.float32), _words(unseen))
    return ticks, sure


def folds(count: int, parts: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Places inside and outside of each fold, the same every time."""
    order = np.random.default_rng(SEED).permutation(count)
    outside = [np.sort(order[part::parts]) for part in range(parts)]
    return [(np.setdiff1d(order, places), places) for places in outside]


def _best_rule(sure: Numbers, true: NDArray[np.bool_], words: Sequence[int]) -> tuple[Numbers, float]:
    """Thresholds, and how near the nearest tag has to come, that give the best micro- and macro-F1 together."""
    alone = fitting.thresholds(sure, true)

    def score(rule: tuple[float, float]) -> float:
        ticks = given((sure / np.minimum(alone * rule[0], MOST_THRESHOLD)).astype(np.float32), rule[1], words)
        return fitting.micro_f1(true, ticks) + fitting.macro_f1(true, ticks)

    scale, near = max(((scale, near) for scale in SCALES for near in NEARS), key=score)
    return np.minimum(alone * scale, MOST_THRESHOLD), near


def _words(found: Examples) -> list[int]:
    return [sum(len(sentence.split()) for sentence in sentences) for sentences in found.sentences]


def _logits(heads: Heads, telling: TellingWords, found: Examples) -> Numbers:
    return np.asarray(_with_words(found, telling) @ heads.weight.T + heads.bias, np.float64)


def _with_words(found: Examples, telling: TellingWords) -> Numbers:
    words = [telling.rows(sentences, np.ones((1, len(sentences)), bool)) for sentences in found.sentences]
    return np.hstack([found.rows, np.vstack(words)])
