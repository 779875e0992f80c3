from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio import files
from audio.clip import AudioClip
from core.errors import UnreadableAudio, UnreadableFile
from sessions.recorded_lines import KEPT_BYTES, LONGEST_SECONDS, KeptLines, recorded_line, recorded_seconds
from sessions.slots import SAMPLE_RATE_HZ
from tests.audio.sounds import sine

BYTES_PER_SECOND = 2 * SAMPLE_RATE_HZ


def file(folder: Path, name: str) -> Path:
    (folder / name).write_bytes(b"x")
    return folder / name


def test_a_line_is_a_multiple_of_a_tenth_and_its_length_is_known(tmp_path: Path) -> None:
    files.encode([sine(300, 1.234, SAMPLE_RATE_HZ)], tmp_path / "a.wav", "wav")
    line = recorded_line(tmp_path / "a.wav")
    assert line.duration_seconds == recorded_seconds(tmp_path / "a.wav") == pytest.approx(1.3, abs=0.11)
    assert line.frames % (SAMPLE_RATE_HZ // 10) == 0


def test_what_cannot_be_read_is_an_error_each_time(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(UnreadableFile):
            recorded_line(tmp_path / "missing.wav")
        with pytest.raises(UnreadableAudio):
            recorded_seconds(file(tmp_path, "bad.wav"))


def test_lines_are_kept_up_to_a_number_of_bytes_the_last_used_longest(tmp_path: Path) -> None:
    prepared: list[str] = []

    def prepare(path: Path) -> AudioClip:
        prepared.append(path.name)
        return AudioClip(np.zeros(SAMPLE_RATE_HZ, np.float32), SAMPLE_RATE_HZ)

    kept = KeptLines(2 * BYTES_PER_SECOND, prepare)
    one, two, three = (file(tmp_path, name) for name in ("one", "two", "three"))
    for path in (one, two, one, three):
        kept.samples(path)
        assert kept.kept_bytes <= 2 * BYTES_PER_SECOND
    assert prepared == ["one", "two", "three"]
    kept.samples(one)
    assert kept.frames(two) == SAMPLE_RATE_HZ
    assert prepared == ["one", "two", "three"]
    kept.samples(two)
    assert prepared == ["one", "two", "three", "two"]


def test_a_line_that_is_larger_than_that_is_given_and_not_kept(tmp_path: Path) -> None:
    kept = KeptLines(10, lambda _: AudioClip(np.zeros(SAMPLE_RATE_HZ, np.float32), SAMPLE_RATE_HZ))
    assert len(kept.samples(file(tmp_path, "one"))) == SAMPLE_RATE_HZ
    assert kept.kept_bytes == 0


def test_the_longest_line_can_be_kept() -> None:
    assert LONGEST_SECONDS * BYTES_PER_SECOND <= KEPT_BYTES < 100_000_000
