"""Settings that are kept from the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import settings
from outbreath.cli import run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OUTBREATH_HOME", str(tmp_path))
    return tmp_path


def test_a_setting_is_kept_and_shown(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "guidance=less", "lock_after_minutes = 10", "language=", "--json"]) == 0
    shown = {each["name"]: each for each in json.loads(capsys.readouterr().out)["settings"]}
    assert (shown["guidance"]["value"], shown["guidance"]["source"]) == ("less", "config.toml")
    assert (shown["lock_after_minutes"]["value"], shown["language"]["value"]) == (10, None)
    assert settings.load().settings.lock_after_minutes == 10
    assert (home / "config/config.toml").read_text() == 'guidance = "less"\nlock_after_minutes = 10\nlanguage = ""\n'


@pytest.mark.parametrize("change", ["guidance=lots", "colour=red", "guidance", "port=x", "=", ""])
def test_what_cannot_be_is_refused(home: Path, change: str) -> None:
    assert run(["config", "bed=rain", change]) == 2
    assert not (home / "config/config.toml").exists()


def test_what_the_environment_fixes_is_not_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OUTBREATH_GUIDANCE", "more")
    assert run(["config", "guidance=less"]) == 2
    assert "OUTBREATH_GUIDANCE" in capsys.readouterr().err
    assert not (home / "config/config.toml").exists()
