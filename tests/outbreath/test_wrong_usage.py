"""What is asked for wrongly is answered in two calm lines and a code, never in a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outbreath.cli import run
from tests.outbreath.conftest import Command


@pytest.mark.parametrize("minutes", ["0", "-1", "1e9", "nan", "inf", "ten", ""])
@pytest.mark.parametrize("command", ["timeline", "render", "play"])
def test_impossible_lengths_are_refused(outbreath_fails: Command, command: str, minutes: str, tmp_path: Path) -> None:
    target = ["-o", str(tmp_path / "out.wav")] if command == "render" else []
    code, said = outbreath_fails(command, "morning-arrival", f"--minutes={minutes}", *target)
    assert code == 2
    assert len(said) == 2
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "home"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["timeline", "no-such-session"], 1),
        (["timeline", "../../etc/passwd"], 1),
        (["timeline", "morning-arrival", "--voice", "nobody"], 1),
        (["timeline", "morning-arrival", "--bed", "traffic"], 2),
        (["timeline", "morning-arrival", "--guidance", "most"], 2),
        (["render", "morning-arrival", "-o", "out.xyz"], 2),
        (["show", "no-such-id"], 1),
        (["show", "../../../etc/passwd"], 1),
        (["write", " \n "], 2),
        (["write", "text", "--guide", "no-such-session"], 1),
        (["write", "text", "--at", "tomorrow"], 2),
        (["entries", "--from", "yesterday"], 2),
        (["add", "no-such-file.wav"], 1),
        (["breathe", "9-9"], 2),
        (["no-such-command"], 2),
        (["import", "no-such-folder"], 1),
    ],
)
def test_wrong_requests_have_a_code_and_a_next_step(outbreath_fails: Command, arguments: list[str], code: int) -> None:
    seen, said = outbreath_fails(*arguments)
    assert seen == code, said
    assert len(said) == 2
    assert all(line.strip() for line in said)


def test_an_unknown_setting_is_named(outbreath_fails: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTBREATH_GUIDANCE", "most")
    code, said = outbreath_fails("sessions")
    assert code == 2
    assert "guidance" in said[0]


def test_config_names_what_is_bad_and_shows_the_rest(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("GUIDANCE", "most"), ("COLOUR", "red"), ("PORT", "8766")):
        monkeypatch.setenv(f"OUTBREATH_{name}", value)
    assert run(["config", "--json"]) == 1
    printed = capsys.readouterr()
    shown = json.loads(printed.out)
    assert {fault["name"] for fault in shown["faults"]} == {"guidance", "colour"}
    assert {row["name"]: row["value"] for row in shown["settings"]}["port"] == 8766
    assert "The setting guidance can't be used." in printed.err
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("port = ")
    assert run(["config"]) == 1
    printed = capsys.readouterr()
    assert "8766" in printed.out
    assert "config.toml can't be used" in printed.err


def test_a_bug_is_told_without_the_words_that_met_it(outbreath_fails: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the words of the person")

    monkeypatch.setattr("journal.notebook.Notebook.write", broken)
    code, said = outbreath_fails("write", "the words of the person")
    assert code == 70
    assert "the words" not in " ".join(said)
