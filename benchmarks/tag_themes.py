"""Feelings and themes of journal entries beside what their authors ticked (LeMotif), by cross-validation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks import f1
from journal.tags.description import Describer, FeelingDescriber, ThemeDescriber
from journal.tags.lexicon_tagger import LexiconTagger
from journal.tags.telling_words import TellingWords
from journal.tags.trained_model import TrainedModel
from journal.tags.training import data, fitting, journal_heads, journal_sets


def table(folder: Path, model: TrainedModel) -> str:
    describers: tuple[Describer, ...] = (FeelingDescriber(model.encoder, model.emotions), ThemeDescriber(model.meaning))
    texts = [entry.text for entry in data.journal_texts(folder / data.LEMOTIF_FILE)]
    lines = ["| LeMotif | Method | micro-F1 | macro-F1 |", "|---|---|---|---|"]
    listed = [{tag.name for tag in LexiconTagger().suggest(text)} for text in texts]
    for kind, describer in zip(journal_sets.KINDS, describers, strict=True):
        names, journal, extra = journal_sets.examples(kind, folder, describer)
        true = journal.truth > 0
        given, _ = journal_heads.cross_validated(names, journal, extra, kind.strength)
        methods = {
            "always the most frequent": f1.most_frequent(true),
            "the tag's name as a word": _ticks(names, [set(re.findall(r"\w+", text.casefold())) for text in texts]),
            "word list": _ticks(names, listed),
            "TF-IDF and logistic regression": _by_words(journal),
            "Outbreath": given,
        }
        for method, ticks in methods.items():
            micro, macro = f1.micro_macro(true, ticks)
            lines.append(f"| {len(names)} {kind.name} | {method} | {micro:.3f} | {macro:.3f} |")
    return "\n".join([*lines, "", f"{len(texts)} entries, {journal_heads.FOLDS} folds.", ""])


def _ticks(names: Sequence[str], found: Sequence[set[str]]) -> f1.Ticks:
    return np.array([[name in tags for name in names] for tags in found])


def _by_words(journal: journal_heads.Examples) -> f1.Ticks:
    """The words alone, with thresholds tuned in the same way."""
    given = np.zeros(journal.truth.shape, bool)
    for inside, outside in journal_heads.folds(len(journal.sentences), journal_heads.FOLDS):
        telling = TellingWords.learn([" ".join(journal.sentences[at]) for at in inside])
        texts = [([" ".join(sentences)], np.ones((1, 1), bool)) for sentences in journal.sentences]
        rows = np.vstack([telling.rows(*text) for text in texts]).astype(np.float64)
        turned, way = fitting.turned(rows[inside])
        true = journal.truth[inside]
        sure = np.zeros(true.shape)
        for fitted, unseen in journal_heads.folds(len(inside), journal_heads.INNER_FOLDS):
            weight, bias = fitting.logistic(turned[fitted], true[fitted], np.ones_like(true[fitted]), 3.0)
            sure[unseen] = 1 / (1 + np.exp(-(turned[unseen] @ weight.T + bias)))
        weight, bias = fitting.logistic(turned, true, np.ones_like(true), 3.0)
        final = 1 / (1 + np.exp(-(rows[outside] @ way @ weight.T + bias)))
        given[outside] = final > fitting.thresholds(sure, true > 0)
    return given
