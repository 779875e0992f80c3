"""Sentences as vectors, by the tagger's own encoder. The door to ``tokenizers`` and, in this room, ``ctranslate2``."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 384
"""Numbers in one vector of the encoder."""

LONGEST_TOKENS: Final = 64
_BATCH_TOKENS: Final = 1024
_PADDING_TOKEN: Final = 0


class SentenceEncoder:
    """A six-layer MiniLM in 8 bit, loaded at the first call. Safe to call from several threads.

    Args:
        folder: ``tokenizer.json`` and the CTranslate2 model's files.
        threads: CPU threads.
    """

    def __init__(self, folder: Path, threads: int = 2) -> None:
        self._folder = folder
        self._threads = threads
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 768 numbers per text: the first token's vector, then the mean of all.

        A text is read up to 64 tokens, about 50 words; an empty one gives zeros.
        """
        if not texts:
            return np.zeros((0, 2 * WIDTH), np.float32)
        tokenizer, encoder = self._get()
        tokens = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
        found = np.zeros((len(texts), 2 * WIDTH), np.float32)
        for batch in _batches(tokens):
            output = encoder.forward_batch([tokens[at] for at in batch])
            states = np.array(output.last_hidden_state)
            for row, at in enumerate(batch):
                found[at, :WIDTH] = states[row, 0]
                found[at, WIDTH:] = states[row, : len(tokens[at])].mean(0)
        return found

    def embeddings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 384 numbers and length 1 per text: what it is about. Alike texts have a large dot product."""
        means = self.vectors(texts)[:, WIDTH:]
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.maximum(lengths, 1e-9), np.float32)

    def _get(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                import ctranslate2
                from tokenizers import Tokenizer

                tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                tokenizer.no_padding()
                tokenizer.enable_truncation(LONGEST_TOKENS)
                encoder = ctranslate2.Encoder(
                    str(self._folder), device="cpu", compute_type="int8", intra_threads=self._threads
                )
                self._loaded = tokenizer, encoder
            return self._loaded


def _batches(tokens: Sequence[Sequence[int]]) -> list[list[int]]:
    """Positions of texts of about equal length together, in batches that need bounded memory."""
    batches: list[list[int]] = []
    for at in sorted((at for at in range(len(tokens)) if tokens[at]), key=lambda at: (-len(tokens[at]), at)):
        if not batches or (len(batches[-1]) + 1) * len(tokens[batches[-1][0]]) > _BATCH_TOKENS:
            batches.append([])
        batches[-1].append(at)
    return batches
