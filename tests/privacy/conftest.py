from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from tests.privacy.installation import Installation
from voice.model_store import ModelStore
from voice.voices import voice

# Several, since a recogniser hears a spoken sentence a little differently on each kind of processor.
SPOKEN_WORDS = ("elephant", "umbrella", "photograph", "hospital")


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory, models_folder: Path) -> Path:
    """A WAV file in which a voice says ``SPOKEN_WORDS``, which stand nowhere else in an installation."""
    path = tmp_path_factory.mktemp("spoken") / "sentence.wav"
    sentence = "Today I felt calm. I saw an elephant, an umbrella, a photograph, and the hospital."
    clips = list(voice("joe", ModelStore(models_folder)).speak(sentence))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clips[0].sample_rate)
        file.writeframes(np.concatenate([clip.to_int16() for clip in clips]).tobytes())
    return path


@pytest.fixture
def installation(tmp_path: Path, models_folder: Path) -> Installation:
    return Installation(tmp_path / "installation", models_folder)
