"""The sound of a session as bytes: WAV while it is rendered, other formats as files that are made once."""

from __future__ import annotations

import hashlib
import os
import threading
import zlib
from collections.abc import Generator, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from starlette.requests import ClientDisconnect

from api.ranges import Content
from audio import files
from audio.clip import AudioClip
from core.paths import private_folder
from sessions.guide import Performance
from sessions.rendering import SAMPLE_RATE_HZ

Format = Literal["wav", "mp3", "ogg", "opus", "m4a", "flac"]

BYTES_PER_FRAME = 2
CHUNK_BYTES = 256 * 1024
KEPT_BYTES = 1_000_000_000

# None of the person's words are in a session, so the browser may keep it, asking whether it is still the same.
CACHE_CONTROL = "private, no-cache"


def etag(performance: Performance) -> str:
    """The same for the same sound: plan, voice, bed, and the version that renders them."""
    files = sorted({cue.file for cue in performance.timeline.cues if cue.file})
    recorded = [str(zlib.crc32(performance.recording(file).samples.tobytes())) for file in files]
    parts = (performance.timeline.model_dump_json(), performance.narrator.fingerprint, performance.bed, *recorded)
    described = "\n".join((*parts, version("outbreath")))
    return f'"{hashlib.sha256(described.encode()).hexdigest()[:32]}"'


def wav(performance: Performance, tag: str) -> Content:
    """The session as 16 bit mono WAV, rendered from wherever it is asked for."""
    header = files.wav_header(performance.frames, SAMPLE_RATE_HZ, 1)

    def read_from(start: int) -> Generator[bytes, None, None]:
        yield header[start:]
        frame, odd_bytes = divmod(max(0, start - len(header)), BYTES_PER_FRAME)
        for block in performance.blocks(frame):
            yield block.to_int16().astype("<i2").tobytes()[odd_bytes:]
            odd_bytes = 0

    size_bytes = len(header) + performance.frames * BYTES_PER_FRAME
    return Content(size_bytes, tag, files.FORMATS["wav"], CACHE_CONTROL, read_from)


class EncodedSessions:
    """Sessions as files in one folder of the cache; the oldest make way for new ones."""

    limit_bytes = KEPT_BYTES

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._encoding = threading.Lock()

    def content(self, performance: Performance, tag: str, form: Format, gone: threading.Event) -> Content:
        """The session in another format than WAV, encoded now if it is not there yet.

        Raises:
            ClientDisconnect: ``gone`` was set; nothing half-made is left.
        """
        path = self._folder / f"{tag.strip(chr(34))}.{form}"
        # One at a time: a second request for the same session waits for the first and finds its file.
        with self._encoding:
            size_bytes = _used_bytes(path)
            if not size_bytes:
                private_folder(self._folder)
                files.encode(_until(gone, performance.blocks()), path, form, files.OWNER_ONLY)
                size_bytes = path.stat().st_size
                self._make_way(path)

        def read_from(start: int) -> Generator[bytes, None, None]:
            with path.open("rb") as file:
                file.seek(start)
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk

        return Content(size_bytes, f'{tag[:-1]}-{form}"', files.FORMATS[form], CACHE_CONTROL, read_from)

    @property
    def total_bytes(self) -> int:
        """What all of them take."""
        return sum(size for _, size, _ in self._kept())

    def clear(self) -> None:
        """Throws all of them away, but for what is being made."""
        for _, _, path in self._kept():
            path.unlink(missing_ok=True)

    def _make_way(self, newest: Path) -> None:
        kept_bytes = 0
        for _, size_bytes, path in sorted(self._kept(), reverse=True):
            kept_bytes += size_bytes
            if kept_bytes > KEPT_BYTES and path != newest:
                path.unlink(missing_ok=True)

    def _kept(self) -> Iterator[tuple[int, int, Path]]:
        """(time of last use in ns, bytes, path) of each; another process may clear them away meanwhile."""
        for path in self._folder.glob("[!.]*"):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime_ns, status.st_size, path


def _used_bytes(path: Path) -> int:
    """The file's size, marking it as used now; 0 if it is not there."""
    try:
        os.utime(path)
        return path.stat().st_size
    except OSError:
        return 0


def _until(gone: threading.Event, blocks: Iterator[AudioClip]) -> Iterator[AudioClip]:
    for block in blocks:
        if gone.is_set():
            raise ClientDisconnect
        yield block
