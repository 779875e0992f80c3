"""Fits the heads of feelings and themes on LeMotif's journal entries, and scores them by cross-validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.tags.description import Describer, FeelingDescriber, Part, Piece
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

PLAIN_PER_ENTRY: Final = 0.5
"""So many texts that say nothing of any tag are heeded when thresholds are set. Every entry of LeMotif has a feeling
and a theme, so that by them alone it would be best always to suggest something."""

NEARS: Final = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class Examples:
    """What heads are fitted on: each text's sentences, its row without the words, and its tags.

    ``rows`` is (texts, columns), ``truth`` (texts, tags) of 0 and 1, ``weights`` (texts, tags). ``alone`` has the rows
    of each text's sentences, (sentences, columns), where a sentence by itself counts as well.
    """

    sentences: list[list[str]]
    rows: Numbers
    truth: Numbers
    weights: Numbers
    alone: list[Numbers]

    def only(self, places: NDArray[np.int64]) -> Examples:
        """The examples at these places."""
        sentences = [self.sentences[at] for at in places]
        alone = [self.alone[at] for at in places] if self.alone else []
        return Examples(sentences, self.rows[places], self.truth[places], self.weights[places], alone)

    def joined(self, others: Examples) -> Examples:
        """These examples, then the others."""
        return Examples(
            self.sentences + others.sentences,
            np.vstack([self.rows, others.rows]),
            np.vstack([self.truth, others.truth]),
            np.vstack([self.weights, others.weights]),
            self.alone + others.alone,
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
    alone = [] if felt else [_alone(describer, text) for text in parts]
    empty = np.zeros(next(len(row) for row in rows if row is not None))
    return Examples(
        [[part.text for part in text] for text in parts],
        np.stack([empty if row is None else row for row in rows]).astype(np.float64),
        truth,
        weights,
        alone,
    )


def _alone(describer: Describer, parts: Sequence[Part]) -> Numbers:
    if not parts:
        return np.zeros((0, 0))
    return describer.rows(parts, np.eye(len(parts), dtype=bool)).astype(np.float64)


def described(extra: ExtraExamples, describer: Describer) -> Examples:
    """Further examples; those of which nothing is left to read are left out."""
    found = examples(describer, extra.texts, extra.truth, extra.weights)
    return found.only(np.flatnonzero([bool(sentences) for sentences in found.sentences]))


def fit(names: Sequence[str], journal: Examples, extra: Examples, strength: float) -> tuple[Heads, TellingWords]:
    """Heads whose thresholds and calibration come from entries that they were not fitted on."""
    telling = TellingWords.learn([" ".join(sentences) for sentences in journal.sentences])
    both = journal.joined(extra)
    rows, way = fitting.turned(_with_words(both, telling))
    logits = _by_others(rows, both, len(journal.sentences), strength)
    entries = np.arange(len(journal.sentences))
    slope, offset = fitting.calibration(logits[entries], journal.truth > 0)
    heeded = np.concatenate([entries, _plain(both, len(entries))])
    judged = both.only(heeded)
    sure = 1 / (1 + np.exp(-(logits[heeded] * slope + offset)))
    threshold, near = _best_rule(sure, judged.truth > 0, _words(judged))
    weight, bias = fitting.logistic(rows, both.truth, both.weights, strength)
    learned = [
        np.asarray(part, np.float32) for part in (weight @ way.T, bias, slope, offset, threshold, np.array(near))
    ]
    return Heads(tuple(names), *learned), telling


def _by_others(rows: Numbers, examples: Examples, entries: int, strength: float) -> Numbers:
    """Logits of each example, of which the first are journal entries, by heads that were fitted on others."""
    logits = np.zeros(examples.truth.shape)
    further = np.arange(entries, len(rows))
    for number, (inside, outside) in enumerate(folds(entries, INNER_FOLDS)):
        unseen = further[number::INNER_FOLDS]
        used = np.concatenate([inside, np.setdiff1d(further, unseen)])
        weight, bias = fitting.logistic(rows[used], examples.truth[used], examples.weights[used], strength)
        asked = np.concatenate([outside, unseen])
        logits[asked] = rows[asked] @ weight.T + bias
    return logits


def _plain(examples: Examples, entries: int) -> NDArray[np.int64]:
    """Places of the further examples that certainly bear no tag, as many as thresholds are to heed."""
    none = (examples.truth.sum(1) == 0) & (examples.weights.min(1) > 0)
    none[:entries] = False
    return np.flatnonzero(none)[: round(PLAIN_PER_ENTRY * entries)]


def cross_validated(
    names: Sequence[str], journal: Examples, extra: Examples, strength: float
) -> tuple[NDArray[np.bool_], Numbers]:
    """Tags and probabilities of every entry by heads that have not seen it, each of shape (entries, tags)."""
    ticks = np.zeros(journal.truth.shape, bool)
    sure = np.zeros(journal.truth.shape)
    for inside, outside in folds(len(journal.sentences), FOLDS):
        heads, telling = fit(names, journal.only(inside), extra, strength)
        unseen = journal.only(outside)
        logits = _with_words(unseen, telling) @ heads.weight.T + heads.bias
        sure[outside] = 1 / (1 + np.exp(-(logits * heads.slope + heads.offset)))
        ticks[outside] = heads.given(sure[outside].astype(np.float32), _words(unseen))
        if unseen.alone:
            alone = _sure_alone(heads, telling, unseen)
            sure[outside] = np.maximum(sure[outside], alone)
            ticks[outside] |= alone > 0
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


def _sure_alone(heads: Heads, telling: TellingWords, found: Examples) -> Numbers:
    """How sure one sentence of each text is of each tag, (texts, tags)."""
    sure = np.zeros(found.truth.shape)
    for at, (sentences, rows) in enumerate(zip(found.sentences, found.alone, strict=True)):
        if sentences:
            words = telling.rows(sentences, np.eye(len(sentences), dtype=bool))
            lengths = [len(sentence.split()) for sentence in sentences]
            sure[at] = heads.alone(np.hstack([rows, words]).astype(np.float32), lengths)
    return sure


def _with_words(found: Examples, telling: TellingWords) -> Numbers:
    words = [telling.rows(sentences, np.ones((1, len(sentences)), bool)) for sentences in found.sentences]
    return np.hstack([found.rows, np.vstack(words)])
