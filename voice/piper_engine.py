"""Piper: the only module that imports ``piper``."""

from __future__ import annotations

import importlib.util
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from audio.clip import AudioClip
from core.errors import ModelDamaged, OwnVoiceDamaged
from voice.lazy_model import LazyModel
from voice.memory import give_back
from voice.model_store import ModelStore
from voice.onnx_runtime import quiet
from voice.pinned_models import SHIPPED_VOICES
from voice.piper_model import piper_session
from voice.writing import english_reads_some

LENGTH_SCALE: Final = 1.9
"""About 127 words a minute, gaps included; the voice's own pace is 194. For listening with closed eyes."""

NOISE_SCALE: Final = 0.5
"""Variation of timbre; a little less than the usual 0.667 sounds calmer."""

NOISE_W_SCALE: Final = 0.0
"""Variation of phoneme lengths: none, so that the same text always takes the same time."""

LONGEST_PIECE_CHARACTERS: Final = 150
"""Piper needs about 15 MB for every second of one sentence, so longer ones are spoken in pieces."""

POSSIBLE_RATES_HZ: Final = range(4_000, 192_001)
"""What a voice of one's own may claim; at a rate of a few Hz one sentence would last for days."""


_pronouncing = threading.Lock()
"""espeak-ng speaks one language at a time, in the whole process."""


def available() -> bool:
    """True if the piper package is installed; it is not loaded by asking."""
    return importlib.util.find_spec("piper") is not None


class PiperVoiceEngine:
    """A Piper voice: ``joe``, or the person's own ``.onnx`` file with its ``.onnx.json`` beside it.

    Args:
        threads: so many lines may be spoken side by side, each on one thread. On two cores that takes three quarters
            of the time that one line after the other takes on both.
    """

    typical_real_time_factor = 0.14

    def __init__(self, models: ModelStore, name_or_path: str = "joe", threads: int = 2) -> None:
        self._models = models
        self._source = name_or_path
        self.lines_at_once = threads
        self._model: LazyModel[Any] = LazyModel(self._load)

    @property
    def name(self) -> str:
        return Path(self._source).stem if self._source.endswith(".onnx") else self._source

    @cached_property
    def fingerprint(self) -> str:
        identity = self._models.identity(self._source)
        return f"piper-{version('piper-tts')}/{identity}/length={LENGTH_SCALE}/noise={NOISE_SCALE},{NOISE_W_SCALE}"

    @cached_property
    def sample_rate(self) -> int:
        model = self._models.piper(self._source)
        with self._damage_told():
            return _sample_rate(_settings(model))

    @property
    def loaded(self) -> bool:
        return self._model.loaded

    def warm(self) -> None:
        self._model.get()

    def speak(self, text: str) -> Iterator[AudioClip]:
        # What language a voice of one's own speaks, it knows best.
        if not (english_reads_some(text) if self._source in SHIPPED_VOICES else any(map(str.isalnum, text))):
            return
        # First of all: loading turns telemetry off before anything imports onnxruntime.
        voice = self._model.get()
        from piper import SynthesisConfig

        delivery = SynthesisConfig(
            length_scale=LENGTH_SCALE, noise_scale=NOISE_SCALE, noise_w_scale=NOISE_W_SCALE, normalize_audio=False
        )
        # Doubled square brackets would switch Piper to raw phonemes; a script never means that.
        with self._damage_told():
            for piece in _pieces(text.replace("[[", "[").replace("]]", "]")):
                with _pronouncing:
                    sentences = voice.phonemize(piece)
                for phonemes in filter(None, sentences):
                    samples = voice.phoneme_ids_to_audio(voice.phonemes_to_ids(phonemes), delivery)
                    give_back()
                    yield AudioClip(np.clip(samples, -1.0, 1.0).astype(np.float32), voice.config.sample_rate)

    def _load(self) -> Any:
        model = self._models.piper(self._source)
        quiet()
        from piper import PiperVoice
        from piper.config import PiperConfig

        # What was said of the files before they were read need not be true of what is loaded.
        self.__dict__.pop("fingerprint", None)
        with self._damage_told():
            settings = _settings(model)
            config = PiperConfig.from_dict(settings)
            config.sample_rate = _sample_rate(settings)
            if not any(map(str.isalpha, config.phoneme_id_map)):
                raise ModelDamaged(self.name)  # Piper would leave out every sound and speak noise
            return PiperVoice(session=piper_session(model, self.name), config=config)

    @contextmanager
    def _damage_told(self) -> Iterator[None]:
        """Whatever one's own files make Piper throw is damage. The shipped ones were checked: there it is a bug."""
        try:
            yield
        except MemoryError:
            raise
        except Exception as fault:  # Piper trusts its files, and fails in as many ways as they can be wrong
            if self._source not in SHIPPED_VOICES:
                self._model = LazyModel(self._load)  # the files may be mended while the program runs
                raise OwnVoiceDamaged(self.name) from None
            if isinstance(fault, OSError):
                raise ModelDamaged(self.name) from None
            raise


def _settings(model: Path) -> Any:
    return json.loads(Path(f"{model}.json").read_text(encoding="utf-8"))


def _sample_rate(settings: Any) -> int:
    """Hz of a voice; a ValueError for what no voice can have."""
    sample_rate = int(settings["audio"]["sample_rate"])
    if sample_rate not in POSSIBLE_RATES_HZ:
        raise ValueError("sample_rate")
    return sample_rate


def _pieces(text: str) -> list[str]:
    """The text, cut where a sentence is too long to be spoken at once: after a comma or the like, else at a space."""
    pieces: list[str] = []
    for sentence in re.split(r"(?<=[.!?…])\s+", text):
        rest = sentence
        while len(rest) > LONGEST_PIECE_CHARACTERS:
            head = rest[:LONGEST_PIECE_CHARACTERS]
            at = max((head.rfind(mark) + 1 for mark in (", ", "; ", ": ", "— ")), default=0) or head.rfind(" ")
            at = at if at > 0 else LONGEST_PIECE_CHARACTERS
            pieces.append(rest[:at])
            rest = rest[at:].lstrip()
        pieces.append(rest)
    return pieces
