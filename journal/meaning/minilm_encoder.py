"""The shipped encoder: a six-layer MiniLM in 8 bit. In this room the door to ``ctranslate2`` and ``tokenizers``."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from journal.meaning import encoder_files
from journal.meaning.encoder import WIDTH

LONGEST_TOKENS: Final = 256
"""As many as the encoder was trained with; about 190 words."""

LONGEST_CHARACTERS: Final = 4_000
"""More never fits; a megabyte without a space need not be taken apart to find that out."""

_BATCH_TOKENS: Final = 2_048
"""Bounds the memory that one call needs to a few megabytes."""


class MiniLmEncoder:
    """Loaded at the first call, after its files were checked. Safe to call from several threads.

    Args:
        folder: the model's files.
        threads: CPU threads of one call.
    """

    def __init__(self, folder: Path = encoder_files.FOLDER, threads: int = 2) -> None:
        self._folder = folder
        self._threads = threads
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @cached_property
    def version(self) -> str:
        return encoder_files.version(self._folder)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        found = np.zeros((len(texts), WIDTH), np.float32)
        if not texts:
            return found
        tokenizer, encoder = self._get()
        tokens = [one.ids for one in tokenizer.encode_batch([text[:LONGEST_CHARACTERS] for text in texts])]
        for batch in _batches(tokens):
            states = np.array(encoder.forward_batch([tokens[at] for at in batch]).last_hidden_state)
            for row, at in enumerate(batch):
                mean = states[row, : len(tokens[at])].mean(0)
                found[at] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return found

    def is_word(self, text: str) -> bool:
        return self._get()[0].token_to_id(text.lower()) is not None

    def _get(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                encoder_files.check(self._folder)
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


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions of texts of about equal length together, so that little is computed for nothing."""
    batch: list[int] = []
    for at in sorted(range(len(tokens)), key=lambda at: len(tokens[at]), reverse=True):
        if batch and (len(batch) + 1) * len(tokens[batch[0]]) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch
