"""Writing, reading, correcting, tagging, finding, leaving and coming back, by command."""

from __future__ import annotations

import time
from io import StringIO
from pathlib import Path

import pytest

from outbreath.cli import run
from outbreath.doctor import Finding, works
from tests.outbreath.conftest import Command

TEXT = "I felt calm after the meeting with my colleagues, and proud of the new ward."


def test_a_typed_entry_comes_back_as_it_was_written(outbreath_json: Command) -> None:
    written = outbreath_json("write", TEXT, "--at", "2026-11-22T20:15:00+01:00")
    shown = outbreath_json("show", written["id"])
    assert shown == written
    assert shown["text"] == shown["original_text"] == TEXT
    assert shown["state"] == "ready"
    assert shown["spoken_at"].startswith("2026-11-22")
    assert {tag["name"] for tag in shown["tags"]} >= {"calm", "proud", "colleagues"}


def test_an_entry_belongs_to_the_day_of_the_shift(outbreath_json: Command) -> None:
    assert outbreath_json("write", TEXT, "--at", "2026-11-22T02:30:00+01:00")["shift_day"] == "2026-11-21"


def test_a_moment_keeps_the_offset_it_was_given(outbreath_json: Command) -> None:
    written = outbreath_json("write", TEXT, "--at", "2026-11-24T06:00+05:30")
    assert (written["spoken_at"], written["shift_day"]) == ("2026-11-24T06:00:00+05:30", "2026-11-24")


