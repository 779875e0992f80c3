from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio import files
from audio.clip import AudioClip, join
from audio.wav_device import WavMicrophone, WavSpeaker
from core.errors import DeviceLost, DiskFull, NoSoundCard
from tests.audio.sounds import sine, stereo


def test_the_file_is_whole_whenever_it_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "played.wav"
    speaker = WavSpeaker(path)

    def blocks() -> Iterator[AudioClip]:
        for played in range(1, 4):
            yield sine(440, 0.1)
            assert join(list(files.decode(path, 48_000))).frames == played * 4_800

    assert speaker.play(blocks()) == 14_400


def test_a_new_speaker_begins_a_new_file(tmp_path: Path) -> None:
    for _ in range(2):
        WavSpeaker(tmp_path / "played.wav").play([stereo(sine(440, 0.1), sine(440, 0.1))])
    assert join(list(files.decode(tmp_path / "played.wav", 48_000))).frames == 4_800


def test_one_file_holds_one_format(tmp_path: Path) -> None:
    speaker = WavSpeaker(tmp_path / "played.wav")
    speaker.play([sine(440, 0.1, 48_000)])
    with pytest.raises(ValueError, match="one format"):
        speaker.play([sine(440, 0.1, 24_000)])


def test_a_folder_that_goes_away_is_a_lost_device(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    speaker = WavSpeaker(folder / "played.wav")

    def blocks() -> Iterator[AudioClip]:
        yield sine(440, 0.1)
        folder.rename(tmp_path / "gone")
        yield sine(440, 0.1)

    with pytest.raises(DeviceLost):
        speaker.play(blocks())
    with pytest.raises(NoSoundCard):
        WavSpeaker(folder / "another.wav").play([sine(440, 0.1)])


def test_a_full_disk_is_named() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no device that is always full")
    with pytest.raises(DiskFull):
        WavSpeaker(full).play([sine(440, 0.1)])


def test_a_file_can_be_as_slow_as_life(tmp_path: Path) -> None:
    files.encode([sine(440, 1.3)], tmp_path / "room.mp3", "mp3")
    waited: list[float] = []
    with WavMicrophone(tmp_path / "room.mp3", wait=waited.append).listen(16_000) as blocks:
        heard = list(blocks)
    assert sum(waited) == pytest.approx(1.3, abs=0.001)
    assert waited == [block.duration_seconds for block in heard]
    assert max(waited) <= 0.5
    assert np.max(np.abs(join(heard).samples)) == pytest.approx(0.5, abs=0.05)
