"""Nothing tries to leave the machine. Nothing is patched: the kernel counts, native code too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import REPOSITORY
from tests.privacy.conftest import SPOKEN_WORDS
from tests.privacy.installation import Installation

ATTEMPTED = 99


def cut_off() -> tuple[str, ...]:
    """The words before a command that take away every network but the loopback."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return (shutil.which("unshare") or "unshare", *as_root, "--net", sys.executable, "-m", "tests.privacy.cut_off")


def in_vain(program: str) -> int:
    return subprocess.run(
        [*cut_off(), sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, check=False
    ).returncode


@pytest.fixture(scope="module", autouse=True)
def _namespace() -> None:
    if in_vain("pass"):
        pytest.skip("not run, because this machine does not allow network namespaces")


@pytest.fixture
def alone(tmp_path: Path, models_folder: Path) -> Installation:
    return Installation(tmp_path / "installation", models_folder, cut_off())


@pytest.mark.parametrize(
    "call",
    ["socket.create_connection(('192.0.2.1', 80))", "socket.getaddrinfo('example.org', 80)"],
    ids=["connection", "name"],
)
def test_an_attempt_is_noticed(call: str) -> None:
    assert in_vain(f"import contextlib, socket\nwith contextlib.suppress(OSError): {call}") == ATTEMPTED


@pytest.mark.model
def test_the_whole_way_from_speech_to_search(alone: Installation) -> None:
    alone.run("doctor", "--try", "--json")


@pytest.mark.model
@pytest.mark.parametrize("voice", ["joe", "hibari"])
def test_a_session_is_spoken(alone: Installation, voice: str) -> None:
    target = alone.folder / "session.flac"
    alone.run("render", "coherent-breathing", "--minutes", "2", "--voice", voice, "-o", target)
    assert target.stat().st_size > 0


@pytest.mark.model
@pytest.mark.parametrize("model", ["base", "tiny.en"])
def test_a_recording_is_transcribed(alone: Installation, spoken: Path, model: str) -> None:
    heard = alone.run("transcribe", "--model", model, spoken).lower()
    assert any(word in heard for word in SPOKEN_WORDS)


@pytest.mark.model
def test_the_server_answers_every_address(alone: Installation, spoken: Path) -> None:
    # The visitor lives in the same namespace, so one program starts both.
    folder = alone.folder / "server"
    command = [*cut_off(), sys.executable, "-m", "tests.privacy.visit", folder, alone.models, spoken]
    done = subprocess.run(command, cwd=REPOSITORY, env=alone.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
