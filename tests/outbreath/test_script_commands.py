"""Scripts and voices from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import DiskFull, UnwritableFile
from outbreath.cli import run
from sessions.new_script import begin
from tests.small_disk import FILLER, fill, make_room

Fails = Callable[..., tuple[int, list[str]]]


def test_a_new_script_is_in_the_library_at_once_and_plays_at_any_length(
    outbreath_json: Callable[..., Any],
) -> None:
    written = outbreath_json("script", "new", "Before the ward round")
    assert written["slug"] == "before-the-ward-round"
    listed = {session["slug"]: session for session in outbreath_json("sessions")}
    assert listed["before-the-ward-round"]["title"] == "Before the ward round"
    assert listed["before-the-ward-round"]["own"]
    for minutes in ("2", "60"):
        timeline = outbreath_json("timeline", "before-the-ward-round", "--minutes", minutes)
        assert timeline["duration_seconds"] == float(minutes) * 60


def test_a_script_that_is_there_stays_as_it_is(outbreath_json: Callable[..., Any], outbreath_fails: Fails) -> None:
    path = Path(outbreath_json("script", "new", "Mine")["file"])
    path.write_text("my words")
    code, said = outbreath_fails("script", "new", "mine")
    assert (code, len(said)) == (2, 2)
    assert path.read_text() == "my words"


@pytest.mark.parametrize("title", ["", "   ", 'a "quoted" one', "x" * 101, "back\\slash", "Morning arrival"])
def test_a_title_that_cannot_be_one_is_refused(outbreath_fails: Fails, home: Path, title: str) -> None:
    assert outbreath_fails("script", "new", title)[0] == 2
    assert not list(home.rglob("*.md"))


@pytest.mark.parametrize("title", ["a\x07b", "a\x7fb", "a\x9fb", "a\ufffeb", "caf\udce9"])
def test_a_title_that_no_file_of_text_can_hold_is_refused(outbreath_fails: Fails, home: Path, title: str) -> None:
    code, said = outbreath_fails("script", "new", title)
    assert (code, said[1]) == (2, "Use a title of letters, numbers and signs.")
    assert not list(home.rglob("*.md"))


@pytest.mark.parametrize("title", ["A: colon", "../../etc", "Größer", "# heading", "{rest}", "null"])
def test_any_other_title_makes_a_script_without_faults(
    outbreath_json: Callable[..., Any], home: Path, title: str
) -> None:
    path = Path(outbreath_json("script", "new", title)["file"])
    assert path.is_relative_to(home)
    session = outbreath_json("script", "check", str(path))["session"]
    assert (session["title"], session["faults"]) == (title, [])


def test_the_longest_title_of_any_writing_system_makes_a_file(outbreath_json: Callable[..., Any]) -> None:
    for letter in ("静", "𠀀", "e\u0301", "x"):
        written = outbreath_json("script", "new", letter * (100 // len(letter)))
        path = Path(written["file"])
        assert path.is_file()
        assert len(path.name.encode()) <= 255
        session = outbreath_json("script", "check", str(path))["session"]
        assert (session["slug"], session["faults"]) == (written["slug"], [])


def test_a_new_script_takes_no_other_ones_place(outbreath_json: Callable[..., Any], outbreath_fails: Fails) -> None:
    path = Path(outbreath_json("script", "new", "Ward round")["file"])
    path.rename(path.with_name("Ward Round.md"))
    assert outbreath_fails("script", "new", "Ward round")[0] == 2
    assert not path.exists()


def test_a_full_disk_is_told_and_no_piece_is_left(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(DiskFull):
        begin(small_disk, "Ward round")
    assert [path.name for path in small_disk.iterdir()] == [FILLER]
    make_room(small_disk)
    assert begin(small_disk, "Ward round").stat().st_size > 0


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "scripts").write_text("no folder")
    with pytest.raises(UnwritableFile):
        begin(tmp_path / "scripts", "Ward round")


def test_doctor_names_the_folder_where_a_new_script_is_put(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["script", "new", "Mine"]) == 0
    written = Path(capsys.readouterr().out.splitlines()[0].removeprefix("Written: "))
    assert written.is_file()
    run(["doctor", "--json"])
    details = {check["name"]: check["detail"] for check in json.loads(capsys.readouterr().out)["checks"]}
    assert details["scripts folder"] == str(written.parent)


def test_a_reflection_that_takes_as_long_as_it_takes_is_listed_without_a_length(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sessions"]) == 0
    lengths = {line.split()[0]: line.split()[2] for line in capsys.readouterr().out.splitlines()}
    assert (lengths["free"], lengths["going-home"]) == ("open", "3")


def test_a_voice_that_is_not_there_checks_nothing(home: Path, outbreath_fails: Fails) -> None:
    script = begin(home, "Mine")
    code, said = outbreath_fails("script", "check", str(script), "--voice", "hibary")
    assert (code, said[0]) == (1, "There is no voice of that name.")


def test_check_tells_all_faults_with_their_lines(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.md"
    broken.write_text("---\ntitle: A\nkind: opera\nminutes: {default: 5}\n---\nSit. {wait 3}\n{play gone.wav}\n")
    assert run(["script", "check", str(broken), str(tmp_path / "missing.md")]) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in said] == [
        f"{broken}, line 3",
        f"{broken}, line 6",
        f"{broken}, line 7",
        f"{tmp_path / 'missing.md'}, line 1",
    ]


def test_check_remarks_on_what_may_not_sound_as_meant_and_lets_it_pass(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], outbreath_json: Callable[..., Any]
) -> None:
    script = tmp_path / "quiet.md"
    script.write_text("---\ntitle: A\nkind: meditation\nminutes: {default: 5}\n---\nSit.\n\n静かに。\n")
    assert run(["script", "check", str(script)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{script}: A can be played."
    assert [line.split(": ")[0] for line in said[1:]] == [f"{script}, line 6", f"{script}, line 8"]
    session = outbreath_json("script", "check", str(script))["session"]
    assert session["faults"] == []
    assert [set(remark) for remark in session["remarks"]] == [{"line", "problem", "hint"}] * 2
    voice = tmp_path / "tomoko.onnx"
    voice.touch()
    Path(f"{voice}.json").touch()
    own = outbreath_json("script", "check", str(script), "--voice", str(voice))["session"]
    assert len(own["remarks"]) == 1


def test_check_tells_of_a_damaged_recording_with_its_line(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "broken.md"
    script.write_text("---\ntitle: A\nkind: meditation\nminutes: {default: 5}\n---\n! Sit.\n\n{play a.wav}\n")
    script.with_name("a.wav").write_bytes(b"")
    assert run(["script", "check", str(script)]) == 1
    assert capsys.readouterr().out.startswith(f"{script}, line 8: a.wav ")


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 100, b"x" * 10_000_000, b"{" * 1000])
def test_check_takes_anything(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
    odd = tmp_path / "odd.md"
    odd.write_bytes(content)
    assert run(["script", "check", str(odd)]) == 1
    assert len(capsys.readouterr().out.splitlines()) >= 1


def test_voices_are_listed(outbreath_json: Callable[..., Any], outbreath_fails: Fails) -> None:
    voices = outbreath_json("voices")
    assert {voice["name"] for voice in voices} == {"joe", "hibari", "kokoro"}
    assert all(voice["installed"] for voice in voices if voice["name"] != "kokoro")
    assert [voice["chosen"] for voice in voices].count(True) == 1
    assert outbreath_fails("voices", "nobody")[0] == 1


def test_a_voice_that_is_not_installed_says_how_to_add_it(
    without_kokoro: None, outbreath_json: Callable[..., Any], outbreath_fails: Fails
) -> None:
    kokoro = next(voice for voice in outbreath_json("voices") if voice["name"] == "kokoro")
    assert not kokoro["installed"]
    for command in (["voices", "kokoro"], ["timeline", "body-scan", "--voice", "kokoro"]):
        code, said = outbreath_fails(*command)
        assert (code, len(said)) == (1, 2)
        assert "requirements/install kokoro" in said[1]


def test_a_folder_that_is_no_voice_is_told(outbreath_fails: Fails, tmp_path: Path) -> None:
    code, said = outbreath_fails("voices", str(tmp_path))
    assert (code, len(said)) == (1, 2)
    assert ".onnx" in said[1]
