import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.clip import AudioClip
from audio.editing import trimmed
from audio.levels import rms_dbfs
from audio.loudness import integrated_lufs, true_peak_dbtp
from core.errors import ModelMissing
from tests.fakes.voices import SECONDS_PER_WORD, HummingVoice
from voice.hibari_engine import HibariEngine
from voice.model_store import ModelStore
from voice.narrator import SENTENCE_GAP_SECONDS, Narrator
from voice.piper_engine import PiperVoiceEngine
from voice.speech_cache import SpeechCache

RATE = 48_000
SLOT_FRAMES = RATE // 10
LINE = "Feel your feet on the floor. Let the shoulders drop."


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path / "lines", 100_000_000)


def test_a_line_is_mono_at_the_sessions_rate_and_fills_whole_slots(cache: SpeechCache) -> None:
    clip = Narrator(HummingVoice(), cache, RATE).line(LINE)
    assert clip.sample_rate == RATE
    assert clip.channels == 1
    assert clip.frames % SLOT_FRAMES == 0


def test_the_voices_own_silence_is_replaced_by_ours(cache: SpeechCache) -> None:
    clip = Narrator(HummingVoice(), cache, RATE).line("One two. Three.")
    spoken_seconds = 3 * SECONDS_PER_WORD + SENTENCE_GAP_SECONDS
    assert spoken_seconds <= clip.duration_seconds <= spoken_seconds + 0.1 + 4 * 0.05
    loud = np.abs(clip.samples) > 0.01
    assert np.flatnonzero(loud)[0] < 0.02 * RATE
    longest_silence = np.diff(np.flatnonzero(loud)).max() / RATE
    assert longest_silence == pytest.approx(SENTENCE_GAP_SECONDS, abs=0.12)


@pytest.mark.parametrize("line", ["Breathe.", LINE, "One. Two. Three. Four. Five."])
def test_every_line_is_equally_loud_and_never_clips(line: str, cache: SpeechCache) -> None:
    clip = Narrator(HummingVoice(), cache, RATE).line(line)
    # Without the silence that fills its slot, which counts in a line shorter than one block of the measure.
    assert integrated_lufs(trimmed(clip)) == pytest.approx(-19.0, abs=1.0)
    assert true_peak_dbtp(clip) <= -1.4


def test_nothing_clicks_where_sentences_join(cache: SpeechCache) -> None:
    samples = Narrator(HummingVoice(), cache, RATE).line(LINE).samples
    # A 220 Hz tone at this loudness never moves faster than this from one sample to the next.
    assert np.abs(np.diff(samples)).max() < 0.02
    assert abs(samples[0]) < 0.001
    assert abs(samples[-1]) < 0.001


def test_a_line_is_spoken_once(cache: SpeechCache) -> None:
    voice = HummingVoice()
    narrator = Narrator(voice, cache, RATE)
    assert narrator.known_seconds(LINE) is None
    first = narrator.line(LINE)
    assert narrator.known_seconds(LINE) == first.duration_seconds
    again = Narrator(HummingVoice(), cache, RATE).line("  Feel your feet on the floor.\n Let the shoulders   drop. ")
    assert np.array_equal(first.samples, again.samples)
    assert voice.spoken == [LINE]


def test_another_voice_speaks_for_itself(cache: SpeechCache) -> None:
    Narrator(HummingVoice("one"), cache, RATE).line(LINE)
    other = HummingVoice("other")
    narrator = Narrator(other, cache, RATE)
    assert narrator.voice_name == "other"
    assert narrator.known_seconds(LINE) is None
    narrator.line(LINE)
    assert other.spoken == [LINE]


@pytest.mark.parametrize("planned_seconds", [0.5, 2.7, 9.9])
def test_a_planned_line_takes_exactly_its_planned_time(planned_seconds: float, cache: SpeechCache) -> None:
    narrator = Narrator(HummingVoice(), cache, RATE, {LINE: planned_seconds})
    assert narrator.known_seconds(LINE) == planned_seconds
    for _ in range(2):
        clip = narrator.line(LINE)
        assert clip.frames == round(planned_seconds * RATE)
        assert abs(clip.samples[-1]) < 0.001
    assert narrator.known_seconds(LINE) == planned_seconds


@pytest.mark.parametrize("line", ["", "  ", "…"])
def test_a_line_without_words_is_empty(line: str, cache: SpeechCache) -> None:
    assert Narrator(HummingVoice(), cache, RATE).line(line).frames == 0


def test_a_cache_that_keeps_nothing_changes_nothing_but_speed(cache: SpeechCache, tmp_path: Path) -> None:
    keeps_nothing = Narrator(HummingVoice(), SpeechCache(tmp_path / "none", 0), RATE)
    assert keeps_nothing.known_seconds(LINE) is None
    assert np.array_equal(keeps_nothing.line(LINE).samples, Narrator(HummingVoice(), cache, RATE).line(LINE).samples)
    assert not keeps_nothing.is_ready(LINE)
    # Or a script could never be planned on a full disk.
    assert keeps_nothing.known_seconds(LINE) == keeps_nothing.line(LINE).duration_seconds


def test_a_line_without_a_sound_is_known_to_take_no_time(cache: SpeechCache) -> None:
    narrator = Narrator(HummingVoice(), cache, RATE)
    assert narrator.known_seconds("…") is None
    assert narrator.line("…").frames == 0
    assert narrator.known_seconds("…") == 0


def test_it_knows_what_is_kept(cache: SpeechCache) -> None:
    narrator = Narrator(HummingVoice(), cache, RATE, {LINE: 9.0})
    assert not narrator.is_ready(LINE)
    narrator.line(LINE)
    assert narrator.is_ready(LINE)


def test_it_learns_how_fast_the_voice_is_here(cache: SpeechCache, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(HummingVoice):
        """Takes as long as it speaks."""

        def speak(self, text: str) -> Iterator[AudioClip]:
            for clip in super().speak(text):
                now[0] += clip.duration_seconds
                yield clip

    now = [0.0]
    monkeypatch.setattr("voice.narrator.time.monotonic", lambda: now[0])
    narrator = Narrator(Slow(), cache, RATE)
    assert narrator.real_time_factor == pytest.approx(0.01)
    for number in range(30):
        narrator.line(f"{LINE} {number}")
    assert narrator.real_time_factor == pytest.approx(1.0, abs=0.5)


def test_two_listeners_do_not_make_it_speak_twice(cache: SpeechCache) -> None:
    voice = HummingVoice()
    narrator = Narrator(voice, cache, RATE)
    together = threading.Barrier(4)

    def listen() -> None:
        together.wait()
        narrator.line(LINE)

    threads = [threading.Thread(target=listen) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert voice.spoken == [LINE]


@pytest.mark.parametrize("lines_at_once", [1, 2])
def test_it_speaks_as_many_lines_side_by_side_as_the_voice_can(lines_at_once: int, cache: SpeechCache) -> None:
    together = threading.Barrier(2)
    met: list[bool] = []

    class Waiting(HummingVoice):
        def speak(self, text: str) -> Iterator[AudioClip]:
            try:
                together.wait(1)
                met.append(True)
            except threading.BrokenBarrierError:
                met.append(False)
            yield from super().speak(text)

    voice = Waiting()
    voice.lines_at_once = lines_at_once
    narrator = Narrator(voice, cache, RATE)
    threads = [threading.Thread(target=narrator.line, args=(f"Line {number}.",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert met == [lines_at_once == 2] * 2


def test_a_missing_voice_is_told(cache: SpeechCache) -> None:
    narrator = Narrator(HummingVoice(fault=ModelMissing("hum")), cache, RATE)
    with pytest.raises(ModelMissing):
        narrator.line(LINE)
    with pytest.raises(ModelMissing):
        narrator.warm()


@settings(max_examples=20, deadline=None)
@given(words=st.lists(st.sampled_from(["in", "and", "out.", "rest,", "now!"]), min_size=1, max_size=12))
def test_known_and_real_length_agree(words: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    narrator = Narrator(HummingVoice(), SpeechCache(tmp_path_factory.mktemp("lines"), 100_000_000), RATE)
    clip = narrator.line(" ".join(words))
    assert clip.frames % SLOT_FRAMES == 0
    assert narrator.known_seconds(" ".join(words)) == clip.duration_seconds


@pytest.mark.model
@pytest.mark.parametrize("engine", [PiperVoiceEngine, HibariEngine])
def test_real_voices_sound_even_and_take_the_same_time_again(engine, models_folder: Path, tmp_path: Path) -> None:
    lengths = set()
    for folder in ("one", "two"):
        cache = SpeechCache(tmp_path / folder, 100_000_000)
        clip = Narrator(engine(ModelStore(models_folder)), cache, RATE).line(LINE)
        lengths.add(clip.frames)
        assert integrated_lufs(clip) == pytest.approx(-19.0, abs=1.0)
        assert true_peak_dbtp(clip) <= -1.4
        assert rms_dbfs(clip) > -30
    assert len(lengths) == 1
