"""Spoken lines of session scripts, kept on disk by content. Never the person's words.

A file is named by the hash of its key, so that no text of a script stands on disk outside the script. It holds a
header and 16 bit samples::

    4 bytes   b"OBL1"
    4 bytes   sample rate in Hz      (little-endian, unsigned)
    8 bytes   frames
    4 bytes   CRC-32 of the samples
    ...       mono samples, 16 bit, little-endian

A file that cannot be read or is not whole is a miss. A disk that is full, or a folder that cannot be written, makes
speaking slower and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from audio.clip import AudioClip

_HEADER: Final = struct.Struct("<4sIQI")
_MAGIC: Final = b"OBL1"
_ENDING: Final = ".line"

_KEEP_FRACTION: Final = 0.9
"""Once over its limit the cache is emptied to this part of it, so that not every new line causes a clearing."""


class SpeechCache:
    """Clips by key, the least recently used thrown away when they outgrow ``limit_bytes``."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.limit_bytes = limit_bytes
        self._folder = folder
        self._lock = threading.Lock()
        self._total_bytes: int | None = None

    def get(self, key: str) -> AudioClip | None:
        """The clip kept under ``key``, or None."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        seconds = _whole_header(content[: _HEADER.size], len(content))
        samples = memoryview(content)[_HEADER.size :]
        if seconds is None or zlib.crc32(samples) != _HEADER.unpack_from(content)[3]:
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)
        sample_rate = _HEADER.unpack_from(content)[1]
        return AudioClip.from_int16(np.frombuffer(samples, dtype="<i2"), sample_rate)

    def seconds(self, key: str) -> float | None:
        """Length of the clip kept under ``key``, or None; reads the header only."""
        try:
            with self._path(key).open("rb") as file:
                return _whole_header(file.read(_HEADER.size), os.fstat(file.fileno()).st_size)
        except OSError:
            return None

    def put(self, key: str, clip: AudioClip) -> None:
        """Keeps a mono clip under ``key``, if the disk allows."""
        samples = clip.to_int16().astype("<i2", copy=False).tobytes()
        content = _HEADER.pack(_MAGIC, clip.sample_rate, clip.frames, zlib.crc32(samples)) + samples
        if len(content) > self.limit_bytes:
            return
        path = self._path(key)
        with self._lock, suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._total_bytes is None:
                self._total_bytes = self.total_bytes
            _write_whole(path, content)
            self._total_bytes += len(content)
            if self._total_bytes > self.limit_bytes:
                self._evict()

    @property
    def total_bytes(self) -> int:
        """What all clips take."""
        return sum(size for _, size, _ in self._kept())

    def clear(self) -> None:
        """Throws all clips away."""
        with self._lock:
            for _, _, path in self._kept():
                with suppress(OSError):
                    path.unlink()
            self._total_bytes = 0

    def _path(self, key: str) -> Path:
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / digest[:2] / (digest[2:] + _ENDING)

    def _kept(self) -> Iterator[tuple[int, int, Path]]:
        """(time of last use in ns, bytes, path) of every clip."""
        for path in self._folder.glob(f"*/*{_ENDING}"):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime_ns, status.st_size, path

    def _evict(self) -> None:
        # Counted anew: another process may have written to the same folder, or thrown away from it.
        kept = sorted(self._kept(), key=lambda clip: clip[0])
        total = sum(size for _, size, _ in kept)
        for _, size, path in kept:
            if total <= self.limit_bytes * _KEEP_FRACTION:
                break
            with suppress(OSError):
                path.unlink()
                total -= size
        self._total_bytes = total


def _whole_header(header: bytes, file_bytes: int) -> float | None:
    """Seconds of sound that a file of ``file_bytes`` bytes holds, or None if its header doesn't fit it."""
    if len(header) < _HEADER.size:
        return None
    magic, sample_rate, frames, _ = _HEADER.unpack(header)
    if magic != _MAGIC or sample_rate == 0 or file_bytes != _HEADER.size + 2 * frames:
        return None
    return float(frames / sample_rate)


def _write_whole(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
