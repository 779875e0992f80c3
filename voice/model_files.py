"""Model files on disk: hashed once, joined from parts, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from core.errors import DiskFull, UnwritableModels

Progress = Callable[[float], None]
"""Told the finished fraction, 0 to 1."""

_BLOCK_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def join_files(parts: Sequence[Path], target: Path, sha256: str, progress: Progress | None = None) -> bool:
    """Writes ``parts`` one after the other to ``target``, which appears whole or not at all.

    Returns False, and leaves nothing behind, if the bytes are not the ones expected.

    Raises:
        DiskFull: there is no room for the joined file. UnwritableModels: its folder can't be written to.
    """
    total_bytes = sum(part.stat().st_size for part in parts)
    done_bytes = 0
    digest = hashlib.sha256()
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for block in _blocks(parts):
                    file.write(block)
                    digest.update(block)
                    done_bytes += len(block)
                    if progress:
                        progress(done_bytes / total_bytes)
                file.flush()
                # Without this a power cut could leave a file of the right length and the wrong bytes.
                os.fsync(file.fileno())
            if digest.hexdigest() != sha256:
                return False
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as fault:
        raise (DiskFull if disk_is_full(fault) else UnwritableModels)() from None
    return True


def disk_is_full(fault: OSError) -> bool:
    """Whether it was for want of room, and not of a right."""
    return fault.errno in (errno.ENOSPC, errno.EDQUOT)


def _blocks(parts: Sequence[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                yield block


class Checks:
    """Remembers which files were hashed, so that each is hashed once and again only when it changed.

    A file counts as unchanged while its path, size and time of change are the same.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def whole(self, name: str, files: Mapping[Path, str]) -> bool:
        """True if every file is there with its sha256."""
        try:
            return all(self.sha256(f"{name}-{path.name}", path) == expected for path, expected in files.items())
        except OSError:
            return False

    def sha256(self, name: str, path: Path) -> str:
        """The sha256 of ``path``, from memory where the file is unchanged.

        Raises:
            OSError: the file cannot be read.
        """
        status = path.stat()
        seen = [str(path), status.st_size, status.st_mtime_ns]
        marker = self._folder / f"{name}.checked.json"
        with suppress(OSError, ValueError, KeyError, TypeError):
            known = json.loads(marker.read_text(encoding="utf-8"))
            if known["file"] == seen:
                return str(known["sha256"])
        digest = sha256_of(path)
        # A folder that is full or read-only costs a second at the next start, no more.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = marker.with_suffix(f".{os.getpid()}.part")
            try:
                draft.write_text(json.dumps({"file": seen, "sha256": digest}), encoding="utf-8")
                draft.replace(marker)
            finally:
                # On a full disk each start would leave one more of them.
                draft.unlink(missing_ok=True)
        return digest
