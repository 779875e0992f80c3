from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from audio.clip import AudioClip
from core.errors import ModelDamaged, TranscriptionFailed, UnknownModel
from voice import whisper_engine
from voice.lazy_model import LazyModel
from voice.model_store import ModelStore
from voice.speech_to_text import SAMPLE_RATE_HZ
from voice.whisper_engine import WhisperEngine

SECOND_OF_SOUND = AudioClip(np.full(SAMPLE_RATE_HZ, 0.1, dtype=np.float32), SAMPLE_RATE_HZ)


def segment(text: str, **about: float) -> SimpleNamespace:
    words = [
        SimpleNamespace(word=f" {word}", start=index * 0.2, end=index * 0.2 + 0.2, probability=0.8)
        for index, word in enumerate(text.split())
    ]
    figures = {"no_speech_prob": 0.01, "avg_logprob": -0.3, "compression_ratio": 1.2} | about
    return SimpleNamespace(words=words, **figures)


def engine_hearing(*segments: SimpleNamespace | Exception) -> WhisperEngine:
    class Model:
        def transcribe(self, samples: np.ndarray, **_: object) -> tuple[object, SimpleNamespace]:
            return self.segments(), SimpleNamespace(language="en")

        def segments(self) -> object:
            for heard in segments:
                if isinstance(heard, Exception):
                    raise heard
                yield heard

    engine = WhisperEngine(ModelStore(Path("unused")))
    engine._model = LazyModel(Model)
    return engine


def test_words_come_without_spaces_and_inside_the_stretch() -> None:
    words, language = engine_hearing(segment("one two three four five six")).recognise(SECOND_OF_SOUND, "en")
    assert [word.text for word in words] == ["one", "two", "three", "four", "five", "six"]
    assert max(word.end for word in words) == 1.0
    assert language == "en"


@pytest.mark.parametrize(
    "doubtful",
    [{"no_speech_prob": 0.9, "avg_logprob": -1.4}, {"compression_ratio": 5.0}],
    ids=["it says nobody spoke", "it repeats itself"],
)
def test_what_the_engine_does_not_believe_itself_is_left_out(doubtful: dict[str, float]) -> None:
    engine = engine_hearing(segment("thank you for watching", **doubtful), segment("real words"))
    words, _ = engine.recognise(SECOND_OF_SOUND, "en")
    assert [word.text for word in words] == ["real", "words"]


def test_a_hyphenated_word_is_one_word() -> None:
    heard = segment("a hot")
    heard.words.append(SimpleNamespace(word="-headed", start=0.4, end=0.8, probability=0.5))
    heard.words.append(SimpleNamespace(word=" man", start=0.8, end=1.0, probability=0.9))
    words, _ = engine_hearing(heard).recognise(SECOND_OF_SOUND, "en")
    assert [word.text for word in words] == ["a", "hot-headed", "man"]
    assert (words[1].start, words[1].end, words[1].probability) == (0.2, 0.8, 0.5)


def test_no_words_mean_no_language() -> None:
    assert engine_hearing().recognise(SECOND_OF_SOUND, "en") == ((), None)


def test_the_engines_own_message_does_not_get_out() -> None:
    engine = engine_hearing(RuntimeError("what the person said"))
    with pytest.raises(TranscriptionFailed) as fault:
        engine.recognise(SECOND_OF_SOUND, "en")
    assert "what the person said" not in str(fault.value)
    assert fault.value.__suppress_context__


@pytest.mark.parametrize("wrong", [AudioClip.silence(10, 48_000), AudioClip(np.zeros((10, 2), np.float32), 16_000)])
def test_other_formats_are_refused(wrong: AudioClip) -> None:
    with pytest.raises(ValueError, match="16 kHz"):
        engine_hearing().recognise(wrong, "en")


@pytest.mark.model
def test_an_own_model_that_is_no_model_is_damaged(tmp_path: Path) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (own / name).write_bytes(b"no model")
    engine = WhisperEngine(ModelStore(tmp_path / "models"), str(own))
    assert engine.name == "mine"
    with pytest.raises(ModelDamaged):
        engine.warm()


def test_an_unknown_name_is_refused_before_anything_loads(tmp_path: Path) -> None:
    with pytest.raises(UnknownModel):
        WhisperEngine(ModelStore(tmp_path), "large-v3").warm()


def test_no_more_tokens_are_asked_for_than_fit_beside_the_prompt() -> None:
    # Whisper's decoder holds 448 positions; faster-whisper refuses more than that.
    assert whisper_engine.MOST_TOKENS + 10 < 448
