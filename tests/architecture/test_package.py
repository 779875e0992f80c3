"""What is installed with pipx holds all that the rooms hold, and works away from the repository."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.house import REPOSITORY, ROOMS


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of a wheel. It is built from a copy, since building leaves files beside the source."""
    source, wheels = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheels")
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / file, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--no-build-isolation", "-w", wheels, source], check=True)
    (wheel,) = wheels.iterdir()
    content = tmp_path_factory.mktemp("content")
    zipfile.ZipFile(wheel).extractall(content)
    return content


def files_of_rooms(folder: Path) -> set[str]:
    paths = (path for room in ROOMS for path in (folder / room).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in paths if "__pycache__" not in path.parts}


def test_nothing_is_left_at_home(unpacked: Path) -> None:
    assert files_of_rooms(unpacked) == files_of_rooms(REPOSITORY)


def test_it_works_away_from_the_repository(unpacked: Path) -> None:
    command = [sys.executable, "-m", "outbreath", "sessions", "--json"]
    run = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=True)
    assert "morning-arrival" in {session["slug"] for session in json.loads(run.stdout)}


def test_the_command_is_called_outbreath(unpacked: Path) -> None:
    (entry_points,) = unpacked.glob("*.dist-info/entry_points.txt")
    assert "outbreath = outbreath.__main__:main" in entry_points.read_text()
