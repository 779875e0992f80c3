"""Speaking at the terminal with a real microphone: pauses, questions, and a program that is killed."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from audio.clip import AudioClip
from tests.sound_server import SoundServer

PROGRAM = (sys.executable, "-m", "outbreath")
PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
PATIENCE_SECONDS = 60
KILLED_AFTER_SECONDS = 8.0
MOST_LOST_SECONDS = 1.0

pytestmark = [pytest.mark.sound_server, pytest.mark.model, pytest.mark.timeout(180)]


@contextmanager
def speaking(environment: dict[str, str], *options: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([*PROGRAM, "speak", *options], env=environment, text=True, **PIPES) as program:  # type: ignore[call-overload]
        yield program


def wait_for(program: subprocess.Popen[str], words: str) -> str:
    """All that is told up to these words."""
    assert program.stderr is not None
    told = ""
    while words not in told:
        character = program.stderr.read(1)
        assert character, told
        told += character
    return told


def press(program: subprocess.Popen[str], line: str = "") -> None:
    assert program.stdin is not None
    program.stdin.write(f"{line}\n")
    program.stdin.flush()


def entry_of(environment: dict[str, str], entry_id: str) -> dict[str, Any]:
    return dict(json.loads(subprocess.check_output([*PROGRAM, "show", entry_id, "--json"], env=environment)))


def test_a_program_that_is_killed_loses_at_most_a_second(
    environment: dict[str, str], sound_server: SoundServer, sentence: AudioClip
) -> None:
    with speaking(environment) as program:
        wait_for(program, "Safe")
        with sound_server.sounding(sentence):
            time.sleep(KILLED_AFTER_SECONDS)
            program.send_signal(signal.SIGKILL)
    (listed,) = json.loads(subprocess.check_output([*PROGRAM, "entries", "--json"], env=environment))["entries"]
    with subprocess.Popen([*PROGRAM, "serve", "--port", "0", "--no-open"], env=environment, **PIPES) as server:  # type: ignore[call-overload]
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while (entry := entry_of(environment, listed["id"]))["state"] != "ready":
                assert time.monotonic() < until, entry["state"]
        finally:
            server.terminate()
            server.communicate()
    assert entry["duration_seconds"] > KILLED_AFTER_SECONDS - MOST_LOST_SECONDS
    assert "fellow americans" in entry["text"].lower()


def test_a_long_pause_ends_nothing_and_adds_no_words(
    environment: dict[str, str], sound_server: SoundServer, sentence: AudioClip
) -> None:
    with speaking(environment, "--words") as program:
        wait_for(program, "Listening")
        with sound_server.sounding(sentence):
            wait_for(program, "your country")
        told = wait_for(program, "Still listening")
        assert told.count("Still listening") == 1
        time.sleep(3)
        with sound_server.sounding(sentence):
            time.sleep(12)
        press(program)
        printed, _ = program.communicate(timeout=PATIENCE_SECONDS)
    assert "Filed. Go gently." in printed
    (listed,) = json.loads(subprocess.check_output([*PROGRAM, "entries", "--json"], env=environment))["entries"]
    words = entry_of(environment, listed["id"])["words"]
    starts = [word["start"] for word in words]
    pauses = [(one, other) for one, other in itertools.pairwise(starts) if other - one > 18]
    assert len(pauses) == 1, "one long pause, and not a word in it"


def test_no_question_is_heard_as_an_answer(environment: dict[str, str], sound_server: SoundServer) -> None:
    """The loudspeaker stands beside the microphone, and nobody says a word."""
    with sound_server.echo(), speaking(environment, "--guide", "evening-reflection", "--json") as program:
        for question in range(5):
            wait_for(program, "Listening")
            time.sleep(1.5)
            press(program, "s" if question == 1 else "")
        printed, told = program.communicate(timeout=PATIENCE_SECONDS)
    entry = json.loads(printed)
    assert (entry["state"], entry["text"]) == ("no_speech", "")
    assert "You can put it down now" in told
    assert [answer["prompt"] for answer in entry["answers"]] == [
        "What went well today?",
        "What challenged me emotionally today?",
        "How did I show empathy?",
        "What can I do differently tomorrow?",
    ]
