"""A person at the terminal with a real sound card: they speak and find it again, they play and hear it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from audio import files
from audio.clip import AudioClip
from tests.sound_server import SoundServer

ENOUGH_SECONDS = 14  # the president's sentence takes 11 s, and a pause belongs to it
PROGRAM = (sys.executable, "-m", "outbreath")

pytestmark = [pytest.mark.sound_server, pytest.mark.model]


def test_what_is_spoken_at_the_microphone_is_found_again(
    environment: dict[str, str], sound_server: SoundServer, sentence: AudioClip
) -> None:
    command = [*PROGRAM, "speak", "--json"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as program:
        assert program.stdin is not None
        assert program.stderr is not None
        assert "Listening" in program.stderr.readline()
        with sound_server.sounding(sentence):
            _wait_for_seconds(ENOUGH_SECONDS)
        program.stdin.write("\n")
        program.stdin.flush()
        printed, said = program.communicate(timeout=90)
    assert program.returncode == 0, said
    entry = json.loads(printed)
    assert entry["state"] == "ready"
    assert entry["duration_seconds"] > ENOUGH_SECONDS - 2
    assert "what your country can do for you ask what you can do" in re.sub(r"\W+", " ", entry["text"].lower())
    found = json.loads(subprocess.check_output([*PROGRAM, "search", "fellow americans", "--json"], env=environment))
    assert [result["entry"]["id"] for result in found["results"]] == [entry["id"]]


def test_a_breath_is_paced_on_the_sound_card(environment: dict[str, str], sound_server: SoundServer) -> None:
    command = [*PROGRAM, "breathe", "4-0-6-0", "--minutes", "0.5", "--voice", "hibari"]
    with sound_server.recording() as recording:
        played = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stderr
    assert "Breathe" in played.stdout
    sound = np.abs(recording.clip.samples)
    audible = np.flatnonzero(sound > 0.0003)
    assert 28.5 < (audible[-1] - audible[0]) / 48_000 < 30.5
    assert sound.max() < 0.9


def test_a_session_survives_the_loss_of_its_sound_card(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    server = SoundServer(tmp_path_factory.mktemp("doomed"))
    server.wait_until_ready()
    command = [*PROGRAM, "play", "coherent-breathing", "--minutes", "2", "--voice", "hibari"]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    own = {**environment, **server.environment, "HOME": environment["HOME"]}
    with subprocess.Popen(command, env=own, text=True, **pipes) as program:
        try:
            assert program.stdout is not None
            assert program.stderr is not None
            assert program.stdout.readline(), "it has begun"
            server.stop()
            assert "went away" in program.stderr.readline(), "what the system's libraries complain of is not shown"
            server.start_again()
            with server.recording() as recording:
                assert program.stdout.readline(), "it goes on"
                _wait_for_seconds(8)
            assert np.abs(recording.clip.samples).max() > 0.01
            program.send_signal(signal.SIGINT)
            assert program.wait(30) == 0
        finally:
            program.kill()
            server.stop()


def test_without_a_sound_card_it_says_so_and_the_rest_works(environment: dict[str, str], tmp_path: Path) -> None:
    silent = {**environment, "OUTBREATH_OUTPUT_DEVICE": "unplugged", "OUTBREATH_INPUT_DEVICE": "unplugged"}
    played = subprocess.run([*PROGRAM, "play", "free"], env=silent, capture_output=True, text=True, check=False)
    assert (played.returncode, played.stdout) == (1, "")
    assert played.stderr.splitlines()[0] == "No sound card can be used from here."
    spoken = subprocess.run([*PROGRAM, "speak"], env=silent, capture_output=True, text=True, check=False, input="\n")
    assert spoken.returncode == 1
    assert spoken.stderr.splitlines()[-2] == "No microphone can be used from here."
    target = tmp_path / "free.wav"
    subprocess.run([*PROGRAM, "render", "free", "--minutes", "1", "-o", str(target)], env=silent, check=True)
    assert sum(clip.frames for clip in files.decode(target, 48_000)) == 60 * 48_000


def _wait_for_seconds(seconds: float) -> None:
    """Real sound takes real time: there is nothing to poll while somebody speaks."""
    threading.Event().wait(seconds)
