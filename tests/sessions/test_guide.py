from __future__ import annotations

from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from audio import files
from audio.clip import AudioClip
from core.errors import BadScript, BadValue, TooShort, UnknownAudioFormat, UnknownSession, UnknownVoice
from sessions.guide import Guide
from sessions.rendering import SAMPLE_RATE_HZ
from sessions.script_files import Library
from tests.fakes.narrator import TonedNarrator
from tests.sessions.writing import CONTRACT_EXAMPLE


@pytest.fixture
def narrator() -> TonedNarrator:
    return TonedNarrator()


@pytest.fixture
def guide(tmp_path: Path, narrator: TonedNarrator) -> Guide:
    (tmp_path / "mine.md").write_text(CONTRACT_EXAMPLE)

    def narrator_for(name: str) -> TonedNarrator:
        if name != "toned":
            raise UnknownVoice(["toned"])
        return narrator

    return Guide(Library(tmp_path), narrator_for, "toned", "normal", None)  # type: ignore[arg-type]


def test_it_knows_the_library(guide: Guide) -> None:
    assert "mine" in [session.slug for session in guide.sessions()]
    assert guide.session("mine").title == "Between clients"


def test_what_is_not_asked_for_is_the_scripts_or_the_settings_choice(guide: Guide) -> None:
    performance = guide.prepare("morning-arrival")
    assert (performance.timeline.minutes, performance.timeline.guidance) == (10, "normal")
    assert (performance.voice, performance.bed) == ("toned", "ocean")
    assert performance.frames == 10 * 60 * SAMPLE_RATE_HZ
    assert performance.duration_seconds == 600


def test_what_is_asked_for_is_taken(guide: Guide) -> None:
    performance = guide.prepare("mine", 4, "more", "rain", "toned")
    assert (performance.timeline.minutes, performance.timeline.guidance, performance.bed) == (4, "more", "rain")


def test_a_known_session_is_planned_without_a_word(guide: Guide, narrator: TonedNarrator) -> None:
    guide.prepare("mine")
    assert narrator.spoken == []


def test_unknown_lines_are_spoken_to_learn_their_length(guide: Guide, narrator: TonedNarrator) -> None:
    narrator.known = False
    guide.prepare("mine")
    assert "Feel your feet." in narrator.spoken


@pytest.mark.parametrize(
    ("choices", "error"),
    [
        ({"slug": "nothing"}, UnknownSession),
        ({"minutes": 0}, BadValue),
        ({"minutes": 1e9}, BadValue),
        ({"minutes": 0.2}, TooShort),
        ({"guidance": "most"}, BadValue),
        ({"bed": "thunder"}, BadValue),
        ({"voice": "nobody"}, UnknownVoice),
    ],
)
def test_wrong_choices_are_refused_before_anything_sounds(
    guide: Guide, choices: dict[str, object], error: type
) -> None:
    with pytest.raises(error):
        guide.prepare(**{"slug": "mine"} | choices)  # type: ignore[arg-type]


def test_breathing_alone_is_bell_words_whole_breaths_and_a_bell(guide: Guide) -> None:
    timeline = guide.breathe("4-0-6-0", 2).timeline
    kinds = [kind for kind, _ in groupby(cue.kind for cue in timeline.cues)]
    assert kinds == ["bell", "line", "pause", "breath", "rest", "bell"]
    assert timeline.duration_seconds == 120
    assert sum(cue.phase == "in" for cue in timeline.cues) == sum(cue.phase == "out" for cue in timeline.cues) == 10
    assert guide.breathe("box-breathing", 1).timeline.title == "Box breathing"
    assert guide.breathe("4-0-6-0", 1).timeline.title == "4-0-6-0"
    with pytest.raises(BadValue):
        guide.breathe("nose", 2)


def test_it_writes_a_file_of_exactly_the_length_and_tells_how_far_it_is(guide: Guide, tmp_path: Path) -> None:
    performance = guide.prepare("mine", 1.5)
    told: list[float] = []
    performance.write(tmp_path / "mine.wav", told.append)
    heard = sum(block.frames for block in files.decode(tmp_path / "mine.wav", SAMPLE_RATE_HZ))
    assert heard == performance.frames
    assert told == sorted(told)
    assert told[-1] == 90


def test_a_format_that_is_not_written_leaves_nothing(guide: Guide, tmp_path: Path) -> None:
    with pytest.raises(UnknownAudioFormat):
        guide.prepare("mine").write(tmp_path / "mine.xyz")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]


def record(path: Path) -> None:
    """A quiet tone of two seconds, with silence around it."""
    time = np.arange(2 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = (0.02 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    silence = np.zeros(SAMPLE_RATE_HZ, np.float32)
    files.encode([AudioClip(np.concatenate([silence, tone, silence]), SAMPLE_RATE_HZ)], path, "wav")


def test_a_recorded_line_is_heard_where_it_stands_trimmed_and_as_loud_as_the_voice(
    guide: Guide, tmp_path: Path
) -> None:
    record(tmp_path / "welcome.wav")
    (tmp_path / "mine.md").write_text(CONTRACT_EXAMPLE.replace("{bell}", "{pause 1s}\n{play welcome.wav}"))
    performance = guide.prepare("mine", bed="none")
    (cue,) = [cue for cue in performance.timeline.cues if cue.kind == "recording"]
    assert 2.0 <= cue.end - cue.start <= 2.2
    samples = np.concatenate([block.samples for block in performance.blocks()])
    assert np.max(np.abs(samples[cue.start_frame : cue.end_frame])) > 0.1
    assert not samples[: cue.start_frame].any()


@pytest.mark.parametrize("gone", ["welcome.wav", "mine.md"])
def test_a_session_that_plays_goes_on_when_its_recording_or_script_goes_away(
    guide: Guide, tmp_path: Path, gone: str
) -> None:
    record(tmp_path / "welcome.wav")
    (tmp_path / "mine.md").write_text(CONTRACT_EXAMPLE.replace("{bell}", "{pause 1s}\n{play welcome.wav}"))
    performance = guide.prepare("mine", bed="none")
    (tmp_path / gone).rename(tmp_path / "elsewhere")
    assert sum(block.frames for block in performance.blocks()) == performance.frames


def test_a_recorded_line_without_sound_is_a_fault_of_the_script(guide: Guide, tmp_path: Path) -> None:
    (tmp_path / "welcome.wav").write_bytes(b"RIFF nothing")
    (tmp_path / "mine.md").write_text(CONTRACT_EXAMPLE.replace("{bell}", "{play welcome.wav}"))
    with pytest.raises(BadScript) as refused:
        guide.prepare("mine")
    assert refused.value.faults[0][0] == 10
