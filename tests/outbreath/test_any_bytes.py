"""Bytes that are no UTF-8, in what is piped in and in names of files, end no command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import REPOSITORY


def outbreath(home: Path, *arguments: str | bytes, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Runs a command in a process of its own, with streams that refuse what is no UTF-8, as most people's do."""
    return subprocess.run(
        [sys.executable, "-m", "outbreath", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "OUTBREATH_HOME": str(home), "PYTHONIOENCODING": "utf-8:strict"},
        input=typed,
        capture_output=True,
        check=False,
    )


def test_a_text_with_a_broken_byte_is_written_and_corrected(home: Path) -> None:
    written = outbreath(home, "write", "-", "--json", typed=b"abc\xff")
    assert written.returncode == 0, written.stderr
    entry = json.loads(written.stdout)
    assert entry["text"] == "abc\ufffd"
    edited = outbreath(home, "edit", entry["id"], "--text", "-", "--json", typed=b"def\xff")
    assert json.loads(edited.stdout)["text"] == "def\ufffd"


def test_a_broken_line_does_not_end_the_stream(home: Path) -> None:
    suggested = outbreath(home, "suggest-tags", "-", typed=b"I was sad.\n\xff\xfe\nI was proud.\n")
    assert suggested.returncode == 0, suggested.stderr
    first, _, last = [json.loads(line)["tags"] for line in suggested.stdout.splitlines()]
    assert (first[0]["name"], last[0]["name"]) == ("sad", "proud")


@pytest.mark.parametrize("command", ["transcribe", "add"])
def test_a_name_that_is_no_utf_8_is_told(home: Path, command: str) -> None:
    answered = outbreath(home, command, b"/nowhere/\xff.wav", "--json")
    assert answered.returncode == 1, answered.stderr
    (line,) = answered.stdout.splitlines()
    answer = json.loads(line)
    assert os.fsencode(answer["file"]) == b"/nowhere/\xff.wav"
    assert answer["error"]["code"] == "unreadable_file"
