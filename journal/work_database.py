"""The encrypted database in which background work remembers how far it came. It holds ids, never words."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event

from core.errors import JournalUnreadable
from core.paths import private_folder
from journal.cipher import DataKey
from journal.store import encrypted_engine, storage_faults

WORK_DATABASE_FILE: Final = "work.db"

# Names in the database. Never change them: unfinished work of an older version is found by them.
NAME: Final = "outbreath"
QUEUE: Final = "entries"
WORKFLOW: Final = "file_recording"
CATCHING_UP: Final = "catch_up"
# The lock sees to it that there is one executor; a name per version or process would orphan unfinished work.
VERSION: Final = "1"
EXECUTOR: Final = "worker"


def work_engine(folder: Path, key: DataKey) -> Engine:
    """An engine on the database of the work in the journal's folder; it is made if it is not there.

    Raises:
        NoEncryption, DiskFull, JournalUnreadable: as ``store.encrypted_engine``.
    """
    engine = encrypted_engine(private_folder(folder) / WORK_DATABASE_FILE, key, "work")
    event.listen(engine, "before_cursor_execute", _begin_once, retval=True)
    return engine


def make_sound(folder: Path, key: DataKey) -> None:
    """Removes the database if it cannot be read: which entries wait is known without it.

    Only for who does the work: nobody else may be using it.
    """
    try:
        _prepare(folder, key)
    except JournalUnreadable:
        for end in ("", "-wal", "-shm", "-journal"):
            (folder / (WORK_DATABASE_FILE + end)).unlink(missing_ok=True)
        _prepare(folder, key)


def silence_dbos() -> None:
    """Keeps dbos, which works on this database, from writing to the terminal."""
    # It adds a handler that writes to the terminal unless there is one; its lines may hold values of ours.
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.propagate = False


def _prepare(folder: Path, key: DataKey) -> None:
    engine = work_engine(folder, key)
    try:
        with storage_faults(folder):
            raw = engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL").fetchall()
                raw.cursor().execute("SELECT count(*) FROM sqlite_master").fetchall()
            finally:
                raw.close()
    finally:
        engine.dispose()


def _begin_once(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> tuple[str, Any]:
    # Transactions of this engine hold the write lock from their start; dbos asks for it once more when it migrates.
    if statement == "BEGIN IMMEDIATE" and cursor.connection.in_transaction:
        return "SELECT 1", parameters
    return statement, parameters
