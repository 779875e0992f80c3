"""Linear heads over rows: which tags a passage bears, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.tags.description import Row, sigmoid

NEAR: Final = 0.6
"""A share of the threshold. Who writes an entry ticked something; a single sentence may well say nothing."""


@dataclass(frozen=True, slots=True)
class Heads:
    """One head per tag.

    ``weight`` is (tags, columns of a row). ``slope`` and ``offset`` turn a head's logit into a calibrated probability.
    ``threshold`` is the probability from which the tag is given: where F1 is best, which for rare tags is far below ½.
    """

    names: tuple[str, ...]
    weight: NDArray[np.float32]
    bias: Row
    slope: Row
    offset: Row
    threshold: Row

    def sure(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities, a row per row and a column per tag."""
        # Not `@`: what is so small is not worth the threads that BLAS would start for it.
        logits = np.einsum("rc,tc->rt", rows, self.weight) + self.bias
        return sigmoid(logits * self.slope + self.offset)

    def given(self, sure: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which tags are given for probabilities of shape (passages, tags).

        What is above its threshold; where nothing is, the tag that comes nearest, if it comes near.
        """
        reached = sure / self.threshold
        nearest = (reached == reached.max(1, keepdims=True)) & (reached > NEAR)
        return np.asarray((reached > 1) | nearest)
