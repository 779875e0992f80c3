from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from core.errors import (
    DiskFull,
    JournalBusy,
    JournalTooNew,
    JournalUnreadable,
    NoEncryption,
    WrongKey,
)
from journal import store as store_module
from journal.cipher import DataKey
from journal.schema import LATEST
from journal.schema.tables import meta, metadata
from journal.store import Store, encrypted_engine
from tests.architecture.house import REPOSITORY

OTHER_KEY = DataKey(b"k" * 32)


def remember(store: Store, key: str, value: str = "x") -> None:
    with store.writing() as connection:
        connection.execute(meta.insert().values(key=key, value=value))


def remembered(store: Store) -> set[str]:
    with store.reading() as connection:
        return set(connection.execute(meta.select()).scalars())


def test_what_is_stored_is_there_after_opening_again(store: Store, folder: Path, key: DataKey) -> None:
    remember(store, "a")
    store.close()
    again = Store.open(folder / "journal.db", key)
    assert remembered(again) == {"a"}
    again.close()


def test_every_connection_is_safe_and_private(store: Store, folder: Path) -> None:
    with store.reading() as connection:
        setting = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete", "temp_store")
        }
    assert setting == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "secure_delete": 1, "temp_store": 2}
    remember(store, "a")
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_the_database_is_no_plain_one(store: Store, folder: Path) -> None:
    with sqlite3.connect(folder / "journal.db") as plain, pytest.raises(sqlite3.DatabaseError, match="not a database"):
        plain.execute("SELECT * FROM sqlite_master")
    plain.close()


def test_the_wrong_key_opens_nothing_and_changes_nothing(
    store: Store, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store.close()
    before = (folder / "journal.db").read_bytes()
    with pytest.raises(WrongKey):
        Store.open(folder / "journal.db", OTHER_KEY)
    assert (folder / "journal.db").read_bytes() == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"a shopping list\n" * 500, b"x", bytes(4096), b"SQLite format 3\0" * 300])
def test_a_file_that_is_no_journal_is_left_as_it_is(content: bytes, folder: Path, key: DataKey) -> None:
    folder.mkdir()
    (folder / "journal.db").write_bytes(content)
    with pytest.raises(WrongKey):
        Store.open(folder / "journal.db", key)
    assert (folder / "journal.db").read_bytes() == content


def test_another_encrypted_database_is_no_journal(folder: Path, key: DataKey) -> None:
    folder.mkdir()
    engine = encrypted_engine(folder / "journal.db", key)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE songs (name)"))
    engine.dispose()
    with pytest.raises(WrongKey):
        Store.open(folder / "journal.db", key)


def test_a_journal_from_a_newer_version_is_not_touched(store: Store, folder: Path, key: DataKey) -> None:
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.erase_traces()
    store.close()
    before = (folder / "journal.db").read_bytes()
    with pytest.raises(JournalTooNew):
        Store.open(folder / "journal.db", key)
    assert (folder / "journal.db").read_bytes() == before


