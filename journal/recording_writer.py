"""Appends to a recording; every block is encrypted and on disk before the call returns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from filelock import FileLock

from journal.cipher import DataKey
from journal.durable_files import OWNER_ONLY, disk_faults_are_said, sync_folder
from journal.recording_format import (
    KIND_DATA,
    KIND_END,
    KIND_START,
    LONGEST_BLOCK_BYTES,
    MAGIC,
    SALT_BYTES,
    FrameCodec,
)


class RecordingWriter:
    """The only writer of one recording. As a context manager it closes at the end; ``finish`` is a deliberate act.

    Each ``append`` waits for the disk: gather about half a second of sound, or a few hundred kilobytes of a file.
    """

    def __init__(self, path: Path, entry_id: str, lock: FileLock, key: DataKey, media_type: str) -> None:
        """Creates the file. ``lock`` is already held and is let go when the writer is closed."""
        self.entry_id = entry_id
        self.bytes_written = 0
        self._lock = lock
        salt = os.urandom(SALT_BYTES)
        self._codec = FrameCodec(key, salt, entry_id)
        self._frames = 0
        self._size_bytes = 0
        self._descriptor: int | None = None
        try:
            with disk_faults_are_said():
                self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, OWNER_ONLY)
            self._write([MAGIC + salt + self._codec.frame(KIND_START, 0, media_type.encode())])
            sync_folder(path.parent)
        except BaseException:
            made = self._descriptor is not None
            self.close()
            if made:
                path.unlink(missing_ok=True)
            raise

    def append(self, data: bytes) -> None:
        """Adds ``data``, all of it or nothing.

        Raises:
            DiskFull: there is no room for it; what was appended before stays, and appending may be tried again.
            JournalUnreadable: the disk failed; what was appended before stays.
            ValueError: the writer is closed.
        """
        if data:
            self._write(
                self._codec.frame(KIND_DATA, self._frames + offset, block) for offset, block in enumerate(_blocks(data))
            )
            self.bytes_written += len(data)

    def finish(self) -> None:
        """Marks the recording as complete and closes it.

        Raises:
            DiskFull: there is no room for the mark; finishing may be tried again.
            ValueError: the writer is closed.
        """
        self._write([self._codec.frame(KIND_END, self._frames, b"")])
        self.close()

    def close(self) -> None:
        """Lets go of the recording. Without ``finish`` it counts as cut off; what is in it stays."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        if self._lock.is_locked:
            Path(self._lock.lock_file).unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> RecordingWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, frames: Iterable[bytes]) -> None:
        if self._descriptor is None:
            raise ValueError("the recording is closed")
        written_frames, size_bytes = 0, self._size_bytes
        try:
            with disk_faults_are_said():
                for frame in frames:
                    _write_all(self._descriptor, frame)
                    written_frames += 1
                    size_bytes += len(frame)
                os.fsync(self._descriptor)
        except BaseException:
            # Back to the last whole append, so that nothing half-written lies between two blocks.
            os.ftruncate(self._descriptor, self._size_bytes)
            os.lseek(self._descriptor, self._size_bytes, os.SEEK_SET)
            raise
        self._frames += written_frames
        self._size_bytes = size_bytes


BINARY: int = getattr(os, "O_BINARY", 0)
"""Windows would otherwise translate line ends."""


def _blocks(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), LONGEST_BLOCK_BYTES):
        yield data[start : start + LONGEST_BLOCK_BYTES]


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
