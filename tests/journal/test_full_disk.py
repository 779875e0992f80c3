"""A journal on a disk without a single free byte: it can be read, and deleting from it makes room."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import DiskFull, NoRecording, UnknownEntry
from journal import recovery
from journal.notebook import Notebook
from tests.journal.journals import opened, recorded
from tests.small_disk import fill, make_room

SPOKEN = "hello " * 50_000


@pytest.fixture
def folder(small_disk: Path) -> Path:
    return small_disk / "journal"


@pytest.fixture
def entry_ids(folder: Path, small_disk: Path) -> Iterator[tuple[str, str]]:
    """A spoken and a typed entry in a journal that is closed; then the disk is filled."""
    with opened(folder) as notebook:
        ids = recorded(notebook, SPOKEN), notebook.write("the ward was full").id
    fill(small_disk)
    return ids


def test_a_closed_journal_can_be_read(folder: Path, entry_ids: tuple[str, str]) -> None:
    spoken, typed = entry_ids
    with opened(folder) as notebook:
        assert notebook.entry(typed).text == "the ward was full"
        assert {entry.id for entry in notebook.entries().entries} == set(entry_ids)
        assert [result.entry.id for result in notebook.search("ward").results] == [typed]
        with notebook.recording(spoken) as recording:
            assert recording.read().decode() == SPOKEN
        for change in (lambda: notebook.write("one more"), lambda: notebook.delete(typed)):
            with pytest.raises(DiskFull):
                change()
        with pytest.raises(UnknownEntry):
            notebook.delete("0" * 26)


def test_once_there_is_room_the_same_journal_takes_entries_again(
    folder: Path, entry_ids: tuple[str, str], small_disk: Path
) -> None:
    with opened(folder) as notebook:
        make_room(small_disk)
        notebook.write("one more")
        assert notebook.entries().total == 3


@pytest.mark.parametrize("open_before", [True, False], ids=["a journal in use", "a closed journal"])
def test_deleting_an_entry_with_a_recording_makes_room(folder: Path, small_disk: Path, open_before: bool) -> None:
    with opened(folder) as notebook:
        spoken = recorded(notebook, SPOKEN)
        typed = notebook.write("the ward was full").id
        if open_before:
            fill(small_disk)
            assert_deletion_makes_room(notebook, spoken, typed)
            return
    fill(small_disk)
    with opened(folder) as notebook:
        assert_deletion_makes_room(notebook, spoken, typed)


def assert_deletion_makes_room(notebook: Notebook, spoken: str, typed: str) -> None:
    notebook.delete(spoken)
    assert {entry.id for entry in notebook.entries().entries} == {typed}
    with pytest.raises(UnknownEntry):
        notebook.entry(spoken)
    notebook.write("one more")


def test_a_deletion_that_made_room_and_was_cut_off_is_finished_at_the_next_start(
    folder: Path, entry_ids: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken, typed = entry_ids
    tries: list[Callable[..., None]] = []
    real = recovery._drop_by_id

    def killed_the_second_time(*arguments: object) -> None:
        tries.append(real)
        if len(tries) == 2:
            raise KeyboardInterrupt
        real(*arguments)  # type: ignore[arg-type]

    with opened(folder) as notebook, monkeypatch.context() as patch:
        patch.setattr(recovery, "_drop_by_id", killed_the_second_time)
        with pytest.raises(KeyboardInterrupt):
            notebook.delete(spoken)
        assert notebook.entry(spoken).id == spoken
        with pytest.raises(NoRecording):
            notebook.recording(spoken)
    with opened(folder) as notebook:
        assert notebook.recover() == ()
        assert {entry.id for entry in notebook.entries().entries} == {typed}
    assert os.listdir(folder / "recordings") == []  # noqa: PTH208


def test_a_log_that_a_crash_left_behind_is_not_passed_over(folder: Path, entry_ids: tuple[str, str]) -> None:
    (folder / "journal.db-wal").write_bytes(b"")
    os.truncate(folder / "journal.db-wal", 1)  # a hole in a file takes no room
    with pytest.raises(DiskFull), opened(folder):
        pass
