"""F1 of sets of tags."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ticks = NDArray[np.bool_]


def per_tag(truth: Ticks, given: Ticks) -> NDArray[np.float64]:
    """F1 of each tag, for arrays of shape (texts, tags)."""
    both = 2 * (truth & given).sum(0)
    return np.asarray(both / np.maximum(1, truth.sum(0) + given.sum(0)))


def micro_macro(truth: Ticks, given: Ticks) -> tuple[float, float]:
    """F1 over all tags together, and the mean of each tag's."""
    micro = 2 * (truth & given).sum() / max(1, truth.sum() + given.sum())
    return float(micro), float(per_tag(truth, given).mean())


def most_frequent(truth: Ticks) -> Ticks:
    """Always as many of the most frequent tags as a text has on average."""
    count = max(1, round(float(truth.sum() / len(truth))))
    given = np.zeros(truth.shape, bool)
    given[:, np.argsort(-truth.sum(0), kind="stable")[:count]] = True
    return given
