from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from journal.entry import State
from journal.notebook import Notebook
from journal.processing import Processing
from tests.conftest import REPOSITORY
from tests.journal.journals import recorded
from tests.journal.processing.working import CANARY, LONGEST_WAIT_SECONDS, settled

DONE = ["transcribing", "transcribed", "tagged", "settled"]


def worker(folder: Path, *place: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journal.worker", str(folder), *place],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def kill_at(folder: Path, place: str) -> None:
    """Starts a worker and kills it once it stands still at ``place``."""
    process = worker(folder, place)
    steps = folder / "steps"
    while not (steps.exists() and "here" in steps.read_text().splitlines()):
        assert process.poll() is None, process.communicate()[0].decode()
        threading.Event().wait(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    steps.write_text(steps.read_text().replace("here\n", ""))


def finish(folder: Path) -> None:
    """Lets a worker do all that is left."""
    last = worker(folder)
    output, _ = last.communicate(timeout=LONGEST_WAIT_SECONDS)
    assert (last.returncode, output) == (0, b"")


def steps_done(folder: Path) -> list[str]:
    return (folder / "steps").read_text().splitlines()


@pytest.mark.parametrize("place", DONE)
def test_killed_anywhere_it_finishes_after_a_restart_without_repeating_what_is_done(
    place: str, tmp_path: Path, notebook: Notebook
) -> None:
    entry_id = recorded(notebook, CANARY)
    kill_at(tmp_path, place)
    before = steps_done(tmp_path)
    assert before == DONE[: DONE.index(place) + 1]
    finish(tmp_path)
    entry = notebook.entry(entry_id)
    assert (entry.state, entry.text) == (State.READY, CANARY)
    # The step that was cut off is repeated from its beginning, none before it.
    again = {"transcribing": "transcribing", "transcribed": "transcribing"}.get(place, place)
    if place == "settled":  # the entry was ready already, so the last worker may end before it says so again
        assert steps_done(tmp_path) in (DONE, [*DONE, "settled"])
    else:
        assert steps_done(tmp_path) == before + DONE[DONE.index(again) :]


def test_killed_again_and_again_it_finishes_in_the_end(tmp_path: Path, notebook: Notebook) -> None:
    ids = [recorded(notebook, f"number {number}") for number in range(2)]
    for place in ("tagged", "transcribed"):
        kill_at(tmp_path, place)
    finish(tmp_path)
    assert [notebook.entry(entry_id).text for entry_id in ids] == ["number 0", "number 1"]
    assert {notebook.entry(entry_id).state for entry_id in ids} == {State.READY}


def test_when_the_process_with_the_work_is_killed_the_one_that_waits_takes_over(
    tmp_path: Path, notebook: Notebook, processing_with: Callable[..., Processing]
) -> None:
    entry_id = recorded(notebook, CANARY)
    process = worker(tmp_path, "transcribing")
    while not (tmp_path / "steps").exists():
        assert process.poll() is None
        threading.Event().wait(0.02)
    with processing_with() as processing:
        assert not processing.holds_work
        process.kill()
        process.communicate()
        assert settled(processing, entry_id).text == CANARY
