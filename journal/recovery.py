"""Deletions that are finished whatever happens, and after a crash: what a dead process left becomes whole again."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, delete, insert, select, update

from core.errors import DamagedRecording, DiskFull, NoRecording, NotReady, UnknownEntry
from journal.entry import State
from journal.entry_rows import number_of
from journal.recordings import Recordings
from journal.schema.tables import deletions, entries
from journal.search import SearchIndex
from journal.store import Store


def recover(store: Store, recordings: Recordings, index: SearchIndex) -> tuple[str, ...]:
    """Finishes interrupted deletions and frees entries whose writer died; gives the ids of those that wait for words.

    Safe while other processes record: whoever holds a recording's writer keeps it. An entry of which not a
    single block reached the disk is dropped, because there is nothing in it.
    """
    for entry_id in recordings.condemned():
        try:
            _drop_by_id(store, index, entry_id)
        except UnknownEntry:
            recordings.delete(entry_id)
    finish_deletions(store, recordings)
    with store.reading() as connection:
        recording = select(entries.c.id).where(entries.c.state == State.RECORDING).order_by(entries.c.id)
        left_behind = connection.execute(recording).scalars().all()
    freed = {entry_id: _freed(store, recordings, index, entry_id) for entry_id in left_behind}
    finish_deletions(store, recordings)
    store.erase_traces()  # of deletions that readers kept from it, or after which the program died
    return tuple(entry_id for entry_id, state in freed.items() if state is not None)


def remove(store: Store, recordings: Recordings, index: SearchIndex, entry_id: str) -> None:
    """Deletes an entry everywhere: its row, words, tags and search terms, its recording, and their traces.

    On a full disk not even a deletion can be written. Then the recording goes first and makes room: of its file an
    empty one is left, with a name that says the entry is to be deleted. That takes no room, and by it ``recover``
    finishes the deletion should the program die before the database knows of it.

    Raises:
        UnknownEntry: there is none by that id.
        DiskFull: it has no recording that could make room, or too small a one.
    """
    try:
        _drop_by_id(store, index, entry_id)
    except DiskFull:
        with store.reading() as connection:
            number_of(connection, entry_id)
        if not recordings.condemn(entry_id):
            raise
        _drop_by_id(store, index, entry_id)
    # What there is no room for now is done at the next start; the entry and its recording are gone in any case.
    with suppress(DiskFull):
        finish_deletions(store, recordings)
        store.erase_traces()


def finish_deletions(store: Store, recordings: Recordings) -> None:
    """Removes recordings whose entries are gone already."""
    with store.reading() as connection:
        gone = connection.execute(select(deletions.c.entry_id)).scalars().all()
    for entry_id in gone:
        recordings.delete(entry_id)
        with store.writing() as connection:
            connection.execute(delete(deletions).where(deletions.c.entry_id == entry_id))


def _freed(store: Store, recordings: Recordings, index: SearchIndex, entry_id: str) -> State | None:
    """The state the entry is in from now on; None if it is not ours to touch, or was dropped."""
    try:
        if recordings.being_written(entry_id):
            return None
        state = _state_of(recordings, entry_id)
    except NotReady:
        return None
    with store.writing() as connection:
        # Its living writer may have finished it in the meantime.
        untouched = select(entries.c.number).where(entries.c.id == entry_id, entries.c.state == State.RECORDING)
        number = connection.execute(untouched).scalar()
        if number is None:
            return None
        if state is None:
            drop(connection, index, number, entry_id)
        else:
            connection.execute(update(entries).where(entries.c.number == number).values(state=state.value))
    return state


def drop(connection: Connection, index: SearchIndex, number: int, entry_id: str) -> None:
    """Removes an entry from the database; ``finish_deletions`` then removes its recording, now or after a crash."""
    index.remove(connection, number)
    connection.execute(delete(entries).where(entries.c.number == number))
    connection.execute(insert(deletions).values(entry_id=entry_id))


def _drop_by_id(store: Store, index: SearchIndex, entry_id: str) -> None:
    with store.writing() as connection:
        drop(connection, index, number_of(connection, entry_id), entry_id)


def _state_of(recordings: Recordings, entry_id: str) -> State | None:
    try:
        recovered = recordings.recover(entry_id)
    except NoRecording:
        return None
    except DamagedRecording:
        return State.RECOVERED  # working on it will say what is wrong; nothing is thrown away
    if recovered.readable_bytes == 0:
        return None
    return State.TRANSCRIBING if recovered.complete else State.RECOVERED
