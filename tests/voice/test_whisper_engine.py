from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from audio.clip import AudioClip
from core.errors import ModelDamaged, OutbreathError, TranscriptionFailed, UnknownLanguage, UnknownModel
from core.transcript import Word
from voice import whisper_engine
from voice.lazy_model import LazyModel
from voice.model_store import ModelStore
from voice.speech_to_text import SAMPLE_RATE_HZ
from voice.whisper_engine import WhisperEngine

SECOND_OF_SOUND = AudioClip(np.full(SAMPLE_RATE_HZ, 0.1, dtype=np.float32), SAMPLE_RATE_HZ)


LONG = AudioClip(np.full(5 * SAMPLE_RATE_HZ, 0.1, dtype=np.float32), SAMPLE_RATE_HZ)

DOUBTFUL = pytest.mark.parametrize(
    "doubtful",
    [{"avg_logprob": -1.4}, {"compression_ratio": 5.0}],
    ids=["it does not believe itself", "it repeats itself"],
)


def segment(text: str, **about: float) -> SimpleNamespace:
    words = [
        SimpleNamespace(word=f" {word}", start=index * 0.2, end=index * 0.2 + 0.2, probability=0.8)
        for index, word in enumerate(text.split())
    ]
    return SimpleNamespace(
        words=words, **({"avg_logprob": -0.3, "compression_ratio": 1.2, "no_speech_prob": 0.1} | about)
    )


class Pass:
    """One of the engine's two ways of decoding: gives the same segments every time it is asked."""

    supported_languages = ("en", "de")

    def __init__(self, *segments: SimpleNamespace | Exception) -> None:
        self.segments = segments
        self.asked: list[dict[str, object]] = []

    def transcribe(self, samples: np.ndarray, **how: object) -> tuple[object, SimpleNamespace]:
        self.asked.append(how)
        return self._hear(), SimpleNamespace(language="en")

    def _hear(self) -> object:
        for heard in self.segments:
            if isinstance(heard, Exception):
                raise heard
            yield heard


def engine_hearing(single: Pass, careful: Pass | None = None) -> WhisperEngine:
    single.model = careful or Pass()
    engine = WhisperEngine(ModelStore(Path("unused")))
    engine._model = LazyModel(lambda: single)
    return engine


class BoldPass(Pass):
    """Hears a name in everything once it has been told of one."""

    def transcribe(self, samples: np.ndarray, **how: object) -> tuple[object, SimpleNamespace]:
        heard, about = super().transcribe(samples, **how)
        return (iter([segment("Okafor", no_speech_prob=0.7)]) if how["hotwords"] else heard), about


