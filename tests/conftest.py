"""What every test may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED_DATA = REPOSITORY.parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real recordings and journal entries that nobody in this project made; they lie beside the repository."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the folder of real recordings is not beside this repository")
    return SHARED_DATA


@pytest.fixture(scope="session")
def models_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One models folder for the whole run, so that model files are joined once."""
    return tmp_path_factory.mktemp("models")
