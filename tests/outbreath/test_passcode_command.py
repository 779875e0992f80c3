"""The passcode of the page, from the terminal of the machine."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from core.settings import load
from outbreath.cli import run
from outbreath.page_lock.passcode import Passcode

CODE = "kettle 47"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OUTBREATH_HOME", str(tmp_path))
    return tmp_path


def test_it_is_set_read_from_standard_input_and_taken_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{CODE}\n"))
    assert run(["passcode"]) == 0
    assert "after 5 min without a touch" in capsys.readouterr().out
    assert Passcode(load().places.passcode).is_(CODE)
    assert run(["passcode", "--remove", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"passcode": False}
    assert Passcode(load().places.passcode).state is None


def test_what_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("12\n"))
    assert run(["passcode"]) == 2
    assert "12" not in capsys.readouterr().err.replace("4 to 200", "")
    assert Passcode(load().places.passcode).state is None


def test_taking_away_what_is_not_there_is_no_fault() -> None:
    assert run(["passcode", "--remove"]) == 0
