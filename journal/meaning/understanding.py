"""What the encoder can say about a query; nothing, where there is none or it cannot be used."""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from journal.meaning.encoder import TextEncoder
from journal.query import Query

_log = logging.getLogger(__name__)


class Understanding:
    """A search goes by words alone when the encoder fails, and says so in the log."""

    def __init__(self, encoder: TextEncoder | None) -> None:
        self._encoder = encoder

    def vector(self, query: Query) -> NDArray[np.float32] | None:
        """The query as a vector of length 1; None if it has no meaning to look for."""
        if self._encoder is None or query.meaning is None:
            return None
        try:
            vector: NDArray[np.float32] = self._encoder.vectors([query.meaning])[0]
        except Exception as fault:  # noqa: BLE001 - whatever a model throws, words are still found
            self._give_up(fault)
            return None
        return vector

    def is_word(self, text: str) -> bool:
        """It is certainly a word of the language, and no slip of spelling."""
        try:
            return self._encoder is not None and self._encoder.is_word(text)
        except Exception as fault:  # noqa: BLE001 - whatever a model throws, words are still found
            self._give_up(fault)
            return False

    def _give_up(self, fault: Exception) -> None:
        _log.warning("found by words alone after %s", type(fault).__name__)
        self._encoder = None
