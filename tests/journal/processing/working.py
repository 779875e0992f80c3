"""What the tests of background work share."""

from __future__ import annotations

import base64

from core.transcript import Transcript
from journal.entry import Entry
from journal.notebook import Notebook
from journal.processing import Processing
from journal.recordings import RecordingReader
from tests.journal.journals import heard, recorded

CANARY = "I was angry because the quetzalcoatl pharmacy was closed"
LONGEST_WAIT_SECONDS = 60


def transcribe(recording: RecordingReader) -> Transcript:
    return heard(recording.read().decode())


def settled(processing: Processing, entry_id: str) -> Entry:
    entry = processing.wait(entry_id, LONGEST_WAIT_SECONDS)
    assert entry.state.settled
    return entry


def recorded_and_submitted(notebook: Notebook, processing: Processing) -> str:
    entry_id = recorded(notebook, "one more")
    processing.submit(entry_id)
    return entry_id


def remembered(processing: Processing) -> str:
    """Everything in the database of the work, as text, and what is packed in it unpacked."""
    with processing._engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        rows = [row for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
    packed = [value for row in rows for value in row if isinstance(value, str) and value.startswith("gA")]
    return str(rows) + "".join(base64.b64decode(value).decode("latin-1") for value in packed)