def test_a_moment_without_an_offset_is_local(outbreath_json: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        written = outbreath_json("write", TEXT, "--at", "2026-11-24T06:00")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert written["spoken_at"] == "2026-11-24T06:00:00+05:45"


def test_a_correction_keeps_what_was_first_written(outbreath_json: Command) -> None:
    written = outbreath_json("write", TEXT)
    edited = outbreath_json("edit", written["id"], "--text", "I felt sad.", "--mood-after", "2")
    assert (edited["text"], edited["original_text"], edited["mood_after"]) == ("I felt sad.", TEXT, 2)


def test_a_mood_is_taken_away_by_name(outbreath_json: Command, outbreath_fails: Command) -> None:
    entry_id = outbreath_json("write", TEXT)["id"]
    outbreath_json("edit", entry_id, "--mood-before", "1", "--mood-after", "2")
    edited = outbreath_json("edit", entry_id, "--mood-before", "none")
    assert (edited["mood_before"], edited["mood_after"]) == (None, 2)
    for nonsense in ("6", "0", "two", "", "２"):
        assert outbreath_fails("edit", entry_id, f"--mood-after={nonsense}")[0] == 2


def test_tags_are_given_and_taken_away(outbreath_json: Command) -> None:
    entry_id = outbreath_json("write", TEXT)["id"]
    tagged = outbreath_json("tag", entry_id, "+night shift", "-calm")
    names = {tag["name"]: tag["source"] for tag in tagged["tags"]}
    assert names["night shift"] == "person"
    assert "calm" not in names
    assert "night shift" in {count["name"] for count in outbreath_json("tags")}


@pytest.mark.parametrize("name", ["happy", "hopeful", "health", "json", "x", "help"])
def test_a_tag_of_any_letter_can_be_taken_away(outbreath_json: Command, name: str) -> None:
    entry_id = outbreath_json("write", TEXT)["id"]
    assert name in {tag["name"] for tag in outbreath_json("tag", entry_id, f"+{name}")["tags"]}
    assert name not in {tag["name"] for tag in outbreath_json("tag", entry_id, f"-{name}")["tags"]}


@pytest.mark.parametrize("change", ["--bogus", "", "+", "-", "- ", "calm"])
def test_what_is_no_change_of_a_tag_is_refused(outbreath_json: Command, outbreath_fails: Command, change: str) -> None:
    entry_id = outbreath_json("write", TEXT)["id"]
    code, said = outbreath_fails("tag", entry_id, "-calm", change)
    assert code == 2, said
    assert "calm" in {tag["name"] for tag in outbreath_json("show", entry_id)["tags"]}


@pytest.mark.parametrize(
    "line",
    [
        ("tags", "unknown"),
        ("lessons", "--forget", "unknown"),
        ("lessons", "--forget", "calm"),
        ("tag", "ID", "-unknown"),
    ],
)
def test_a_tag_that_is_not_there_is_told(
    outbreath_json: Command, outbreath_fails: Command, line: tuple[str, ...]
) -> None:
    entry_id = outbreath_json("write", TEXT)["id"]
    code, said = outbreath_fails(*(entry_id if word == "ID" else word for word in line))
    assert (code, len(said)) == (1, 2)


def test_entries_are_found_by_words_tag_and_day(outbreath_json: Command) -> None:
    found = outbreath_json("write", TEXT, "--at", "2026-11-20T12:00:00+00:00")["id"]
    outbreath_json("write", "Nothing much happened.", "--at", "2026-11-10T12:00:00+00:00")
    assert [result["entry"]["id"] for result in outbreath_json("search", "colleague meetings")["results"]] == [found]
    assert [entry["id"] for entry in outbreath_json("entries", "--tag", "proud")["entries"]] == [found]
    assert [entry["id"] for entry in outbreath_json("entries", "--from", "2026-11-15")["entries"]] == [found]
    assert outbreath_json("entries")["total"] == 2


def test_a_deleted_entry_is_gone(outbreath_json: Command, outbreath_fails: Command) -> None:
    entry_id = outbreath_json("write", TEXT)["id"]
    outbreath_json("delete", entry_id, "--yes")
    code, said = outbreath_fails("show", entry_id)
    assert code == 1
    assert said == ["There is no entry with that id.", "List the entries with: outbreath entries"]


def test_leaving_and_coming_back_loses_nothing(
    outbreath_json: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry_id = outbreath_json("write", TEXT)["id"]
    before = outbreath_json("tag", entry_id, "+night shift")
    outbreath_json("export", str(tmp_path / "out"))
    monkeypatch.setenv("OUTBREATH_HOME", str(tmp_path / "elsewhere"))
    outbreath_json("import", str(tmp_path / "out"))
    assert outbreath_json("show", entry_id) == before


def test_keys_answer_in_json(outbreath_json: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    outbreath_json("write", TEXT)
    recovery_key = outbreath_json("recovery-key")["recovery_key"]
    monkeypatch.setattr("sys.stdin", StringIO("a very long way home\n"))
    assert outbreath_json("passphrase") == {"protection": "passphrase"}
    monkeypatch.setattr("sys.stdin", StringIO(recovery_key + "\n"))
    assert outbreath_json("recovery-key", "--use") == {"protection": "file"}
    assert outbreath_json("passphrase", "--remove") == {"protection": "file"}


def test_a_part_that_is_optional_does_not_make_the_doctor_say_that_nothing_works() -> None:
    broken = Finding(name="sound card", works=False, detail="none", optional=True)
    assert works([broken])
    assert not works([broken, broken.model_copy(update={"optional": False})])


def test_a_passphrase_locks_the_journal(
    outbreath_json: Command,
    outbreath_fails: Command,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    entry_id = outbreath_json("write", TEXT)["id"]
    monkeypatch.setattr("sys.stdin", StringIO("a very long way home\n"))
    assert run(["passphrase"]) == 0
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", StringIO())
    assert outbreath_fails("show", entry_id)[0] == 1
    monkeypatch.setenv("OUTBREATH_PASSPHRASE", "another way home")
    assert outbreath_fails("show", entry_id)[1][0] == "This key doesn't open the journal."
    monkeypatch.setenv("OUTBREATH_PASSPHRASE", "a very long way home")
    assert outbreath_json("show", entry_id)["text"] == TEXT
