"""The head of GoEmotions: calibrated and with thresholds from the comments of its dev file, scored on others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.tags.description import Emotions
from journal.tags.training import fitting
from journal.tags.training.data import Comments


def emotions(names: Sequence[str], head_file: Path, encoder: MiniLmEncoder, dev: Comments) -> Emotions:
    """The head that was trained with the encoder, made ready for use on the encoder in 8 bit."""
    import torch

    learned = torch.load(head_file, weights_only=True)
    weight, bias = learned["weight"].numpy(), learned["bias"].numpy()
    logits = (encoder.sentence_vectors(dev.texts) @ weight.T + bias).astype(np.float64)
    true = truth(dev, len(names)) > 0
    slope, offset = fitting.calibration(logits, true)
    threshold = fitting.thresholds(1 / (1 + np.exp(-(logits * slope + offset))), true)
    small = [np.asarray(numbers, np.float32) for numbers in (slope, offset, threshold)]
    return Emotions(tuple(names), weight, bias, *small)


def truth(comments: Comments, labels: int) -> NDArray[np.float64]:
    """(comments, labels) of 0 and 1."""
    found = np.zeros((len(comments.texts), labels))
    for at, numbers in enumerate(comments.labels):
        found[at, list(numbers)] = 1
    return found
