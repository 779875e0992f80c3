"""Reads a recording as a file: random access, one block in memory."""

from __future__ import annotations

import io
import os
from array import array
from bisect import bisect_right
from typing import BinaryIO

from core.errors import DamagedRecording
from journal.cipher import SEAL_BYTES, DataKey
from journal.recording_format import (
    FRAMES_START,
    HEAD_BYTES,
    KIND_DATA,
    KIND_END,
    KIND_START,
    MAGIC,
    FrameCodec,
)

UNKNOWN_MEDIA_TYPE = "application/octet-stream"


class RecordingReader(io.RawIOBase, BinaryIO):
    """A seekable binary file. A snapshot: what is appended after opening is not seen.

    ``media_type``: as given when it was created.
    ``complete``: it was finished, not cut off.
    ``readable_bytes``: length of what was found.
    ``whole_bytes``: where whole frames end on disk if the last one was torn off while being written, else None.

    ``read`` raises DamagedRecording where a block fails authentication; what lies before it can be read.
    """

    def __init__(self, file: io.FileIO, key: DataKey, entry_id: str) -> None:
        """Reads the heads of all frames; takes over ``file``.

        Raises:
            DamagedRecording: the beginning was changed, or it belongs to another entry or key.
        """
        super().__init__()
        self._file = file
        self.media_type = UNKNOWN_MEDIA_TYPE
        self.complete = False
        self.readable_bytes = 0
        self.whole_bytes: int | None = None
        self._damaged = False
        self._position = 0
        self._block_number = -1
        self._block = b""
        # Where each data block starts in the recording, and its frame on disk; frame n + 1 is block n.
        self._starts = array("Q")
        self._places = array("Q")
        try:
            self._size_bytes = os.fstat(file.fileno()).st_size
            self._open(key, entry_id)
        except BaseException:
            file.close()
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.readable_bytes}[whence]
        if base + offset < 0:
            raise ValueError("negative seek position")
        self._position = base + offset
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        """Up to ``size`` bytes, fewer only at the end or in front of damage; all of the rest when negative.

        Raises:
            DamagedRecording: the damage is right here, or all of the rest is asked for and there is damage in it.
        """
        everything = size is None or size < 0
        wanted = max(0, self.readable_bytes - self._position) + 1 if everything or size is None else size
        pieces: list[bytes] = []
        while wanted > 0:
            try:
                piece = self._piece(wanted)
            except DamagedRecording:
                if everything or not pieces:
                    raise
                break
            if not piece:
                break
            pieces.append(piece)
            self._position += len(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than Buffer
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()

    def __enter__(self) -> RecordingReader:
        return self

    def _piece(self, wanted: int) -> bytes:
        """Bytes at the position, from one block."""
        if self.closed:
            raise ValueError("the recording is closed")
        if self._position >= self.readable_bytes:
            if self._damaged:
                raise DamagedRecording
            return b""
        number = bisect_right(self._starts, self._position) - 1
        if number != self._block_number:
            self._block = self._opened(KIND_DATA, number + 1, self._places[number], self._length(number))
            self._block_number = number
        offset = self._position - self._starts[number]
        return self._block[offset : offset + wanted]

    def _length(self, number: int) -> int:
        after = self._starts[number + 1] if number + 1 < len(self._starts) else self.readable_bytes
        return after - self._starts[number]

    def _open(self, key: DataKey, entry_id: str) -> None:
        beginning = self._bytes_at(0, FRAMES_START)
        if not (MAGIC.startswith(beginning) or beginning.startswith(MAGIC)):
            raise DamagedRecording
        if len(beginning) < FRAMES_START:
            return  # cut off before there was anything to lose
        self._codec = FrameCodec(key, beginning[len(MAGIC) :], entry_id)
        place, number = FRAMES_START, 0
        try:
            while (frame := self._frame(place, number)) is not None:
                place = self._noted(*frame, number, place)
                number += 1
        except DamagedRecording:
            if number == 0:
                raise
            self._damaged = True

    def _frame(self, place: int, number: int) -> tuple[int, int] | None:
        """(kind, length) of the frame at ``place``; None at the end and where the file was cut off."""
        if self.complete or place == self._size_bytes:
            return None
        head = self._bytes_at(place, HEAD_BYTES)
        if len(head) == HEAD_BYTES and not self._zeros_from(place):
            kind, length = self._codec.head(head, number)
            if place + HEAD_BYTES + SEAL_BYTES + length <= self._size_bytes:
                return kind, length
        if number > 0:
            self.whole_bytes = place
        return None

    def _noted(self, kind: int, length: int, number: int, place: int) -> int:
        """Takes note of a frame; gives the place of the next."""
        if kind == KIND_DATA:
            self._starts.append(self.readable_bytes)
            self._places.append(place)
            self.readable_bytes += length
        elif kind == KIND_START:
            self.media_type = self._opened(kind, number, place, length).decode()
        elif kind == KIND_END:
            self._opened(kind, number, place, length)
            self.complete = True
        return place + HEAD_BYTES + SEAL_BYTES + length

    def _opened(self, kind: int, number: int, place: int, length: int) -> bytes:
        sealed = self._bytes_at(place + HEAD_BYTES, length + SEAL_BYTES)
        return self._codec.block(kind, number, sealed)

    def _zeros_from(self, place: int) -> bool:
        """After a power cut some file systems leave a tail of zeros that was never written."""
        if any(self._bytes_at(place, HEAD_BYTES)):
            return False
        while place < self._size_bytes:
            piece = self._bytes_at(place, 65_536)
            if any(piece):
                return False
            place += len(piece)
        return True

    def _bytes_at(self, place: int, count: int) -> bytes:
        self._file.seek(place)
        pieces: list[bytes] = []
        while count > 0 and (piece := self._file.read(count)):
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)