def texts(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


def test_words_come_without_spaces_and_inside_the_stretch() -> None:
    engine = engine_hearing(Pass(segment("one two three four five six")))
    words, language = engine.recognise(SECOND_OF_SOUND, "en")
    assert texts(words) == ["one", "two", "three", "four", "five", "six"]
    assert max(word.end for word in words) == 1.0
    assert language == "en"


def test_what_may_be_no_speech_is_heard_without_the_vocabulary() -> None:
    bold = BoldPass()
    assert engine_hearing(bold).recognise(SECOND_OF_SOUND, "en", ("Okafor",)) == ((), None)
    assert [how["hotwords"] for how in bold.asked] == ["Okafor", None]


def test_real_speech_is_decoded_once_with_the_vocabulary() -> None:
    single = Pass(segment("thank you Okafor"))
    words, _ = engine_hearing(single).recognise(SECOND_OF_SOUND, "en", ("Okafor", "metoprolol"))
    assert texts(words) == ["thank", "you", "Okafor"]
    assert [how["hotwords"] for how in single.asked] == ["Okafor, metoprolol"]


def test_a_sound_in_which_no_word_stands_out_is_no_word() -> None:
    sneeze = segment("What?")
    sneeze.words[0].probability = 0.06
    assert engine_hearing(Pass(sneeze)).recognise(SECOND_OF_SOUND, "en") == ((), None)


@pytest.mark.parametrize(("language", "said"), [("xx", UnknownLanguage), ("de", TranscriptionFailed)])
def test_a_language_it_does_not_know_is_told_apart_from_other_failures(
    language: str, said: type[OutbreathError]
) -> None:
    with pytest.raises(said):
        engine_hearing(Pass(ValueError("not a valid language code"))).recognise(SECOND_OF_SOUND, language)


@pytest.mark.model
def test_the_real_model_knows_which_languages_it_knows(models_folder: Path) -> None:
    with pytest.raises(UnknownLanguage):
        WhisperEngine(ModelStore(models_folder), "base").recognise(SECOND_OF_SOUND, "xx")


def test_a_hyphenated_word_is_one_word() -> None:
    heard = segment("a hot")
    heard.words.append(SimpleNamespace(word="-headed", start=0.4, end=0.8, probability=0.5))
    heard.words.append(SimpleNamespace(word=" man", start=0.8, end=1.0, probability=0.9))
    words, _ = engine_hearing(Pass(heard)).recognise(SECOND_OF_SOUND, "en")
    assert texts(words) == ["a", "hot-headed", "man"]
    assert (words[1].start, words[1].end, words[1].probability) == (0.2, 0.8, 0.5)


def test_a_good_pass_is_the_only_one() -> None:
    careful = Pass(segment("something else"))
    words, _ = engine_hearing(Pass(segment("real words")), careful).recognise(LONG, "en")
    assert texts(words) == ["real", "words"]
    assert careful.asked == []


def test_a_failed_pass_is_followed_by_a_careful_one() -> None:
    careful = Pass(segment("real words"), segment("and rubbish", avg_logprob=-1.4))
    words, _ = engine_hearing(Pass(segment("rubbish", avg_logprob=-1.4)), careful).recognise(LONG, "en")
    assert texts(words) == ["real", "words"]
    assert careful.asked[0]["condition_on_previous_text"] is False


def test_of_a_loop_the_first_round_is_kept_and_what_was_said_before_it() -> None:
    looping = segment("I went home. " + "Thank you. " * 9, compression_ratio=5.0)
    words, _ = engine_hearing(Pass(looping), Pass(looping)).recognise(LONG, "en")
    assert texts(words) == ["I", "went", "home.", "Thank", "you."]


def test_a_person_may_say_a_sentence_again() -> None:
    careful = Pass(segment("something else"))
    again = segment("ask not what your country can do for you " * 3, compression_ratio=2.9)
    words, _ = engine_hearing(Pass(again), careful).recognise(LONG, "en")
    assert len(words) == 27
    assert careful.asked == []


@DOUBTFUL
def test_of_a_cough_nothing_is_made(doubtful: dict[str, float]) -> None:
    careful = Pass(segment("thank you"))
    engine = engine_hearing(Pass(segment("thank you " * 6, **doubtful)), careful)
    assert engine.recognise(SECOND_OF_SOUND, "en") == ((), None)
    assert careful.asked == []


def test_no_words_mean_no_language() -> None:
    assert engine_hearing(Pass()).recognise(SECOND_OF_SOUND, "en") == ((), None)


def test_the_engines_own_message_does_not_get_out() -> None:
    engine = engine_hearing(Pass(RuntimeError("what the person said")))
    with pytest.raises(TranscriptionFailed) as fault:
        engine.recognise(SECOND_OF_SOUND, "en")
    assert "what the person said" not in str(fault.value)
    assert fault.value.__suppress_context__


@pytest.mark.parametrize("wrong", [AudioClip.silence(10, 48_000), AudioClip(np.zeros((10, 2), np.float32), 16_000)])
def test_other_formats_are_refused(wrong: AudioClip) -> None:
    with pytest.raises(ValueError, match="16 kHz"):
        engine_hearing(Pass()).recognise(wrong, "en")


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