def test_a_migration_that_fails_leaves_nothing_half_done(
    folder: Path, key: DataKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store_module.migrate

    def fails(connection: object, at: str | None) -> None:
        real(connection, at)  # type: ignore[arg-type]
        raise OSError(errno.EIO, "the machine goes down")

    with monkeypatch.context() as crash:
        crash.setattr(store_module, "migrate", fails)
        with pytest.raises(OSError, match="goes down"):
            Store.open(folder / "journal.db", key)
    store = Store.open(folder / "journal.db", key)
    remember(store, "a")
    store.close()


def test_migrated_tables_are_those_the_program_uses(store: Store, tmp_path: Path) -> None:
    declared = encrypted_engine(tmp_path / "declared.db", OTHER_KEY)
    metadata.create_all(declared)
    assert _shape(store.engine) == _shape(declared)
    declared.dispose()
    with store.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [LATEST]


def _shape(engine: Engine) -> dict[str, list[str]]:
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        return {name: _parts(sql) for name, table, sql in rows if table in metadata.tables}


def _parts(sql: str) -> list[str]:
    """A statement cut at its commas: a column that was added later stands behind all others."""
    return sorted(part.strip(" )") for part in " ".join(sql.split()).split(","))


def test_the_newest_step_is_the_one_named() -> None:
    steps = sorted(path.name for path in (REPOSITORY / "journal/schema/versions").glob("[0-9]*.py"))
    assert steps[-1].partition("_")[0] == LATEST
    assert [name.partition("_")[0] for name in steps] == [f"{number:04}" for number in range(1, len(steps) + 1)]


def test_half_a_change_is_no_change(store: Store) -> None:
    def half() -> None:
        with store.writing() as connection:
            connection.execute(meta.insert().values(key="a", value="x"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert remembered(store) == set()


def test_reading_does_not_wait_for_writing_and_sees_one_state(store: Store) -> None:
    with store.writing() as writer:
        writer.execute(meta.insert().values(key="a", value="x"))
        assert remembered(store) == set()
    with store.reading() as reader:
        assert set(reader.execute(meta.select()).scalars()) == {"a"}
        remember(store, "b")
        assert set(reader.execute(meta.select()).scalars()) == {"a"}
    assert remembered(store) == {"a", "b"}


def test_waiting_too_long_says_so(folder: Path, key: DataKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "BUSY_TIMEOUT_SECONDS", 0.0)
    one, two = Store.open(folder / "journal.db", key), Store.open(folder / "journal.db", key)
    with one.writing(), pytest.raises(JournalBusy):
        remember(two, "b")
    remember(two, "b")
    one.close()
    two.close()


def test_erasing_traces_beside_a_reader_holds_nobody_up_and_is_done_once_it_has_gone(
    store: Store, folder: Path
) -> None:
    remember(store, "a")
    log = folder / "journal.db-wal"
    with store.reading() as reader:
        assert set(reader.execute(meta.select()).scalars()) == {"a"}
        remember(store, "b")
        started = time.monotonic()
        store.erase_traces()
        remember(store, "c")
        assert time.monotonic() - started < 5
        assert log.stat().st_size > 0
    store.erase_traces()
    assert log.stat().st_size == 0


def test_after_erasing_traces_a_connection_is_as_patient_as_before(store: Store) -> None:
    store.erase_traces()
    with store.engine.connect() as connection:
        (patience_ms,) = connection.exec_driver_sql("PRAGMA busy_timeout").one()
    assert patience_ms == store_module.BUSY_TIMEOUT_SECONDS * 1000


def test_without_sqlcipher_there_is_no_journal(folder: Path, key: DataKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    with pytest.raises(NoEncryption):
        Store.open(folder / "journal.db", key)
    assert not (folder / "journal.db").exists()


def test_a_plain_sqlite_in_its_place_is_not_accepted(
    folder: Path, key: DataKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It would take the key for an unknown setting and store everything in the clear.
    monkeypatch.setattr("sqlcipher3.dbapi2", sqlite3)
    monkeypatch.setattr("sqlcipher3.dbapi2.connect", sqlite3.connect)
    with pytest.raises(NoEncryption):
        Store.open(folder / "journal.db", key)
    assert (folder / "journal.db").read_bytes() == b""


def test_damaged_pages_are_said_to_be_that(store: Store, folder: Path, key: DataKey) -> None:
    for number in range(400):
        remember(store, f"key {number}", "words " * 100)
    store.erase_traces()
    store.close()
    content = bytearray((folder / "journal.db").read_bytes())
    for page in range(40 * 4096, len(content), 4096):
        content[page + 100] ^= 1
    (folder / "journal.db").write_bytes(content)
    damaged = Store.open(folder / "journal.db", key)
    with pytest.raises(JournalUnreadable):
        remembered(damaged)
    damaged.close()


def test_a_folder_where_the_database_should_be(folder: Path, key: DataKey) -> None:
    (folder / "journal.db").mkdir(parents=True)
    with pytest.raises(JournalUnreadable):
        Store.open(folder / "journal.db", key)


def test_a_file_where_the_folder_should_be(folder: Path, key: DataKey) -> None:
    folder.write_text("a shopping list")
    with pytest.raises(JournalUnreadable):
        Store.open(folder / "journal.db", key)


def test_when_there_is_no_more_space_what_was_stored_stays(store: Store) -> None:
    remember(store, "before", "x" * 5000)
    with store.reading() as connection:  # the same connection that will write
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(DiskFull):
        remember(store, "after", "x" * 500_000)
    assert remembered(store) == {"before"}


def test_a_statement_gone_wrong_shows_none_of_its_values(store: Store) -> None:
    remember(store, "canary", "canary")
    with pytest.raises(Exception, match="UNIQUE") as fault:
        remember(store, "canary", "canary")
    assert "canary" not in str(fault.value)


WRITES = """
import sys
from pathlib import Path
from sqlalchemy import text
from journal.cipher import DataKey
from journal.store import Store
store = Store.open(Path(sys.argv[1]), DataKey(bytes(range(32))))
for count in range(25):
    with store.writing() as connection:
        have = connection.execute(text("SELECT count(*) FROM meta")).scalar()
        connection.execute(text("INSERT INTO meta VALUES (:key, 'x')"), {"key": str(have)})
"""


def test_processes_that_start_at_once_share_one_journal(folder: Path, key: DataKey) -> None:
    command = [sys.executable, "-c", WRITES, str(folder / "journal.db")]
    running = [subprocess.Popen(command, cwd=REPOSITORY) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    store = Store.open(folder / "journal.db", key)
    # Each read the count and wrote the next number, and none wrote over another.
    assert remembered(store) == {str(number) for number in range(75)}
    store.close()
