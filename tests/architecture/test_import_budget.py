"""Importing a room is cheap: engines, devices and stores come in when they are used, not when they are named."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.house import REPOSITORY, ROOMS, dotted, modules

HEAVY = {
    "piper",
    "hibari",
    "faster_whisper",
    "ctranslate2",
    "onnxruntime",
    "sounddevice",
    "av",
    "pydub",
    "dbos",
    "huggingface_hub",
    "tokenizers",
}

# These run when they are imported: migrations inside Alembic, the other as a program.
PROGRAMS = ("journal.schema.env", "journal.schema.versions.", "outbreath.__main__")


@pytest.mark.parametrize("room", ROOMS)
def test_importing_every_module_of_a_room_loads_no_engine(room: str) -> None:
    names = [name for name in map(dotted, modules(room)) if not name.startswith(PROGRAMS)]
    script = f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert set(names) <= set(run.stdout.split())
    assert HEAVY.isdisjoint(run.stdout.split())


def test_the_command_line_opens_without_the_journals_store_the_server_or_a_full_screen() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import sys, outbreath.cli; print(*sys.modules)"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    slow = {"sqlalchemy", "alembic", "sqlcipher3", "fastapi", "starlette", "uvicorn", "textual"}
    assert slow.isdisjoint(run.stdout.split())
