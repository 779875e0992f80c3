"""Speech for tests to listen to, spoken by the quickest of the real voices."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from audio.clip import AudioClip, join
from audio.resampling import resample
from voice.hibari_engine import HibariEngine
from voice.model_store import ModelStore
from voice.speech_to_text import SAMPLE_RATE_HZ


@lru_cache(maxsize=16)
def spoken(text: str, models_folder: Path) -> AudioClip:
    """The text as mono speech at 16 kHz."""
    return resample(join(list(_voice(models_folder).speak(text))), SAMPLE_RATE_HZ)


def with_pauses(clips: list[AudioClip], pause_seconds: float) -> AudioClip:
    """The clips with a pause before, between and after them."""
    pause = AudioClip.silence(round(pause_seconds * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ)
    return join([pause, *(piece for clip in clips for piece in (clip, pause))])


def blocks_of(clip: AudioClip, frames: int = 8_000) -> list[AudioClip]:
    """The clip cut into blocks, as decoders and microphones give them."""
    return [AudioClip(clip.samples[at : at + frames], clip.sample_rate) for at in range(0, clip.frames, frames)]


def need_kokoro(store: ModelStore) -> None:
    """Reports a test as not run where the optional voice is not installed; `requirements/install test` brings it."""
    if "kokoro" not in store.present:
        pytest.skip("not run, because the voice Kokoro is not installed: requirements/install kokoro")


@lru_cache(maxsize=1)
def _voice(models_folder: Path) -> HibariEngine:
    return HibariEngine(ModelStore(models_folder))
