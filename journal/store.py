"""The encrypted database. The one door to ``sqlcipher3``."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from core.errors import (
    DiskFull,
    JournalBusy,
    JournalError,
    JournalUnreadable,
    NoEncryption,
    WrongKey,
)
from core.paths import private_folder
from journal.cipher import DataKey
from journal.durable_files import OWNER_ONLY, disk_faults_are_said
from journal.schema import LATEST
from journal.schema.migrating import migrate

BUSY_TIMEOUT_SECONDS = 20.0
ERASING_TIMEOUT_SECONDS = 0.2

CONNECTION_SETTINGS = (
    "foreign_keys = ON",
    "synchronous = FULL",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "cache_size = -16384",  # KiB; every page that is not in it must be decrypted and authenticated again
)
MOST_CONNECTIONS = 8
SHORTEST_DATABASE_BYTES = 512

# Primary result codes of SQLite (sqlite.org/rescode.html).
SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_NOTADB = 5, 6, 13, 26
# Input/output, cannot open: also what SQLite says when there is no room for the files beside a database.
FAULTS_OF_A_FULL_DISK = {10, 14}
LEAST_FREE_BYTES = 65_536
SCHEMA_AT = "SELECT version_num FROM alembic_version"
# Error, too big, constraint, mismatch, misuse, range: bugs of ours, which must not look like a bad disk.
FAULTS_OF_A_STATEMENT = {1, 18, 19, 20, 21, 25}


def encrypted_engine(path: Path, key: DataKey, purpose: str = "database") -> Engine:
    """An engine on an encrypted database file, which is made if it is not there.

    A transaction takes the write lock when it begins, unless the connection has the execution option
    ``reads_only=True``: one that reads first and writes later would fail when another writes in between.
    WAL, so that readers and one writer do not wait for each other; FULL, so that what was committed survives a
    power cut.

    Args:
        path: the file; its folder must exist.
        key: the journal's data key.
        purpose: gives each database a key of its own.

    Raises:
        NoEncryption: SQLCipher cannot be used on this machine. Never a plain database instead.
        DiskFull, JournalUnreadable: the file cannot be made.
    """
    engine = _engine(path.absolute().as_uri(), key, purpose)
    _make_private_file(path)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads_only = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine


def _engine(address: str, key: DataKey, purpose: str = "database") -> Engine:
    try:
        from sqlcipher3 import dbapi2
    except ImportError:
        raise NoEncryption from None
    raw_key = key.derived(purpose).hex()

    def connect() -> Any:
        connection = dbapi2.connect(
            address, uri=True, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA key = \"x'{raw_key}'\"")
        # Otherwise SQLCipher writes its faults to standard error.
        connection.execute("PRAGMA cipher_log_level = NONE")
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise NoEncryption
        for setting in CONNECTION_SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        return connection

    return create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=QueuePool,
        pool_size=MOST_CONNECTIONS // 2,
        max_overflow=MOST_CONNECTIONS // 2,
        hide_parameters=True,
    )


class Store:
    """The journal's database, opened and at the newest schema.

    On a full disk SQLite cannot make the files it needs beside the database. Then it is read as it lies there, and
    each transaction looks first whether there is room again.
    """

    def __init__(self, path: Path, key: DataKey) -> None:
        self._path = path
        self._key = key
        self.engine = encrypted_engine(path, key)
        self._prepared = False

    @classmethod
    def open(cls, path: Path, key: DataKey) -> Store:
        """Opens the database, makes it if it is not there and brings it to the newest schema.

        Raises:
            WrongKey: the key is another one's, or the file is no journal.
            JournalTooNew: a newer version has changed the schema. Nothing was touched.
            NoEncryption, DiskFull, JournalBusy, JournalUnreadable
        """
        with disk_faults_are_said():
            private_folder(path.parent)
        # SQLite takes a file shorter than a page for an empty one, and would write over it.
        if path.is_file() and 0 < path.stat().st_size < SHORTEST_DATABASE_BYTES:
            raise WrongKey
        store = cls(path, key)
        try:
            with store.reading():
                pass
        except BaseException:
            store.close()
            raise
        return store

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the journal and changes nothing."""
        with self._snapshot() if self._has_room() else self._as_it_lies() as reader:
            yield reader

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; all of it is kept, or nothing."""
        self._prepare()
        with self._faults(), self.engine.begin() as connection:
            yield connection

    def erase_traces(self) -> None:
        """Empties the write-ahead log, in which pages from before a deletion may lie, as far as readers allow.

        While it waits for a reader nobody can write, so it does not wait for long. Whoever does the background work
        does it again now and then, and SQLite does when the last connection is closed.
        """
        self._prepare()
        with self._faults():
            raw = self.engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute(_busy_timeout(ERASING_TIMEOUT_SECONDS)).fetchall()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                cursor.execute(_busy_timeout(BUSY_TIMEOUT_SECONDS)).fetchall()
            except BaseException:
                raw.invalidate()  # it would go on with the short patience
                raise
            finally:
                raw.close()

    def close(self) -> None:
        """Closes all connections. With the key forgotten as well, the journal is locked."""
        self.engine.dispose()

    def _faults(self, not_a_database: type[JournalError] = JournalUnreadable) -> AbstractContextManager[None]:
        return storage_faults(self._path.parent, not_a_database)

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        with self._faults(), self.engine.connect() as connection:
            reader = connection.execution_options(reads_only=True)
            with reader.begin():
                yield reader

    def _has_room(self) -> bool:
        try:
            self._prepare()
        except DiskFull:
            return False
        return True

    def _prepare(self) -> None:
        if self._prepared:
            return
        # Two processes may start at once; a change of journal mode or schema is for one of them.
        with disk_faults_are_said():
            alone = FileLock(self._path.with_name(f".{self._path.name}.lock"), mode=OWNER_ONLY).acquire()
        with alone, self._faults(WrongKey):
            self._bring_up_to_date()
        self._prepared = True

    def _bring_up_to_date(self) -> None:
        raw = self.engine.raw_connection()
        try:
            cursor = raw.cursor()
            tables = {name for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            cursor.execute("PRAGMA journal_mode = WAL").fetchall()
        finally:
            raw.close()
        if tables and "alembic_version" not in tables:
            raise WrongKey
        with self.engine.begin() as connection:
            at = connection.exec_driver_sql(SCHEMA_AT).scalar() if tables else None
            if at != LATEST:
                migrate(connection, at)

    @contextlib.contextmanager
    def _as_it_lies(self) -> Iterator[Connection]:
        """A look at the database file alone, for which SQLite needs no files beside it.

        Nobody can be writing to it now, since there is no room; what a crash left in its log, though, would be missed.

        Raises:
            DiskFull: not everything can be seen in that way.
        """
        log = self._path.with_name(f"{self._path.name}-wal")
        with disk_faults_are_said():
            if not self._path.stat().st_size or (log.exists() and log.stat().st_size):
                raise DiskFull
        engine = _engine(f"{self._path.absolute().as_uri()}?immutable=1", self._key)
        try:
            with self._faults(WrongKey), engine.connect() as connection:
                if connection.exec_driver_sql(SCHEMA_AT).scalar() != LATEST:
                    raise DiskFull
                yield connection
        finally:
            engine.dispose()


@contextlib.contextmanager
def storage_faults(folder: Path, not_a_database: type[JournalError] = JournalUnreadable) -> Iterator[None]:
    """Says what went wrong below in the words of the journal, and never with a statement or its values.

    Args:
        folder: where the database lies.
        not_a_database: what it means when the file cannot be decrypted.

    Raises:
        DiskFull, JournalBusy, JournalUnreadable
    """
    try:
        yield
    except NoConnectionFree:
        raise JournalBusy from None
    except Exception as fault:
        code = getattr(getattr(fault, "orig", fault), "sqlite_errorcode", None)
        if code is None or code & 0xFF in FAULTS_OF_A_STATEMENT:
            raise
        named: dict[int, Callable[[], JournalError]] = {
            SQLITE_BUSY: JournalBusy,
            SQLITE_LOCKED: JournalBusy,
            SQLITE_FULL: DiskFull,
            SQLITE_NOTADB: not_a_database,
        }
        if code & 0xFF in FAULTS_OF_A_FULL_DISK and shutil.disk_usage(folder).free < LEAST_FREE_BYTES:
            raise DiskFull from None
        raise named.get(code & 0xFF, JournalUnreadable)() from None


def _busy_timeout(seconds: float) -> str:
    return f"PRAGMA busy_timeout = {round(seconds * 1000)}"


def _make_private_file(path: Path) -> None:
    # SQLite would make it readable by others; the log and the shared memory take over the mode of the database.
    with disk_faults_are_said():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
