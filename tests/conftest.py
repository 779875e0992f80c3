"""What every test may ask for."""

from __future__ import annotations

import shutil
from ctypes.util import find_library
from pathlib import Path

import hypothesis
import pytest

from tests.small_disk import small_disk  # noqa: F401 (fixtures)
from tests.sound_server import sound_card, sound_server  # noqa: F401 (fixtures)
from voice.pinned_models import NO_PACKAGE, PINNED, Packaged

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"

# A busy machine is no fault of the code: no example fails for having taken long.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

# What a marked test cannot do without; `make test` installs it where it may.
PROGRAMS = {"sound_server": ("pulseaudio", "pactl"), "browser": ("chromium",)}
LIBRARIES = {"sound_server": ("portaudio",), "browser": ("atomic",)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What plays, listens or looks runs in real time, beside whatever else the machine does: a failure must come twice.

    The summary names every test that needed its second try.
    """
    for item in items:
        if any(item.get_closest_marker(marker) for marker in PROGRAMS):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Reports a test as not run when what it drives is not on this machine."""
    for marker in (mark.name for mark in item.iter_markers()):
        missing = [program for program in PROGRAMS.get(marker, ()) if not shutil.which(program)]
        missing += [library for library in LIBRARIES.get(marker, ()) if not find_library(library)]
        if missing:
            pytest.skip(f"not run, because this machine lacks: {', '.join(missing)}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real recordings and journal entries that nobody in this project made; they lie beside the repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real recordings is not beside this repository")
    return SHARED_DATA


@pytest.fixture
def without_kokoro(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which the optional voice was not added, whatever this one has."""
    elsewhere = {"missing.bin": Packaged(((NO_PACKAGE, "missing.bin"),), "0" * 64)}
    monkeypatch.setitem(PINNED, "kokoro", elsewhere)


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One models folder for the whole run, so that model files are joined once."""
    return tmp_path_factory.mktemp("models")
