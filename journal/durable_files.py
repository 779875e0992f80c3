"""Files that survive a power cut: whole or not there, on disk before the call returns, readable by their owner only."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from core.errors import DiskFull, JournalUnreadable

OWNER_ONLY = 0o600

# A quota and a limit on file size leave the person where a full disk does.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def disk_full_is_said() -> Iterator[None]:
    """Turns "no space left" into DiskFull; other faults pass.

    Raises:
        DiskFull: a write inside the block found no room.
    """
    try:
        yield
    except OSError as fault:
        if fault.errno in _FULL:
            raise DiskFull from None
        raise


@contextlib.contextmanager
def disk_faults_are_said() -> Iterator[None]:
    """Turns every fault of the disk or its permissions into one of the journal.

    Raises:
        DiskFull: a write inside the block found no room.
        JournalUnreadable: something else was in the way.
    """
    try:
        with disk_full_is_said():
            yield
    except OSError:
        raise JournalUnreadable from None


def write_atomically(path: Path, content: bytes) -> None:
    """Puts ``content`` in place of ``path`` in one step, with mode 0600.

    Raises:
        DiskFull: there was no room; what was there before is untouched.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with disk_full_is_said():
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes names just given or taken away in ``folder`` survive a power cut."""
    if os.name == "nt":
        return  # Windows cannot open a folder for this, and writes its names through.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
