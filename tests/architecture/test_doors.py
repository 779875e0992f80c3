"""One third-party library, one door: whoever wants to know how it is used reads one module."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOMS, imported, modules

# A file is the only door; a folder (with a slash) is a set of modules that share a library as their common ground.
DOORS: dict[str, tuple[str, ...]] = {
    # Engines.
    "piper": ("voice/piper_engine.py",),
    "hibari": ("voice/hibari_engine.py",),
    "faster_whisper": ("voice/whisper_engine.py",),
    "ctranslate2": (
        "voice/whisper_engine.py",
        "journal/meaning/minilm_encoder.py",
        "journal/meaning/model_making.py",
        "journal/tags/training/",
    ),
    "tokenizers": ("journal/meaning/minilm_encoder.py", "journal/tags/training/"),
    "onnx": ("voice/onnx_graphs.py",),
    "onnxruntime": ("voice/onnx_runtime.py",),
    # Making the tagger's model; not there when Outbreath runs.
    "torch": ("journal/tags/training/",),
    "transformers": ("journal/tags/training/fine_tuning.py",),
    "scipy": ("journal/tags/training/fitting.py",),
    # Devices and files of sound.
    "sounddevice": ("audio/soundcard.py",),
    "av": ("audio/ffmpeg.py",),
    "pydub": ("audio/editing.py",),
    "soxr": ("audio/resampling.py",),
    # Storage, keys and work that must finish.
    "sqlcipher3": ("journal/store.py",),
    "sqlalchemy": ("journal/",),
    "alembic": ("journal/schema/",),
    "cryptography": ("journal/cipher.py", "journal/key_agreement.py", "outbreath/phones/certificates.py"),
    "keyring": ("journal/key_vault.py",),
    "argon2": ("journal/passphrase.py",),
    "dbos": ("journal/processing.py", "journal/work_requests.py"),
    "filelock": ("journal/", "voice/", "outbreath/"),
    # Entrances.
    "fastapi": ("api/",),
    "starlette": ("api/",),
    "uvicorn": ("outbreath/commands/serve.py",),
    "jinja2": ("api/",),
    "markupsafe": ("api/",),
    "segno": ("api/routes/phones.py", "outbreath/commands/home_server.py"),
    "python_multipart": ("api/multipart.py",),
    "typer": ("outbreath/",),
    "rich": ("outbreath/",),
    "textual": ("outbreath/pacer/screen.py",),
    # The floor.
    "platformdirs": ("core/paths.py",),
    "yaml": ("sessions/script_header.py",),
}

# Values of these are the common language of all rooms.
EVERYWHERE = {"numpy", "pydantic"}


def third_party(module: Path) -> set[str]:
    return set(imported(module)) - set(ROOMS) - set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_library_comes_in_by_its_door_only(module: Path) -> None:
    for library in third_party(module) - EVERYWHERE:
        assert library in DOORS, f"{library} has no door yet: name one in this table"
        assert module.as_posix().startswith(DOORS[library]), f"{library} belongs in {DOORS[library]}"


@pytest.mark.parametrize("library", DOORS)
def test_every_door_is_used(library: str) -> None:
    assert any(library in third_party(module) for module in modules())
