"""The passcode of the page. Kept is what it is compared with: a slow, salted hash (argon2id), never the passcode."""

from __future__ import annotations

import base64
import hmac
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import BadValue
from core.paths import private_folder
from journal.durable_files import disk_faults_are_said, write_atomically
from journal.passphrase import SALT_BYTES, Stretching, stretched

SHORTEST_CHARACTERS: Final = 4
LONGEST_CHARACTERS: Final = 200


class _Kept(BaseModel):
    """The content of the file. ``hash`` is base64."""

    model_config = ConfigDict(frozen=True)

    stretching: Stretching
    hash: str


class Passcode:
    """The passcode of one installation; another process may change it or take it away.

    Args:
        file: need not exist; then there is none.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read: tuple[tuple[int, int], _Kept | None] | None = None

    @property
    def state(self) -> tuple[int, int] | None:
        """Another one with each passcode; None without any."""
        try:
            status = self._file.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError:
            return (0, 0)  # fails closed: there may be one
        return status.st_mtime_ns, status.st_ino

    def is_(self, passcode: str) -> bool:
        """Whether it is the one; takes about a fifth of a second on purpose. With a damaged file none is."""
        kept = self._kept()
        if kept is None or not _usable(passcode):
            return False
        return hmac.compare_digest(stretched(passcode, kept.stretching), _bytes(kept.hash))

    def set(self, passcode: str) -> None:
        """From now on this is the one.

        Raises:
            BadValue: it is too short, too long, or nothing but spaces.
            DiskFull, JournalUnreadable: it cannot be kept.
        """
        if not _usable(passcode):
            raise BadValue("the passcode", f"{SHORTEST_CHARACTERS} to {LONGEST_CHARACTERS} characters")
        stretching = Stretching.fresh()
        kept = _Kept(stretching=stretching, hash=base64.b64encode(stretched(passcode, stretching)).decode())
        with disk_faults_are_said():
            private_folder(self._file.parent)
            write_atomically(self._file, kept.model_dump_json().encode())

    def remove(self) -> None:
        """From now on there is none.

        Raises:
            JournalUnreadable: its file cannot be taken away.
        """
        with disk_faults_are_said():
            self._file.unlink(missing_ok=True)

    def _kept(self) -> _Kept | None:
        state = self.state
        if state is None:
            return None
        if self._read is None or self._read[0] != state:
            try:
                kept = _Kept.model_validate_json(self._file.read_bytes())
            except (OSError, ValidationError):
                return None
            self._read = state, kept if len(_bytes(kept.stretching.salt)) == SALT_BYTES else None
        return self._read[1]


def _usable(passcode: str) -> bool:
    return bool(passcode.strip()) and SHORTEST_CHARACTERS <= len(passcode) <= LONGEST_CHARACTERS


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
