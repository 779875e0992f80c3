"""Fits linear heads: logistic regression for all tags at once, thresholds, calibration. The door to ``scipy``."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

ROUNDS: Final = 60
GRID: Final = np.linspace(0.02, 0.9, 89)
SMOOTHED_OVER: Final = 7
TRUSTED_FROM_EXAMPLES: Final = 8.0
"""With this many examples a tag's own threshold counts as much as that of all tags together."""


def logistic(rows: Numbers, truth: Numbers, weights: Numbers, strength: float) -> tuple[Numbers, Numbers]:
    """Weights (tags, columns) and biases that tell the tags of rows, with an L2 penalty.

    Args:
        rows: (examples, columns).
        truth: (examples, tags), 0 or 1.
        weights: (examples, tags): how much each counts, 0 for not at all.
        strength: how little the penalty counts (scikit-learn's ``C``).
    """
    from scipy.optimize import minimize

    columns, tags = rows.shape[1], truth.shape[1]
    mean = (truth * weights).sum(0) / np.maximum(weights.sum(0), 1e-9)
    start = np.zeros((columns + 1, tags))
    start[-1] = np.log((mean + 1e-4) / (1 - mean + 1e-4))

    def cost(flat: Numbers) -> tuple[float, Numbers]:
        found = flat.reshape(columns + 1, tags)
        logits = rows @ found[:-1] + found[-1]
        loss = (weights * (np.logaddexp(0, logits) - truth * logits)).sum()
        away = weights * (1 / (1 + np.exp(-np.clip(logits, -30, 30))) - truth)
        slope = np.vstack([strength * rows.T @ away + found[:-1], strength * away.sum(0)])
        return strength * loss + 0.5 * (found[:-1] ** 2).sum(), slope.ravel()

    best: Any = minimize(cost, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    found = best.x.reshape(columns + 1, tags)
    return found[:-1].T, found[-1]


def thresholds(sure: Numbers, truth: NDArray[np.bool_]) -> Numbers:
    """The probability from which to give each tag so that F1 is best; of rare tags drawn towards that of all."""
    together = np.array([micro_f1(truth, sure > level) for level in GRID])
    common = GRID[int(together.argmax())]
    found = np.empty(truth.shape[1])
    for tag in range(truth.shape[1]):
        scores = np.array([micro_f1(truth[:, [tag]], sure[:, [tag]] > level) for level in GRID])
        around = np.pad(scores, SMOOTHED_OVER // 2, "edge")
        smooth = np.convolve(around, np.ones(SMOOTHED_OVER) / SMOOTHED_OVER, "valid")
        trust = truth[:, tag].sum() / (truth[:, tag].sum() + TRUSTED_FROM_EXAMPLES)
        found[tag] = trust * GRID[int(smooth.argmax())] + (1 - trust) * common
    return found


def calibration(logits: Numbers, truth: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Slope and offset per tag that make probabilities of logits (Platt 1999), drawn towards slope 1 and offset 0."""
    from scipy.optimize import minimize

    slopes, offsets = np.ones(truth.shape[1]), np.zeros(truth.shape[1])
    for tag in range(truth.shape[1]):
        logit, true = logits[:, tag], truth[:, tag].astype(float)

        def cost(pair: Numbers, logit: Numbers = logit, true: Numbers = true) -> float:
            sure = pair[0] * logit + pair[1]
            return float((np.logaddexp(0, sure) - true * sure).sum() + (pair[0] - 1) ** 2 + 0.1 * pair[1] ** 2)

        slopes[tag], offsets[tag] = minimize(cost, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return slopes, offsets


def turned(rows: Numbers) -> tuple[Numbers, Numbers]:
    """The rows in as few columns as there are examples, which loses nothing, and (columns, fewer): the way there.

    Weights ``w`` over the fewer columns are ``way @ w`` over all.
    """
    if rows.shape[1] <= rows.shape[0]:
        return rows, np.eye(rows.shape[1])
    back, triangle = np.linalg.qr(rows.T)
    return triangle.T, back


def micro_f1(truth: NDArray[np.bool_], given: NDArray[np.bool_]) -> float:
    """F1 over all tags together, for arrays of shape (texts, tags)."""
    return float(2 * (truth & given).sum() / max(1, truth.sum() + given.sum()))


def macro_f1(truth: NDArray[np.bool_], given: NDArray[np.bool_]) -> float:
    """The mean of each tag's F1."""
    return float((2 * (truth & given).sum(0) / np.maximum(1, truth.sum(0) + given.sum(0))).mean())
