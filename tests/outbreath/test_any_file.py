"""Whatever a file holds: the sound in it, or a coded answer with a next step. Never a traceback, never a hang."""

from __future__ import annotations

import csv
import json
import struct
from pathlib import Path

import pytest

from audio.files import wav_header
from outbreath import wiring
from outbreath.cli import run
from tests.fakes.recogniser import CountingRecogniser

UNREADABLE = {"unreadable_audio", "unreadable_file"}


@pytest.fixture(autouse=True)
def quick_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is under test is what comes before recognition; whether it is speech is judged for real."""
    monkeypatch.setattr(wiring, "WhisperEngine", lambda *_: CountingRecogniser())


@pytest.fixture(scope="session")
def odd_files(shared_data: Path) -> dict[str, bool]:
    """Damaged, hostile and odd files, and whether there is sound to be had from each."""
    folder = shared_data / "badaudio"
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as listed:
        rows = list(csv.DictReader(listed, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {str(folder / row["file"]): row["expect"] == "decodes" for row in rows}


def test_transcribe_answers_for_every_file(
    odd_files: dict[str, bool], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["transcribe", "--json", *odd_files])
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 1
    assert [answer["file"] for answer in answers] == list(odd_files)
    for answer in answers:
        if odd_files[answer["file"]]:
            assert "error" not in answer, answer
            assert answer["duration_seconds"] >= 0
        elif "error" in answer:
            assert answer["error"]["code"] in UNREADABLE
            assert answer["error"]["next_step"]


def test_add_files_what_has_sound_and_refuses_the_rest(
    odd_files: dict[str, bool], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["add", "--json", *odd_files])
    printed = capsys.readouterr()
    answers = [json.loads(line) for line in printed.out.splitlines()]
    assert code == 1
    assert len(answers) == len(odd_files)
    refused = [answer for answer in answers if "error" in answer]
    assert len(refused) == printed.err.count("\n") // 2
    assert {answer["error"]["code"] for answer in refused} <= UNREADABLE
    entries = [answer for answer in answers if "error" not in answer]
    assert {entry["state"] for entry in entries} <= {"ready", "no_speech"}
    assert len(entries) >= sum(odd_files.values())


@pytest.mark.parametrize(
    ("content", "no_speech"),
    [
        pytest.param(b"", None, id="empty"),
        pytest.param(b"RIFF", None, id="cut off in its header"),
        pytest.param(wav_header(1, 16_000, 1) + struct.pack("<h", 9), True, id="one sample"),
        pytest.param(wav_header(16_000, 16_000, 1) + bytes(32_000), True, id="silent"),
        pytest.param(wav_header(10**8, 16_000, 1) + bytes(32_000), True, id="shorter than it says"),
        pytest.param(b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", None, id="a playlist"),
    ],
)
def test_almost_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, no_speech: bool | None
) -> None:
    path = tmp_path / "memo.wav"
    path.write_bytes(content)
    code = run(["transcribe", "--json", str(path)])
    (answer,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    if no_speech is None:
        assert code == 1
        assert answer["error"]["code"] == "unreadable_audio"
    else:
        assert code == 0
        assert answer["no_speech"] is no_speech
        assert answer["words"] == []


def test_a_folder_and_a_file_that_is_not_there(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["transcribe", "--json", str(tmp_path), str(tmp_path / "nothing.wav")]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["error"]["code"] for answer in answers] == ["unreadable_file", "unreadable_file"]
