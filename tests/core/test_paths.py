from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.paths import Places, private_folder


def test_a_home_holds_everything(tmp_path: Path) -> None:
    places = Places.under(tmp_path)
    assert (places.data, places.config, places.cache) == (tmp_path / "data", tmp_path / "config", tmp_path / "cache")
    assert places.settings_file == tmp_path / "config" / "config.toml"


def test_looking_creates_nothing(tmp_path: Path) -> None:
    places = Places.under(tmp_path / "new")
    assert places.journal.name == "journal"
    assert not (tmp_path / "new").exists()


def test_a_relative_home_does_not_move_with_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Places.under(Path("here")).data == tmp_path / "here" / "data"


def test_a_tilde_is_the_persons_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Places.under(Path("~/diary")).data == tmp_path / "diary" / "data"


def test_without_a_home_the_systems_folders_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert Places.under(None).data.parts[-1] == "outbreath"


def test_the_persons_words_and_the_spoken_lines_lie_apart(tmp_path: Path) -> None:
    places = Places.under(tmp_path)
    assert not places.spoken_lines.is_relative_to(places.data)
    assert not places.models.is_relative_to(places.journal)


def test_a_private_folder_is_its_owners_only(tmp_path: Path) -> None:
    folder = private_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert private_folder(folder) == folder
