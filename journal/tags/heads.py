"""Linear heads over rows: which tags a passage bears, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.tags.description import Row, sigmoid

ENOUGH_WORDS: Final = 8
"""Who writes so much felt something and wrote of something; a shorter text may well say nothing."""

SURE_ALONE: Final = 0.8
"""A tag of which one sentence by itself is so sure is given, whatever the rest of its passage is about. Heads that
learned from entries about one thing each see little of the second thing in an entry about two: of LeMotif's entries
joined in pairs, micro-F1 is 0.79 with this and 0.64 without, and of single ones 0.841 and 0.842."""

FEWEST_WORDS_ALONE: Final = 4


@dataclass(frozen=True, slots=True)
class Heads:
    """One head per tag.

    ``weight`` is (tags, columns of a row). ``slope`` and ``offset`` turn a head's logit into a calibrated probability.
    ``threshold`` is the probability from which the tag is given: where F1 is best, which for rare tags is far below ½.
    Where nothing reaches its threshold, the tag that comes nearest is given if it has the share ``near`` of it.
    """

    names: tuple[str, ...]
    weight: NDArray[np.float32]
    bias: Row
    slope: Row
    offset: Row
    threshold: Row
    near: Row

    def sure(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities, a row per row and a column per tag."""
        used = rows.any(0)  # few of the telling words are in any text
        # Not `@`: what is so small is not worth the threads that BLAS would start for it.
        logits = np.einsum("rc,tc->rt", rows[:, used], self.weight[:, used]) + self.bias
        return sigmoid(logits * self.slope + self.offset)

    def given(self, sure: NDArray[np.float32], words: Sequence[int]) -> NDArray[np.bool_]:
        """Which tags are given, for probabilities of shape (passages, tags) and the passages' numbers of words."""
        return given(sure / self.threshold, float(self.near), words)

    def alone(self, rows: NDArray[np.float32], words: Sequence[int]) -> Row:
        """How sure the sentences of a passage are of each tag, each by itself: the surest, or 0 below ``SURE_ALONE``.

        Args:
            rows: a row per sentence.
            words: their numbers of words.
        """
        sure = self.sure(rows)
        sure[(sure <= SURE_ALONE) | (np.array(words)[:, None] < FEWEST_WORDS_ALONE)] = 0.0
        return np.asarray(sure.max(0), np.float32)


def given(reached: NDArray[np.float32], near: float, words: Sequence[int]) -> NDArray[np.bool_]:
    """Which tags are given, for probabilities as shares of their thresholds, of shape (passages, tags)."""
    wordy = np.array(words)[:, None] >= ENOUGH_WORDS
    nearest = (reached == reached.max(1, keepdims=True)) & (reached > near) & wordy
    return np.asarray((reached > 1) | nearest)
