import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio.clip import AudioClip
from core.errors import TranscriptionFailed
from tests.fakes.recogniser import CountingRecogniser
from tests.voice.speaking import blocks_of, spoken, with_pauses
from voice.model_store import ModelStore
from voice.speech_to_text import LONGEST_STRETCH_SECONDS, SAMPLE_RATE_HZ
from voice.transcriber import transcribe
from voice.whisper_engine import WhisperEngine

FIRST, SECOND = "Feel your feet on the floor.", "Let the shoulders drop."


@pytest.fixture(scope="module")
def sentences(models_folder: Path) -> list[AudioClip]:
    return [spoken(FIRST, models_folder), spoken(SECOND, models_folder)]


def test_words_stand_where_they_were_said(sentences: list[AudioClip]) -> None:
    pause = 5.0
    recording = with_pauses(sentences, pause)
    transcript = transcribe(blocks_of(recording), CountingRecogniser(), "en")
    second_starts = 2 * pause + sentences[0].duration_seconds
    ends = (pause + sentences[0].duration_seconds, second_starts + sentences[1].duration_seconds)
    for word in transcript.words:
        assert pause - 0.4 <= word.start <= word.end <= ends[1] + 0.4
        assert not ends[0] + 0.4 < (word.start + word.end) / 2 < second_starts - 0.4
    assert {word.start < second_starts - 1 for word in transcript.words} == {True, False}
    assert transcript.text == " ".join(word.text for word in transcript.words)
    assert transcript.duration_seconds == pytest.approx(recording.duration_seconds)


def test_words_never_go_back_in_time(sentences: list[AudioClip]) -> None:
    transcript = transcribe(blocks_of(with_pauses(sentences * 4, 1.5)), CountingRecogniser(), "en")
    times = [time for word in transcript.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[-1] <= transcript.duration_seconds


def test_each_stretch_is_recognised_by_itself(sentences: list[AudioClip]) -> None:
    recogniser = CountingRecogniser()
    transcribe(blocks_of(with_pauses(sentences * 4, 1.5)), recogniser, "en")
    assert len(recogniser.heard) == 8
    assert all(seconds <= LONGEST_STRETCH_SECONDS for seconds, _ in recogniser.heard)


def test_silence_gives_no_words_and_does_not_load_the_recogniser() -> None:
    recogniser = CountingRecogniser()
    silence = AudioClip.silence(5 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)
    transcript = transcribe(blocks_of(silence), recogniser, "en")
    assert transcript.no_speech
    assert transcript.text == ""
    assert transcript.language is None
    assert transcript.duration_seconds == 5.0
    assert not recogniser.loaded


def test_what_is_neither_silence_nor_understood_is_counted_as_noise(sentences: list[AudioClip]) -> None:
    rain = np.random.default_rng(7).normal(0, 0.03, 10 * SAMPLE_RATE_HZ).astype(np.float32)
    recording = [*blocks_of(sentences[0]), *blocks_of(AudioClip(rain, SAMPLE_RATE_HZ))]
    assert transcribe(recording, CountingRecogniser(), "en").noise_seconds == pytest.approx(10, abs=1.0)
    clear = transcribe(blocks_of(with_pauses(sentences, 5.0)), CountingRecogniser(), "en")
    assert clear.noise_seconds == pytest.approx(0, abs=0.5)


def test_no_blocks_give_an_empty_transcript() -> None:
    transcript = transcribe([], CountingRecogniser(), None)
    assert transcript.no_speech
    assert transcript.duration_seconds == 0


def test_a_guessed_language_stays_for_the_rest(sentences: list[AudioClip]) -> None:
    recogniser = CountingRecogniser(language="de")
    transcript = transcribe(blocks_of(with_pauses(sentences * 12, 1.5)), recogniser, None)
    asked = [language for _, language in recogniser.heard]
    assert asked[0] is None
    assert set(asked[1:]) == {"de"}
    assert transcript.language == "de"


def test_progress_tells_the_seconds_worked_through(sentences: list[AudioClip]) -> None:
    told: list[float] = []
    recording = with_pauses(sentences, 1.0)
    transcribe(blocks_of(recording), CountingRecogniser(), "en", told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(recording.duration_seconds)


def test_a_failing_recogniser_is_told_not_hidden(sentences: list[AudioClip]) -> None:
    with pytest.raises(TranscriptionFailed):
        transcribe(blocks_of(with_pauses(sentences, 1.0)), CountingRecogniser(fault=TranscriptionFailed()), "en")


def test_memory_does_not_grow_with_the_recording(sentences: list[AudioClip]) -> None:
    ten_seconds = with_pauses(sentences, 1.0)

    def long_recording() -> Iterator[AudioClip]:
        for _ in range(20):
            yield from blocks_of(ten_seconds)

    transcribe(blocks_of(ten_seconds), CountingRecogniser(), "en")
    tracemalloc.start()
    try:
        transcribe(long_recording(), CountingRecogniser(), "en")
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    one_recognition_bytes = LONGEST_STRETCH_SECONDS * SAMPLE_RATE_HZ * 4
    assert most_bytes < 8 * one_recognition_bytes


@pytest.mark.model
def test_real_speech_with_a_long_pause_comes_back_in_its_place(sentences: list[AudioClip], models_folder: Path) -> None:
    recogniser = WhisperEngine(ModelStore(models_folder), "base")
    transcript = transcribe(blocks_of(with_pauses(sentences, 20.0)), recogniser, "en")
    heard = transcript.text.lower()
    assert "floor" in heard
    assert "shoulder" in heard
    shoulder = next(word for word in transcript.words if "shoulder" in word.text.lower())
    assert shoulder.start > 40 + sentences[0].duration_seconds


@pytest.mark.model
def test_a_real_recording_is_understood(shared_data: Path, models_folder: Path) -> None:
    from audio.files import decode

    recogniser = WhisperEngine(ModelStore(models_folder), "base")
    transcript = transcribe(decode(shared_data / "speech" / "jfk" / "jfk.flac"), recogniser, None)
    assert "your country can do for you" in transcript.text.lower()
    assert transcript.language == "en"
