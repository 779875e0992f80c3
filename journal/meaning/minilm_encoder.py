"""The shipped encoders, both a six-layer MiniLM in 8 bit. Here is the door to ``ctranslate2`` and ``tokenizers``."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from journal.meaning import encoder_files
from journal.meaning.encoder import WIDTH

LONGEST_TOKENS: Final = 256
"""As many as the encoder was trained with; about 190 words."""

LONGEST_SENTENCE_TOKENS: Final = 64
"""About 50 words."""

LONGEST_CHARACTERS: Final = 4_000
"""More never fits; a megabyte without a space need not be taken apart to find that out."""

MOST_REMEMBERED: Final = 4
"""Calls whose vectors are kept at hand, in memory only: what is tagged is made searchable right after."""

_BATCH_TOKENS: Final = 256
"""Bounds the memory that one call needs to a few megabytes; larger batches are no faster, and fewer at a time."""

_BATCHES_AT_ONCE: Final = 16

_SHORTEST_SHARE: Final = 0.8
"""Of a batch's longest text. The encoder computes something for each token that a shorter one lacks."""

Vectors = NDArray[np.float32]


class _Loaded(NamedTuple):
    tokenizer: Any
    encoder: Any
    workers: ThreadPoolExecutor


class MiniLmEncoder:
    """A :class:`~journal.meaning.encoder.TextEncoder`, loaded at the first call, after its files were checked.

    Safe to call from several threads. The same texts, asked for together, always give the same numbers.

    Args:
        folder: the model's files.
        threads: how many batches of texts are read at a time, each by one CPU thread.
        model: what to call the model if its files are not sound.
    """

    def __init__(self, folder: Path = encoder_files.FOLDER, threads: int = 2, model: str = "of the search") -> None:
        self._folder = folder
        self._threads = threads
        self._model = model
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None
        self._remembered: dict[tuple[str, ...], Vectors] = {}

    @cached_property
    def version(self) -> str:
        return encoder_files.version(self._folder)

    def warm(self) -> None:
        self._get()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        known = self._remembered.get(tuple(texts))
        if known is not None:
            return known.copy()
        found = np.zeros((len(texts), WIDTH), np.float32)
        for at, _, states in self._states(texts, LONGEST_TOKENS):
            found[at] = _unit(states.mean(0))
        return found

    def stretch_vectors(self, texts: Sequence[str], stretches: Sequence[Sequence[tuple[int, int]]]) -> list[Vectors]:
        """What each stretch of a text means in the midst of the others.

        Whoever asks for the vectors of the same texts next gets them without another look.

        Args:
            stretches: for each text characters from where to where.

        Returns:
            for each text a row of ``WIDTH`` numbers per stretch: the sum of the vectors of its tokens. So the mean over
            some stretches is the sum of their rows, but for its length. Zeros for a stretch that is not read.

        Raises:
            ModelDamaged: as ``vectors``.
        """
        whole = np.zeros((len(texts), WIDTH), np.float32)
        found = [np.zeros((len(asked), WIDTH), np.float32) for asked in stretches]
        for at, begins, states in self._states(texts, LONGEST_TOKENS):
            whole[at] = _unit(states.mean(0))
            # The marks at both ends belong to no stretch.
            inside = begins[1:-1]
            for row, (start, end) in enumerate(stretches[at]):
                found[at][row] = states[1:-1][(start <= inside) & (inside < end)].sum(0)
        self._remember(texts, whole)
        return found

    def sentence_vectors(self, texts: Sequence[str]) -> Vectors:
        """One row of ``2 * WIDTH`` numbers per text: the first token's vector, then the mean of all, of any length.

        A text is read up to 64 tokens.

        Raises:
            ModelDamaged: as ``vectors``.
        """
        found = np.zeros((len(texts), 2 * WIDTH), np.float32)
        for at, _, states in self._states(texts, LONGEST_SENTENCE_TOKENS):
            found[at, :WIDTH] = states[0]
            found[at, WIDTH:] = states.mean(0)
        return found

    def is_word(self, text: str) -> bool:
        return self._get().tokenizer.token_to_id(text.lower()) is not None

    def _states(self, texts: Sequence[str], longest_tokens: int) -> Iterator[tuple[int, NDArray[np.int64], Vectors]]:
        """For each text its place, where its tokens begin, and a row per token; of a long text the beginning."""
        if not texts:
            return
        loaded = self._get()
        read = loaded.tokenizer.encode_batch([text[:LONGEST_CHARACTERS] for text in texts])
        tokens = [_cut(one.ids, longest_tokens) for one in read]
        batches = list(_batches(tokens))

        def run(batch: Sequence[int]) -> Vectors:
            return np.array(loaded.encoder.forward_batch([tokens[at] for at in batch]).last_hidden_state)

        for several in range(0, len(batches), _BATCHES_AT_ONCE):
            found = batches[several : several + _BATCHES_AT_ONCE]
            for batch, states in zip(found, loaded.workers.map(run, found), strict=True):
                for row, at in enumerate(batch):
                    begins = np.array([start for start, _ in _cut(read[at].offsets, longest_tokens)])
                    yield at, begins, states[row, : len(tokens[at])]

    def _remember(self, texts: Sequence[str], vectors: Vectors) -> None:
        # Texts that were asked for together only: beside others the last digits differ.
        with self._loading:
            while len(self._remembered) >= MOST_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[tuple(texts)] = vectors

    def _get(self) -> _Loaded:
        with self._loading:
            if self._loaded is None:
                encoder_files.check(self._folder, model=self._model)
                import ctranslate2
                from tokenizers import Tokenizer

                tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                tokenizer.no_padding()
                tokenizer.enable_truncation(LONGEST_TOKENS)
                encoder = ctranslate2.Encoder(
                    str(self._folder),
                    device="cpu",
                    compute_type="int8",
                    # Two batches side by side are done sooner than two threads that wait for each other in each layer.
                    inter_threads=self._threads,
                    intra_threads=1,
                )
                self._loaded = _Loaded(tokenizer, encoder, ThreadPoolExecutor(self._threads, "encoder"))
            return self._loaded


def _cut(tokens: list[Any], longest: int) -> list[Any]:
    """The beginning, and the last token, which marks the end."""
    return tokens if len(tokens) <= longest else [*tokens[: longest - 1], tokens[-1]]


def _unit(vector: Vectors) -> Vectors:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Positions of texts of about equal length together, so that little is computed for nothing."""
    batch: list[int] = []
    for at in sorted(range(len(tokens)), key=lambda at: len(tokens[at]), reverse=True):
        longest = len(tokens[batch[0]]) if batch else 0
        if batch and ((len(batch) + 1) * longest > _BATCH_TOKENS or len(tokens[at]) < _SHORTEST_SHARE * longest):
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch
