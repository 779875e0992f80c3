"""A shipped session with the voices that ship, at its true length and loudness."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio.clip import AudioClip, join
from audio.loudness import integrated_lufs, true_peak_dbtp
from sessions.durations import planned_seconds
from sessions.guide import Guide
from sessions.rendering import SAMPLE_RATE_HZ
from sessions.script_files import Library
from voice.model_store import ModelStore
from voice.narrator import Narrator
from voice.pinned_models import SHIPPED_VOICES
from voice.speech_cache import SpeechCache
from voice.voices import voice

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


@pytest.fixture(scope="module", params=SHIPPED_VOICES)
def guide(request: pytest.FixtureRequest, models_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Guide:
    cache = SpeechCache(tmp_path_factory.mktemp("lines"), 10**9)
    name = request.param
    narrator = Narrator(voice(name, ModelStore(models_folder)), cache, SAMPLE_RATE_HZ, planned_seconds(name))
    return Guide(Library(tmp_path_factory.mktemp("scripts")), lambda _: narrator, name, "less", "none")


def test_words_come_when_the_timeline_says_and_silence_is_silent(guide: Guide) -> None:
    performance = guide.prepare("morning-arrival", minutes=3)
    samples = join(list(performance.blocks())).samples
    assert len(samples) == performance.frames
    lines = [cue for cue in performance.timeline.cues if cue.kind == "line"]
    # The opening bell still rings under the first line.
    for cue in lines[1:]:
        heard = np.flatnonzero(np.abs(samples[cue.start_frame : cue.end_frame]) > 0.01)
        assert heard[0] < 0.15 * SAMPLE_RATE_HZ
        assert not samples[cue.start_frame - SAMPLE_RATE_HZ // 2 : cue.start_frame].any()


def test_speech_is_as_loud_as_promised(guide: Guide) -> None:
    performance = guide.prepare("morning-arrival", minutes=3)
    samples = join(list(performance.blocks())).samples
    lines = [cue for cue in performance.timeline.cues if cue.kind == "line"][1:]
    speech = AudioClip(np.concatenate([samples[cue.start_frame : cue.end_frame] for cue in lines]), SAMPLE_RATE_HZ)
    assert integrated_lufs(speech) == pytest.approx(-19, abs=1)
    assert true_peak_dbtp(AudioClip(samples, SAMPLE_RATE_HZ)) <= -1.5


@pytest.mark.parametrize(
    ("slug", "minutes", "bed"), [("morning-arrival", 5, "ocean"), ("coherent-breathing", 2, "none")]
)
def test_a_whole_session_is_as_loud_as_every_other(guide: Guide, slug: str, minutes: float, bed: str) -> None:
    whole = join(list(guide.prepare(slug, minutes, "normal", bed).blocks()))
    assert integrated_lufs(whole) == pytest.approx(-19, abs=1)
    assert true_peak_dbtp(whole) <= -1.5


def test_breath_is_paced_by_words_and_tones(guide: Guide) -> None:
    performance = guide.breathe("4-7-8-0", 0.7)
    assert sum(block.frames for block in performance.blocks()) == round(0.7 * 60 * SAMPLE_RATE_HZ)
    assert [cue.phase for cue in performance.timeline.cues if cue.spoken and cue.phase] == ["in", "hold", "out"]
