"""The command line in this process, in a home of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outbreath.cli import run

Command = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OUTBREATH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OUTBREATH_KEY_STORE", "file")
    return tmp_path / "home"


@pytest.fixture
def outbreath_json(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command that has to succeed and gives back its JSON."""

    def command(*arguments: str) -> Any:
        code = run([*arguments, "--json"])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        return json.loads(printed.out)

    return command


@pytest.fixture
def outbreath_fails(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str]]]:
    """Runs a command that has to fail; gives back its exit code and the lines on standard error."""

    def command(*arguments: str) -> tuple[int, list[str]]:
        code = run(list(arguments))
        printed = capsys.readouterr()
        assert printed.out == ""
        return code, printed.err.splitlines()

    return command
