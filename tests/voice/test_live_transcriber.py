"""Words while one speaks: the same as afterwards, and nothing that goes wrong with them stops the recording."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from audio.clip import AudioClip
from audio.editing import trimmed
from core.errors import ModelMissing, TranscriptionFailed
from core.transcript import Word
from tests.fakes.recogniser import CountingRecogniser
from tests.voice.speaking import blocks_of, spoken, with_pauses
from voice import live_transcriber
from voice.live_transcriber import LiveTranscriber
from voice.speech_to_text import SAMPLE_RATE_HZ
from voice.transcriber import transcribe


@pytest.fixture(scope="module")
def recording(models_folder: Path) -> AudioClip:
    sentences = [spoken(text, models_folder) for text in ("Feel your feet on the floor.", "Let the shoulders drop.")]
    return with_pauses(sentences * 3, 2.0)


class WaitingRecogniser(CountingRecogniser):
    """Hears nothing before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()

    def recognise(
        self, stretch: AudioClip, language: str | None, vocabulary: tuple[str, ...] = ()
    ) -> tuple[tuple[Word, ...], str | None]:
        assert self.may.wait(30)
        return super().recognise(stretch, language, vocabulary)


def test_the_words_are_those_of_the_finished_recording(recording: AudioClip) -> None:
    live = LiveTranscriber(CountingRecogniser(), "en")
    for block in blocks_of(recording, 1_234):
        live.push(block)
    assert live.finish() == transcribe(blocks_of(recording), CountingRecogniser(), "en")


def test_words_come_as_it_goes_on_and_stay(recording: AudioClip) -> None:
    told: list[tuple[Word, ...]] = []
    came = threading.Event()

    def tell(words: tuple[Word, ...]) -> None:
        told.append(words)
        came.set()

    live = LiveTranscriber(CountingRecogniser(), "en", (), tell)
    blocks = blocks_of(recording)
    for block in blocks[: len(blocks) // 2]:
        live.push(block)
    assert came.wait(30)
    for block in blocks[len(blocks) // 2 :]:
        live.push(block)
    assert tuple(word for words in told for word in words) == live.finish().words


def test_taking_sound_in_never_waits_for_a_recognition(recording: AudioClip) -> None:
    recogniser = WaitingRecogniser()
    live = LiveTranscriber(recogniser, "en")
    for block in blocks_of(recording):
        live.push(block)
    assert not recogniser.heard
    recogniser.may.set()
    assert live.finish().words


def test_a_cut_keeps_what_was_said_apart(recording: AudioClip, models_folder: Path) -> None:
    sentence = trimmed(spoken("Feel your feet on the floor.", models_folder))
    together, apart = CountingRecogniser(), CountingRecogniser()
    for recogniser in (together, apart):
        live = LiveTranscriber(recogniser, "en")
        for block in blocks_of(sentence):
            live.push(block)
        if recogniser is apart:
            live.cut()
        for block in blocks_of(sentence):
            live.push(block)
        live.finish()
    assert len(together.heard) < len(apart.heard)


def test_a_failing_recogniser_is_told_at_the_end(recording: AudioClip) -> None:
    live = LiveTranscriber(CountingRecogniser(fault=ModelMissing("base")), "en")
    for block in blocks_of(recording):
        live.push(block)
    with pytest.raises(ModelMissing):
        live.finish()


def test_a_machine_that_cannot_keep_pace_gives_up_instead_of_filling_memory(
    recording: AudioClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_transcriber, "MOST_WAITING_SECONDS", 3.0)
    recogniser = WaitingRecogniser()
    live = LiveTranscriber(recogniser, "en")
    for block in blocks_of(recording):
        live.push(block)
    recogniser.may.set()
    with pytest.raises(TranscriptionFailed):
        live.finish()


def test_silence_is_counted_and_heard_by_nobody() -> None:
    recogniser = CountingRecogniser()
    live = LiveTranscriber(recogniser, "en")
    for block in blocks_of(AudioClip.silence(25 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)):
        live.push(block)
    assert live.silent_seconds == pytest.approx(25, abs=0.6)
    assert live.finish().no_speech
    assert not recogniser.heard


def test_what_nobody_wants_any_more_ends_at_once(recording: AudioClip) -> None:
    live = LiveTranscriber(CountingRecogniser(), "en")
    for block in blocks_of(recording):
        live.push(block)
    live.abandon()
    assert not live._thread.is_alive()
