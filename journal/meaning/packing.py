"""Vectors in four bits a number: an eighth of the room, at a loss that no measurement of the search notices."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.meaning.encoder import WIDTH

PACKED_BYTES: Final = WIDTH // 2
SIGN_WORDS: Final = WIDTH // 64

_STEP: Final = 0.335
"""The step between levels, in standard deviations, that loses least of a normal distribution with sixteen of them."""

_LOWEST, _HIGHEST = -8, 7


def packed(vectors: NDArray[np.float32]) -> bytes:
    """``PACKED_BYTES`` for each row; lengths are not kept, only directions."""
    spread = np.maximum(vectors.std(1, keepdims=True), 1e-9)
    levels = np.clip(np.round(vectors / (spread * _STEP)), _LOWEST, _HIGHEST).astype(np.int8) - _LOWEST
    halves = levels.astype(np.uint8)
    content: bytes = (halves[:, ::2] << 4 | halves[:, 1::2]).tobytes()
    return content


def rows(content: bytes) -> NDArray[np.uint8]:
    """What was packed, still packed, one row of ``PACKED_BYTES`` per vector."""
    return np.frombuffer(content, np.uint8).reshape(-1, PACKED_BYTES)


def unpacked(content: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Rows of length 1, as near to what was packed as they can be."""
    levels = np.empty((len(content), WIDTH), np.float32)
    levels[:, ::2] = content >> 4
    levels[:, 1::2] = content & 15
    levels += _LOWEST
    levels /= np.maximum(np.linalg.norm(levels, axis=1, keepdims=True), 1e-9)
    return levels


def signs(content: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """One bit for each number, set if it is not negative: ``SIGN_WORDS`` rows, one column per packed row.

    Column-wise, because comparing one word of all vectors at a time is several times as fast.
    """
    bits = np.empty((len(content), WIDTH), np.bool_)
    bits[:, ::2] = content >= 128
    bits[:, 1::2] = (content & 15) >= 8
    return np.ascontiguousarray(np.packbits(bits, axis=1).view(np.uint64).T)
