"""hibari: the only module that imports ``hibari``.

That library downloads every voice but one when asked for it. Only the one in its package is ever used here, and
its model file is handed over as a path, so that no code that downloads is reached.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any, Final

import numpy as np

from audio.clip import AudioClip
from voice.lazy_model import LazyModel
from voice.memory import give_back
from voice.model_store import ModelStore
from voice.onnx_runtime import Session, quiet
from voice.writing import english_reads_some

PACKAGED_VOICE: Final = "heart"
SAMPLE_RATE_HZ: Final = 24_000

SPEED: Final = 0.6
"""About 128 words a minute, gaps included; the voice's own pace is 196. For listening with closed eyes."""

SEED: Final = 0

"""Fixes the noise in the voice, so that the same text gives the same samples."""


def available() -> bool:
    """True if the hibari package is installed; it is not loaded by asking."""
    return importlib.util.find_spec("hibari") is not None


def pronunciation(models: ModelStore) -> Callable[[str], list[str]]:
    """How hibari reads American English aloud: from a text to one string of phonemes per sentence.

    Its alphabet is that of misaki, a letter for each sound, which Kokoro speaks too. The tables load now.

    Raises:
        ModelMissing, ModelDamaged: a file that reads unknown words is not there or not whole.
    """
    models.hibari()
    quiet()
    from hibari import Hibari
    from hibari.g2p import G2P

    read = G2P()
    return lambda text: [phonemes for sentence in Hibari.split_sentences(text) if (phonemes := read(sentence))]


class HibariEngine:
    """hibari's packaged voice."""

    sample_rate = SAMPLE_RATE_HZ
    typical_real_time_factor = 0.02
    lines_at_once = 1

    def __init__(self, models: ModelStore, threads: int = 2) -> None:
        self._models = models
        self._threads = threads
        self._model: LazyModel[Any] = LazyModel(self._load)

    @property
    def name(self) -> str:
        return "hibari"

    @property
    def fingerprint(self) -> str:
        return f"hibari-{version('hibari-tts')}/{self._models.identity('hibari')}/speed={SPEED}/seed={SEED}"

    @property
    def loaded(self) -> bool:
        return self._model.loaded

    def warm(self) -> None:
        self._model.get()

    def speak(self, text: str) -> Iterator[AudioClip]:
        if not english_reads_some(text):
            return
        for samples in self._model.get().stream(text, speed=SPEED, seed=SEED):
            give_back()
            yield AudioClip(np.ascontiguousarray(samples, dtype=np.float32), SAMPLE_RATE_HZ)

    def _load(self) -> Any:
        model = self._models.hibari()
        quiet()
        from hibari import Hibari
        from hibari.g2p import G2P

        # Left alone it would read its tables of pronunciation in the middle of the first line.
        voice = Hibari(voice=PACKAGED_VOICE, model=str(model), threads=self._threads, g2p=G2P())
        voice.sess = Session(voice.sess)
        return voice
