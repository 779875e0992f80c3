"""What every recogniser keeps to, the fake one and the real ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audio.clip import AudioClip
from tests.fakes.recogniser import CountingRecogniser
from tests.voice.speaking import spoken
from voice.model_store import ModelStore
from voice.speech_to_text import SAMPLE_RATE_HZ, SpeechToText
from voice.whisper_engine import WhisperEngine

MakeRecogniser = Callable[[], SpeechToText]


def counting(_: ModelStore) -> SpeechToText:
    return CountingRecogniser()


def base(models: ModelStore) -> SpeechToText:
    return WhisperEngine(models, "base")


def tiny(models: ModelStore) -> SpeechToText:
    return WhisperEngine(models, "tiny.en")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(counting, id="fake"),
        pytest.param(base, id="base", marks=pytest.mark.model),
        pytest.param(tiny, id="tiny.en", marks=pytest.mark.model),
    ],
)
def make(request: pytest.FixtureRequest, models_folder: Path) -> MakeRecogniser:
    return lambda: request.param(ModelStore(models_folder))


@pytest.fixture(scope="module")
def recogniser(make: MakeRecogniser) -> SpeechToText:
    return make()


@pytest.fixture(scope="module")
def speech(models_folder: Path) -> AudioClip:
    return spoken("Feel your feet on the floor. Let the shoulders drop.", models_folder)


def test_words_come_in_order_inside_the_stretch(recogniser: SpeechToText, speech: AudioClip) -> None:
    words, language = recogniser.recognise(speech, "en")
    assert language == "en"
    assert len(words) >= 3
    for word, following in itertools.pairwise(words):
        assert word.start <= word.end <= speech.duration_seconds
        assert word.start <= following.start
    for word in words:
        assert word.text == word.text.strip() != ""
        assert 0 <= word.probability <= 1


def test_the_same_stretch_gives_the_same_words(recogniser: SpeechToText, speech: AudioClip) -> None:
    assert recogniser.recognise(speech, "en") == recogniser.recognise(speech, "en")


def test_nothing_gives_nothing(recogniser: SpeechToText) -> None:
    empty = AudioClip(np.zeros(0, dtype=np.float32), SAMPLE_RATE_HZ)
    assert recogniser.recognise(empty, "en") == ((), None)


def test_it_loads_on_first_use(make: MakeRecogniser) -> None:
    recogniser = make()
    assert not recogniser.loaded
    assert recogniser.name
    assert not recogniser.loaded
    recogniser.warm()
    assert recogniser.loaded
