from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import UnknownEntry
from core.transcript import Transcript
from journal import recovery
from journal.entry import State
from journal.notebook import Notebook
from journal.recordings import Recordings
from tests.architecture.house import REPOSITORY

SPEAKS_AND_DIES = """
import os, sys
from pathlib import Path
from core.clock import SystemClock
from journal.cipher import DataKey
from journal.notebook import Notebook
from journal.recordings import Recordings
from journal.store import Store
folder, key = Path(sys.argv[1]), DataKey(bytes(range(32)))
store, recordings = Store.open(folder / "journal.db", key), Recordings(folder / "recordings", key)
notebook = Notebook(store, recordings, None, SystemClock(), 4)
entry, writer = notebook.begin(guide="free", mood_before=3)
print(entry.id, flush=True)
for block in range(int(sys.argv[2])):
    writer.append(b"block %d " % block)
if sys.argv[3] == "half a block":
    with open(folder / "recordings" / (entry.id + ".rec"), "ab") as file:
        file.write(os.urandom(1) * 10)
if sys.argv[3] == "finished":
    writer.finish()
print("ready", flush=True)
sys.stdin.readline()
os.kill(os.getpid(), 9)
"""


def start(folder: Path, blocks: int, how: str = "cut off") -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-c", SPEAKS_AND_DIES, str(folder), str(blocks), how]
    process = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    entry_id = process.stdout.readline().strip()
    assert process.stdout.readline() == "ready\n"
    return process, entry_id


def kill(process: subprocess.Popen[str]) -> None:
    process.communicate("\n")
    assert process.returncode == -9


@pytest.mark.parametrize("how", ["cut off", "half a block"])
def test_what_a_killed_process_recorded_comes_back(how: str, notebook: Notebook, folder: Path) -> None:
    process, entry_id = start(folder, 3, how)
    assert notebook.recover() == ()  # it is alive, and speaking
    assert notebook.entry(entry_id).state is State.RECORDING
    kill(process)
    assert notebook.recover() == (entry_id,)
    entry = notebook.entry(entry_id)
    assert (entry.state, entry.guide, entry.mood_before) == (State.RECOVERED, "free", 3)
    with notebook.recording(entry_id) as recording:
        assert recording.read() == b"block 0 block 1 block 2 "
        assert not recording.complete
    assert notebook.recover() == ()
    assert notebook.unfinished() == (entry_id,)
    notebook.store_transcript(entry_id, Transcript(text="", language=None, duration_seconds=1.0))
    assert notebook.unfinished() == ()


def test_one_killed_after_its_last_word_was_not_cut_off(notebook: Notebook, folder: Path) -> None:
    process, entry_id = start(folder, 2, "finished")
    kill(process)
    assert notebook.recover() == (entry_id,)
    assert notebook.entry(entry_id).state is State.TRANSCRIBING
    assert notebook.unfinished() == (entry_id,)


def test_one_killed_before_its_first_word_leaves_nothing(notebook: Notebook, folder: Path) -> None:
    process, entry_id = start(folder, 0)
    kill(process)
    assert notebook.recover() == ()
    with pytest.raises(UnknownEntry):
        notebook.entry(entry_id)
    assert list((folder / "recordings").iterdir()) == []


def test_a_damaged_recording_is_not_thrown_away(notebook: Notebook, folder: Path) -> None:
    entry, writer = notebook.begin()
    writer.append(b"words")
    writer.close()
    path = folder / "recordings" / f"{entry.id}.rec"
    damaged = bytearray(path.read_bytes())
    damaged[20] ^= 1
    path.write_bytes(damaged)
    assert notebook.recover() == (entry.id,)
    assert path.read_bytes() == damaged


def test_a_deletion_that_was_interrupted_is_finished(
    notebook: Notebook, recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, writer = notebook.begin()
    writer.append(b"words")
    writer.finish()
    notebook.finish_recording(entry.id)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(recovery, "finish_deletions", dies)
        with pytest.raises(KeyboardInterrupt):
            notebook.delete(entry.id)
    assert recordings.exists(entry.id)
    assert notebook.recover() == ()
    assert not recordings.exists(entry.id)
