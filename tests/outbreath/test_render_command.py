"""``render``: what cannot be written is told before a word is said, and nothing half-written stays."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from outbreath.keyboard import ended_in_order
from voice.narrator import Narrator

Fails = Callable[..., tuple[int, list[str]]]

PATIENCE_SECONDS = 60


@pytest.mark.parametrize(
    ("target", "code", "said"),
    [
        ("missing/a.txt", 2, "That file ending"),
        ("missing/a.mp3", 1, "Nothing can be written there."),
        ("folder.wav", 1, "Nothing can be written there."),
        ("folder", 2, "That file ending"),
    ],
)
def test_what_cannot_be_written_is_told_before_a_word_is_said(
    outbreath_fails: Fails,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
    code: int,
    said: str,
) -> None:
    def speaking(*_: object) -> None:
        raise AssertionError("it was spoken")

    monkeypatch.setattr(Narrator, "line", speaking)
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "folder").mkdir()
    (home / "data" / "scripts").mkdir(parents=True)
    (home / "data" / "scripts" / "mine.md").write_text(
        "---\ntitle: Mine\nkind: meditation\nminutes: {default: 5}\n---\nNobody has said this line before.\n"
    )
    told = outbreath_fails("render", "mine", "-o", str(tmp_path / target))
    assert told[0] == code
    assert told[1][0].startswith(said)


@pytest.mark.model
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_however_it_is_ended_nothing_half_written_stays(home: Path, tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    command = [
        # Whoever runs the tests in the background has signals ignored, and so would the program.
        "env",
        f"--default-signal={number.name}",
        sys.executable,
        "-m",
        "outbreath",
        "render",
        "body-scan",
        "--minutes",
        "30",
        "-o",
        str(folder / "a.flac"),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        until = time.monotonic() + PATIENCE_SECONDS
        while not list(folder.iterdir()) and time.monotonic() < until:
            time.sleep(0.02)
        assert list(folder.iterdir())
        program.send_signal(number)
        assert program.wait(PATIENCE_SECONDS) == 128 + number
    assert not list(folder.iterdir())


def test_what_goes_on_without_its_terminal_is_not_ended_with_it() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_in_order():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.model
def test_a_rendered_file_is_for_those_that_the_umask_lets(
    outbreath_json: Callable[..., object], tmp_path: Path
) -> None:
    target = tmp_path / "a.wav"
    before = os.umask(0o022)
    try:
        outbreath_json("render", "coherent-breathing", "--minutes", "2", "--voice", "hibari", "-o", str(target))
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
