"""The emotions of GoEmotions, by its protocol: trained on one part, thresholds tuned on dev, scored on another."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks import f1
from journal.tags.lexicon_tagger import findings
from journal.tags.trained_model import TrainedModel
from journal.tags.trained_tagger import SAME_EMOTION, TrainedTagger
from journal.tags.training import data
from journal.tags.training.emotion_head import truth


def table(folder: Path, test_file: Path | None, model: TrainedModel) -> str:
    names = data.label_names(folder)
    train = data.comments(folder / data.GOEMOTIONS_TRAIN_FILE)
    test = data.comments(test_file) if test_file else data.part(train, held_out=True)
    true = truth(test, len(names)) > 0
    sure = model.emotions.sure(model.encoder.sentence_vectors(test.texts))
    given = sure > model.emotions.threshold
    methods = {
        "always the most frequent": f1.most_frequent(true),
        "the emotion's name as a word": np.array([[name in text.casefold() for name in names] for text in test.texts]),
        "Outbreath": given,
    }
    lines = ["| GoEmotions, 27 emotions and neutral | micro-F1 | macro-F1 |", "|---|---|---|"]
    for method, ticks in methods.items():
        micro, macro = f1.micro_macro(true, ticks)
        lines.append(f"| {method} | {micro:.3f} | {macro:.3f} |")
    source = test_file.name if test_file else "the held-out tenth of the training file"
    lines += ["", f"{len(test.texts)} comments: {source}. Mean calibration error {_calibration_error(sure, true):.3f}."]
    lines += ["", "| Feeling of this work | emotion | method | precision | recall | F1 |", "|---|---|---|---|---|---|"]
    tagger = TrainedTagger()
    methods_of_work = {
        "word list": [set(findings(text)) for text in test.texts],
        "Outbreath": [{tag.name for tag in tagger.suggest(text)} for text in test.texts],
    }
    for emotion, feeling in SAME_EMOTION.items():
        for method, found in methods_of_work.items():
            said = np.array([feeling in tags for tags in found])
            scores = _precision_recall_f1(true[:, names.index(emotion)], said)
            lines.append(
                f"| {feeling} | {emotion} | {method} | " + " | ".join(f"{score:.2f}" for score in scores) + " |"
            )
    return "\n".join(lines) + "\n"


def _precision_recall_f1(really: np.ndarray, said: np.ndarray) -> tuple[float, float, float]:
    right = int((really & said).sum())
    both = int(said.sum() + really.sum())
    return right / max(1, int(said.sum())), right / max(1, int(really.sum())), 2 * right / max(1, both)


def _calibration_error(sure: np.ndarray, true: np.ndarray) -> float:
    """How far confidence and truth are apart, in ten bands of confidence, weighted by their size (ECE)."""
    band = np.minimum((sure * 10).astype(int), 9)
    apart = [
        abs(sure[band == at].mean() - true[band == at].mean()) * (band == at).mean()
        for at in range(10)
        if (band == at).any()
    ]
    return float(sum(apart))
