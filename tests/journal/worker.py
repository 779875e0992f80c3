"""A process that does the work of a journal, to be killed by a test. Its recogniser is slow where it is told to be.

    python -m tests.journal.worker FOLDER [PLACE]

Writes a line to FOLDER/steps for everything it does, and at PLACE the line ``here`` before it stands still for good:
``transcribing``, ``transcribed``, ``tagged``, ``settled`` or nowhere. Without PLACE it ends when nothing is left to do.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from core.transcript import Transcript
from journal.entry import State
from journal.notebook import Notebook
from journal.processing import Processing
from journal.recordings import RecordingReader
from tests.journal.journals import KEY, heard, opened


class Steps:
    """Notes what is done; stands still at one place."""

    def __init__(self, folder: Path, still_at: str) -> None:
        self._file = folder / "steps"
        self._still_at = still_at

    def did(self, what: str) -> None:
        with self._file.open("a") as file:
            file.write(what + "\n")
            if what == self._still_at:
                file.write("here\n")
        if what == self._still_at:
            signal.pause()


def watched(notebook: Notebook, steps: Steps) -> None:
    """Each change to an entry is noted after it was made and before anybody else hears of it."""
    store_transcript, store_tags, set_state = notebook.store_transcript, notebook.store_tags, notebook.set_state

    def transcribed(entry_id: str, transcript: Transcript) -> None:
        store_transcript(entry_id, transcript)
        steps.did("transcribed")

    def tagged(entry_id: str) -> None:
        store_tags(entry_id)
        steps.did("tagged")

    def state(entry_id: str, state: State, *rest: object) -> None:
        set_state(entry_id, state, *rest)  # type: ignore[arg-type]
        if state is State.READY:
            steps.did("settled")

    notebook.store_transcript, notebook.store_tags, notebook.set_state = transcribed, tagged, state  # type: ignore


def main(folder: Path, still_at: str = "") -> None:
    steps = Steps(folder, still_at)

    def transcribe(recording: RecordingReader) -> Transcript:
        steps.did("transcribing")
        return heard(recording.read().decode())

    with opened(folder) as notebook:
        watched(notebook, steps)
        with Processing(folder, KEY, notebook, transcribe) as processing:
            for entry_id in notebook.unfinished():
                processing.wait(entry_id)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
