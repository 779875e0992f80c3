import errno
import hashlib
import io
import os
from pathlib import Path

import pytest

from core.errors import DiskFull, UnwritableModels
from tests.small_disk import fill
from voice import model_files
from voice.model_files import Checks, join_files, sha256_of


@pytest.fixture
def halves(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "one", tmp_path / "two"]
    paths[0].write_bytes(b"first " * 300_000)
    paths[1].write_bytes(b"second " * 300_000)
    return paths


def expected(halves: list[Path]) -> str:
    return hashlib.sha256(b"".join(half.read_bytes() for half in halves)).hexdigest()


def test_halves_are_joined_and_progress_ends_at_one(halves: list[Path], tmp_path: Path) -> None:
    told: list[float] = []
    target = tmp_path / "whole"
    assert join_files(halves, target, expected(halves), told.append)
    assert sha256_of(target) == expected(halves)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_wrong_bytes_leave_nothing_behind(halves: list[Path], tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    assert not join_files(halves, tmp_path / "whole", "0" * 64)
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EIO])
def test_a_folder_that_takes_nothing_says_so(
    halves: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(number, "")

    monkeypatch.setattr(model_files.tempfile, "mkstemp", refuse)
    with pytest.raises(UnwritableModels):
        join_files(halves, tmp_path / "whole", expected(halves))


def test_a_full_disk_says_so_and_leaves_nothing_behind(
    halves: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk(io.FileIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    before = set(tmp_path.iterdir())
    monkeypatch.setattr(model_files.os, "fdopen", FullDisk)
    with pytest.raises(DiskFull):
        join_files(halves, tmp_path / "whole", expected(halves))
    assert set(tmp_path.iterdir()) == before


def test_a_file_is_hashed_again_only_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Path] = []
    monkeypatch.setattr(model_files, "sha256_of", lambda path: hashed.append(path) or sha256_of(path))
    file = tmp_path / "model.bin"
    file.write_bytes(b"model")
    for _ in range(3):
        assert Checks(tmp_path / "checked").whole("m", {file: hashlib.sha256(b"model").hexdigest()})
    assert hashed == [file]
    file.write_bytes(b"MODEL")
    os.utime(file, ns=(1, 1))
    assert not Checks(tmp_path / "checked").whole("m", {file: hashlib.sha256(b"model").hexdigest()})
    assert hashed == [file, file]


@pytest.mark.parametrize("rubbish", ["", "{", "[]", '{"file": 3}', '{"sha256": "x"}'])
def test_a_damaged_marker_is_no_marker(tmp_path: Path, rubbish: str) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(b"model")
    checks = Checks(tmp_path / "checked")
    checks.sha256("m", file)
    (tmp_path / "checked" / "m.checked.json").write_text(rubbish)
    assert checks.sha256("m", file) == hashlib.sha256(b"model").hexdigest()


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(b"model")
    (tmp_path / "checked").write_text("a file stands where the folder should be")
    assert Checks(tmp_path / "checked").whole("m", {file: hashlib.sha256(b"model").hexdigest()})


def test_a_marker_that_finds_no_room_leaves_nothing_behind(small_disk: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(b"model")
    checked = small_disk / "checked"
    checked.mkdir()
    fill(small_disk)
    assert Checks(checked).whole("m", {file: hashlib.sha256(b"model").hexdigest()})
    assert not list(checked.iterdir())


def test_a_missing_file_is_not_whole(tmp_path: Path) -> None:
    assert not Checks(tmp_path).whole("m", {tmp_path / "absent": "0" * 64})
