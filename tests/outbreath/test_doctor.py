"""The doctor looks at every part, whatever one of them throws."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audio.clip import AudioClip
from core.errors import ModelMissing
from outbreath import cli
from outbreath.wiring import Outbreath
from voice.narrator import Narrator
from voice.whisper_engine import WhisperEngine


@pytest.fixture(autouse=True)
def no_voice_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Narrator, "line", lambda *_: AudioClip.silence(48_000, 48_000))
    monkeypatch.setattr(WhisperEngine, "recognise", lambda *_: None)


def checks(capsys: pytest.CaptureFixture[str], code: int) -> dict[str, dict[str, object]]:
    assert cli.run(["doctor", "--json"]) == code
    return {each["name"]: each for each in json.loads(capsys.readouterr().out)["checks"]}


def test_it_names_the_folders(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = checks(capsys, 0)
    assert found["data folder"]["detail"] == str(home / "data")
    assert found["models folder"]["detail"] == str(home / "data" / "models")


@pytest.mark.parametrize("fault", [KeyError("my words"), OSError("my words"), RuntimeError("my words")], ids=repr)
def test_a_part_that_breaks_keeps_no_other_from_being_looked_at(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def breaking(*_: object) -> None:
        raise fault

    monkeypatch.setattr(Narrator, "line", breaking)
    monkeypatch.setattr(Outbreath, "locked", property(breaking))
    found = checks(capsys, 1)
    assert [name for name, each in found.items() if not each["works"] and not each["optional"]] == ["journal", "voice"]
    assert type(fault).__name__ in str(found["voice"]["detail"])
    assert found["voice"]["next_step"]
    assert "my words" not in str(found)


def test_what_is_expected_is_told_in_its_own_words(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise ModelMissing("base")

    monkeypatch.setattr(WhisperEngine, "recognise", missing)
    assert checks(capsys, 1)["recogniser"]["detail"] == ModelMissing("base").message
