"""Kokoro: a low, breathy voice, larger and slower than the others, for those who add it.

The model turns phonemes, a style and a speed into sound. Its own phonemes come from a library under the GPL that calls
a program of its own; hibari reads English into the same alphabet, so that is asked instead.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from audio.clip import AudioClip
from core.errors import ModelDamaged
from voice.hibari_engine import pronunciation
from voice.lazy_model import LazyModel
from voice.memory import give_back
from voice.model_store import KOKORO_ALPHABET, KOKORO_MODEL, KOKORO_STYLES, ModelStore
from voice.onnx_graphs import with_float_convolutions
from voice.onnx_runtime import session
from voice.writing import english_reads_some

NAME: Final = "kokoro"
SAMPLE_RATE_HZ: Final = 24_000

SPEED: Final = 0.85
"""About 127 words a minute, gaps included; the voice's own pace is 158. For listening with closed eyes."""

STYLES: Final = 510
"""A voice has one style for each number of phonemes, which is also the most that the model takes at once."""

STYLE_NUMBERS: Final = 256

LONGEST_PIECE_PHONEMES: Final = 200
"""About twenty seconds of sound. A longer sentence is spoken in several pieces, so that its first words come sooner."""

PADDING: Final = 0
"""Stands before and after the phonemes of a piece."""

Styles = NDArray[np.float32]
"""Of shape (``STYLES``, ``STYLE_NUMBERS``)."""


@dataclass(frozen=True, slots=True)
class _Model:
    session: Any
    styles: Styles
    alphabet: Mapping[str, int]
    pronounced: Callable[[str], list[str]]


class KokoroEngine:
    """Kokoro-82M in 8 bit with the voice Nicole."""

    name = NAME
    sample_rate = SAMPLE_RATE_HZ
    typical_real_time_factor = 0.55
    lines_at_once = 1

    def __init__(self, models: ModelStore, threads: int = 2) -> None:
        self._models = models
        self._threads = threads
        self._model: LazyModel[_Model] = LazyModel(self._load)

    @property
    def fingerprint(self) -> str:
        return f"kokoro-{self._models.identity(NAME)}/nicole/hibari-{version('hibari-tts')}/speed={SPEED}"

    @property
    def loaded(self) -> bool:
        return self._model.loaded

    def warm(self) -> None:
        self._model.get()

    def speak(self, text: str) -> Iterator[AudioClip]:
        if not english_reads_some(text):
            return
        model = self._model.get()
        for sentence in model.pronounced(text):
            for piece in pieces(sentence):
                ids = [model.alphabet[letter] for letter in piece if letter in model.alphabet]
                if ids:
                    yield AudioClip(_sound(model, ids), SAMPLE_RATE_HZ)

    def _load(self) -> _Model:
        folder = self._models.kokoro()
        alphabet = json.loads((folder / KOKORO_ALPHABET).read_text(encoding="utf-8"))
        return _Model(
            session(with_float_convolutions((folder / KOKORO_MODEL).read_bytes()), self._threads, NAME),
            styles_of(folder / KOKORO_STYLES),
            alphabet,
            pronunciation(self._models),
        )


def styles_of(path: Path) -> Styles:
    """The styles of a voice: little-endian 32 bit numbers, ``STYLE_NUMBERS`` for each number of phonemes.

    Raises:
        ModelDamaged: the file has another length.
    """
    numbers = np.fromfile(path, dtype="<f4")
    if numbers.size != STYLES * STYLE_NUMBERS:
        raise ModelDamaged(NAME)
    return numbers.reshape(STYLES, STYLE_NUMBERS).astype(np.float32, copy=False)


def pieces(phonemes: str) -> list[str]:
    """The phonemes of a sentence, cut where they are too many to be spoken at once: at a pause, else between words."""
    found: list[str] = []
    rest = phonemes.strip()
    while len(rest) > LONGEST_PIECE_PHONEMES:
        head = rest[: LONGEST_PIECE_PHONEMES + 1]
        at = max(head.rfind(f"{mark} ") + 1 for mark in ",;:—") or head.rfind(" ")
        at = at if at > 0 else LONGEST_PIECE_PHONEMES
        found.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [piece for piece in (*found, rest) if piece]


def _sound(model: _Model, ids: list[int]) -> NDArray[np.float32]:
    inputs = {
        "tokens": np.array([[PADDING, *ids, PADDING]], dtype=np.int64),
        "style": model.styles[len(ids) - 1][np.newaxis],
        "speed": np.array([SPEED], dtype=np.float32),
    }
    samples = model.session.run(None, inputs)[0]
    give_back()
    return np.ascontiguousarray(samples, dtype=np.float32).reshape(-1)
