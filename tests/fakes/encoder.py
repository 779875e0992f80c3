"""An encoder for tests: a few words stand for the same thing, fillers for nothing, every other word for itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from journal.meaning.encoder import WIDTH

ALIKE = {
    "furious": "angry",
    "rage": "angry",
    "insomnia": "sleep",
    "awake": "sleep",
    "relative": "family",
    "mother": "family",
}


class FakeEncoder:
    """A vector is the sum of one random direction per word. ``version`` and ``error`` may be set."""

    def __init__(self, version: str = "fake 1") -> None:
        self.version = version
        self.error: Exception | None = None
        self.asked: list[str] = []
        self.warmed = 0

    def warm(self) -> None:
        if self.error is not None:
            raise self.error
        self.warmed += 1

    def is_word(self, text: str) -> bool:
        return text in ALIKE

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.error is not None:
            raise self.error
        self.asked += texts
        found = np.array([self._vector(text) for text in texts], np.float32).reshape(-1, WIDTH)
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)

    def _vector(self, text: str) -> NDArray[np.float64]:
        words = [word for word in re.findall(r"\w+", text.lower()) if not word.startswith("filler")]
        return sum((self._direction(ALIKE.get(word, word)) for word in words), np.zeros(WIDTH))

    def _direction(self, word: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.sha256(f"{self.version} {word}".encode()).digest()[:4])
        return np.random.default_rng(seed).normal(size=WIDTH)
