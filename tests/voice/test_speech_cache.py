import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.clip import AudioClip
from voice import speech_cache
from voice.speech_cache import SpeechCache

CLIP = AudioClip.from_int16(np.arange(-500, 500, dtype=np.int16), 48_000)
PLENTY = 10_000_000


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path / "lines", PLENTY)


def test_what_was_put_comes_back(cache: SpeechCache) -> None:
    assert cache.get("a line") is None
    assert cache.seconds("a line") is None
    cache.put("a line", CLIP)
    kept = cache.get("a line")
    assert kept is not None
    assert kept.sample_rate == 48_000
    assert np.array_equal(kept.samples, CLIP.samples)
    assert cache.seconds("a line") == CLIP.duration_seconds
    assert cache.get("another line") is None


def test_it_survives_a_restart_and_holds_no_words(cache: SpeechCache, tmp_path: Path) -> None:
    cache.put("let the shoulders drop", CLIP)
    assert SpeechCache(tmp_path / "lines", PLENTY).get("let the shoulders drop") is not None
    for path in files_in(tmp_path):
        assert "shoulders" not in str(path)
        assert b"shoulders" not in path.read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:10],
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: b"RIFF" + content[4:],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
    ],
    ids=["empty", "cut in the header", "cut in the sound", "too long", "another file", "a flipped bit"],
)
def test_a_damaged_file_is_a_miss_and_can_be_replaced(cache: SpeechCache, tmp_path: Path, damage) -> None:
    cache.put("a line", CLIP)
    (path,) = files_in(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.get("a line") is None
    cache.put("a line", CLIP)
    assert cache.get("a line") is not None


@given(content=st.binary(max_size=200))
def test_no_content_of_a_file_breaks_it(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("lines")
    cache = SpeechCache(folder, PLENTY)
    cache.put("a line", CLIP)
    (path,) = files_in(folder)
    path.write_bytes(content)
    assert cache.get("a line") is None
    assert cache.seconds("a line") is None


def test_the_least_recently_used_lines_go_first(tmp_path: Path) -> None:
    one_file_bytes = 20 + 2 * CLIP.frames
    cache = SpeechCache(tmp_path, 10 * one_file_bytes)
    for number in range(10):
        cache.put(str(number), CLIP)
        newest = max(files_in(tmp_path), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, ns=(number, number))
    assert cache.get("0") is not None
    cache.put("10", CLIP)
    assert cache.get("0") is not None
    assert cache.get("1") is None
    assert cache.get("10") is not None
    assert sum(path.stat().st_size for path in files_in(tmp_path)) <= 10 * one_file_bytes


def test_the_limit_holds_for_what_earlier_runs_left(tmp_path: Path) -> None:
    one_file_bytes = 20 + 2 * CLIP.frames
    for number in range(10):
        SpeechCache(tmp_path, PLENTY).put(str(number), CLIP)
    SpeechCache(tmp_path, 4 * one_file_bytes).put("one more", CLIP)
    assert sum(path.stat().st_size for path in files_in(tmp_path)) <= 4 * one_file_bytes


def test_putting_a_line_again_does_not_count_it_twice(tmp_path: Path) -> None:
    one_file_bytes = 20 + 2 * CLIP.frames
    cache = SpeechCache(tmp_path, 3 * one_file_bytes)
    cache.put("kept", CLIP)
    for _ in range(10):
        cache.put("again", CLIP)
    assert cache.get("kept") is not None


def test_a_line_larger_than_the_whole_cache_is_not_kept(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path, 100)
    cache.put("a line", CLIP)
    assert files_in(tmp_path) == []


def test_a_full_disk_is_no_reason_to_fall_silent(
    cache: SpeechCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(speech_cache.os, "fdopen", full)
    cache.put("a line", CLIP)
    assert cache.get("a line") is None
    assert files_in(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_no_reason_to_fall_silent(tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("a file stands where the folder should be")
    cache = SpeechCache(tmp_path / "lines", PLENTY)
    cache.put("a line", CLIP)
    assert cache.get("a line") is None
    cache.clear()


def test_clearing_leaves_nothing(cache: SpeechCache, tmp_path: Path) -> None:
    for number in range(5):
        cache.put(str(number), CLIP)
    cache.clear()
    assert files_in(tmp_path) == []
    assert cache.get("1") is None
    cache.put("1", CLIP)
    assert cache.get("1") is not None
