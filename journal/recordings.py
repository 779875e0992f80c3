"""Recordings: what was spoken, encrypted, safe on disk from the first second."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import NoRecording, NotReady
from core.paths import private_folder
from journal.cipher import DataKey
from journal.durable_files import OWNER_ONLY, disk_faults_are_said, sync_folder
from journal.ids import checked
from journal.recording_reader import RecordingReader
from journal.recording_writer import RecordingWriter

__all__ = ["RecordingReader", "RecordingWriter", "Recordings", "Recovered"]

SUFFIX = ".rec"
LOCK_SUFFIX = ".lock"
CONDEMNED_SUFFIX = ".deleted"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What is left of a recording whose writer died."""

    readable_bytes: int
    complete: bool
    """It had been finished, so nothing was cut off."""


class Recordings:
    """All recordings of one journal, one file per entry in ``folder``."""

    def __init__(self, folder: Path, key: DataKey) -> None:
        self._folder = folder
        self._key = key

    def create(self, entry_id: str, media_type: str) -> RecordingWriter:
        """A new, empty recording; whoever gets the writer is the only one who can append.

        Raises:
            NotReady: this entry has a recording, or somebody is making it.
            UnknownEntry: ``entry_id`` does not have the shape of an id.
            DiskFull: there is no room for it; nothing is left behind.
            JournalUnreadable: the folder cannot be written to.
        """
        path = self._path(entry_id)
        with disk_faults_are_said():
            private_folder(self._folder)
            lock = self._claim(entry_id)
        if path.exists():
            self._give_back(lock)
            raise NotReady
        return RecordingWriter(path, entry_id, lock, self._key, media_type)

    def open(self, entry_id: str) -> RecordingReader:
        """The recording as a file; of one still being made, what is on disk by now.

        Raises:
            NoRecording: there is none.
            DamagedRecording: not even its beginning can be read.
            UnknownEntry: ``entry_id`` does not have the shape of an id.
        """
        if not self.exists(entry_id):
            raise NoRecording
        with disk_faults_are_said():
            file = self._path(entry_id).open("rb", buffering=0)
        return RecordingReader(file, self._key, entry_id)

    def exists(self, entry_id: str) -> bool:
        return self._path(entry_id).exists()

    def being_written(self, entry_id: str) -> bool:
        """True while a living process holds the writer; a process that died holds nothing."""
        lock_path = self._lock_path(entry_id)
        if not lock_path.exists():
            return False
        try:
            self._give_back(self._claim(entry_id))
        except NotReady:
            return True
        return False

    def recover(self, entry_id: str) -> Recovered:
        """Cuts away what a dead writer left half-written.

        Blocks that are whole are never touched, damaged or not.

        Raises:
            NotReady: its writer is alive.
            NoRecording, DamagedRecording, UnknownEntry: as for ``open``.
        """
        if not self.exists(entry_id):
            raise NoRecording
        lock = self._claim(entry_id)
        try:
            with self.open(entry_id) as reader:
                recovered = Recovered(reader.readable_bytes, reader.complete)
                whole_bytes = reader.whole_bytes
            if whole_bytes is not None:
                with self._path(entry_id).open("r+b", buffering=0) as file:
                    file.truncate(whole_bytes)
                    os.fsync(file.fileno())
            return recovered
        finally:
            self._give_back(lock)

    def delete(self, entry_id: str) -> None:
        """Removes the recording, or the sign that is left of it, if there is one.

        Raises:
            NotReady: it is still being written.
        """
        if not self.exists(entry_id) and not self._condemned_path(entry_id).exists():
            return
        lock = self._claim(entry_id)
        try:
            self._path(entry_id).unlink(missing_ok=True)
            self._condemned_path(entry_id).unlink(missing_ok=True)
            sync_folder(self._folder)
        finally:
            self._give_back(lock)

    def condemn(self, entry_id: str) -> bool:
        """Empties the recording for good, without needing any room; leaves a sign that its entry is to go.

        False if there is nothing to empty.

        Raises:
            NotReady: it is still being written.
        """
        if not self.exists(entry_id):
            return False
        lock = self._claim(entry_id)
        try:
            with disk_faults_are_said():
                condemned = self._path(entry_id).replace(self._condemned_path(entry_id))
                sync_folder(self._folder)  # first the sign, so that an empty recording never stays unexplained
                os.truncate(condemned, 0)
        finally:
            self._give_back(lock)
        return True

    def condemned(self) -> list[str]:
        """Ids of entries that were to be deleted while the disk was full."""
        return sorted(path.stem for path in self._folder.glob(f"*{CONDEMNED_SUFFIX}"))

    def unsent_key(self, entry_id: str) -> bytes:
        """The key under which a page keeps what of this entry has not reached us yet.

        It needs no entry: one that was cut off before its first block is gone, what its page still holds is not.

        Raises:
            UnknownEntry: ``entry_id`` does not have the shape of an id.
        """
        return self._key.derived(f"unsent sound {checked(entry_id)}")

    def _claim(self, entry_id: str) -> FileLock:
        # Not bound to a thread: a recording may be begun in one and finished in another.
        lock = FileLock(self._lock_path(entry_id), timeout=0, mode=OWNER_ONLY, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            raise NotReady from None
        return lock

    @staticmethod
    def _give_back(lock: FileLock) -> None:
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()

    def _path(self, entry_id: str) -> Path:
        return self._folder / (checked(entry_id) + SUFFIX)

    def _condemned_path(self, entry_id: str) -> Path:
        return self._folder / (checked(entry_id) + CONDEMNED_SUFFIX)

    def _lock_path(self, entry_id: str) -> Path:
        return self._folder / (checked(entry_id) + LOCK_SUFFIX)
