"""What is asked for wrongly is answered in two calm lines and a code, never in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_a_bug_is_told_without_the_words_that_met_it(outbreath_fails: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the words of the person")

    monkeypatch.setattr("journal.notebook.Notebook.write", broken)
    code, said = outbreath_fails("write", "the words of the person")
    assert code == 70
    assert "the words" not in " ".join(said)
