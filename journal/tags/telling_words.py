"""Which words and pairs of words a text has, weighted by how telling they are (TF-IDF)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_READ_CHARACTERS = 20_000

MOST_REMEMBERED = 500
"""Sentences whose terms are kept at hand, in memory only: those of one entry."""


class TellingWords:
    """Turns texts into rows of numbers over a fixed vocabulary.

    Args:
        vocabulary: words and pairs.
        rarity: for each how telling it is (its inverse document frequency).
    """

    def __init__(self, vocabulary: Sequence[str], rarity: NDArray[np.float32]) -> None:
        self.vocabulary = list(vocabulary)
        self.rarity = rarity
        self._remembered: dict[str, dict[str, int]] = {}
        self._places = {term: at for at, term in enumerate(vocabulary)}

    @classmethod
    def learn(cls, texts: Sequence[str]) -> TellingWords:
        """A vocabulary of all terms that occur in at least two of the texts."""
        documents = Counter(term for text in texts for term in set(_terms(text)))
        vocabulary = sorted(term for term, count in documents.items() if count > 1)
        rarity = [1 + log((1 + len(texts)) / (1 + documents[term])) for term in vocabulary]
        return cls(vocabulary, np.array(rarity, np.float32))

    def _known(self, text: str) -> dict[str, int]:
        """The known terms of a text with their counts; remembered, since a sentence is asked about many times."""
        known = self._remembered.get(text)
        if known is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            known = self._remembered[text] = dict(Counter(term for term in _terms(text) if term in self._places))
        return known

    def rows(self, texts: Sequence[str], kept: NDArray[np.bool_]) -> NDArray[np.float32]:
        """For each choice of the texts a row of length 1 (zeros without a known term), a column per term.

        Args:
            texts: what to choose from.
            kept: (choices, texts), which of them count.
        """
        known = [self._known(text) for text in texts]
        terms = list(dict.fromkeys(term for counts in known for term in counts))
        rows = np.zeros((len(kept), len(self.vocabulary)), np.float32)
        if not terms:
            return rows
        column = {term: at for at, term in enumerate(terms)}
        counts = np.zeros((len(texts), len(terms)), np.float32)
        for at, found in enumerate(known):
            counts[at, [column[term] for term in found]] = list(found.values())
        summed = np.einsum("ct,tw->cw", kept.astype(np.float32), counts)
        places = [self._places[term] for term in terms]
        values = np.where(summed > 0, 1 + np.log(np.maximum(summed, 1)), 0) * self.rarity[places]
        rows[:, places] = values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9)
        return rows


def _terms(text: str) -> list[str]:
    words = _WORD.findall(text[:_READ_CHARACTERS].casefold().replace("’", "'"))
    return words + [f"{first} {second}" for first, second in pairwise(words)]
