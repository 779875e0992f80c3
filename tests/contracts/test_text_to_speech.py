"""What every voice keeps to, the fake one and the real ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audio.levels import rms_dbfs
from tests.fakes.voices import HummingVoice
from tests.voice.speaking import need_kokoro
from voice.hibari_engine import HibariEngine
from voice.kokoro_engine import KokoroEngine
from voice.model_store import ModelStore
from voice.piper_engine import PiperVoiceEngine
from voice.text_to_speech import TextToSpeech

SENTENCES = "Feel your feet on the floor. Let the shoulders drop."


def humming(_: ModelStore) -> TextToSpeech:
    return HummingVoice()


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(humming, id="fake"),
        pytest.param(PiperVoiceEngine, id="joe", marks=pytest.mark.model),
        pytest.param(HibariEngine, id="hibari", marks=pytest.mark.model),
        pytest.param(KokoroEngine, id="kokoro", marks=pytest.mark.model),
    ],
)
def make(request: pytest.FixtureRequest, models_folder: Path) -> Callable[[], TextToSpeech]:
    store = ModelStore(models_folder)
    if request.param is KokoroEngine:
        need_kokoro(store)
    return lambda: request.param(store)


@pytest.fixture(scope="module")
def voice(make: Callable[[], TextToSpeech]) -> TextToSpeech:
    return make()


def test_it_yields_one_mono_clip_per_sentence_in_its_own_rate(voice: TextToSpeech) -> None:
    clips = list(voice.speak(SENTENCES))
    assert len(clips) == 2
    for clip in clips:
        assert clip.channels == 1
        assert clip.sample_rate == voice.sample_rate
        assert 0.5 < clip.duration_seconds < 10
        assert rms_dbfs(clip) > -40
        assert np.abs(clip.samples).max() <= 1.0


def test_the_same_text_always_takes_the_same_time(make: Callable[[], TextToSpeech]) -> None:
    voice = make()
    first, again, another = ([clip.frames for clip in speaker.speak(SENTENCES)] for speaker in (voice, voice, make()))
    assert first == again == another


@pytest.mark.parametrize("text", ["", "   ", "…", "— ; —"])
def test_a_text_without_words_gives_nothing(voice: TextToSpeech, text: str) -> None:
    assert list(voice.speak(text)) == []


@pytest.mark.parametrize("text", ["[[not phonemes]] stay here.", "Wait… 3 more.", "Café, naïve — it’s “fine”."])
def test_odd_marks_are_spoken_through(voice: TextToSpeech, text: str) -> None:
    assert sum(clip.frames for clip in voice.speak(text)) > voice.sample_rate // 2


def test_it_loads_on_first_use(make: Callable[[], TextToSpeech]) -> None:
    voice = make()
    assert not voice.loaded
    assert voice.sample_rate > 0
    assert voice.fingerprint == make().fingerprint
    assert not voice.loaded
    voice.warm()
    assert voice.loaded
