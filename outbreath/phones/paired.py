"""Which phones may come in. Kept are their names and hashes of their tokens; a token itself is on its phone only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from core.errors import UnknownPhone
from core.paths import private_folder
from journal.durable_files import disk_faults_are_said, write_atomically

TOKEN_BYTES: Final = 32
LONGEST_NAME_CHARACTERS: Final = 40


class Phone(BaseModel):
    """A paired phone. Its JSON form is public."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    paired_at: datetime


class _Kept(Phone):
    token_hash: str
    """SHA-256: a token is as random as a key, so that nothing slower is needed."""


_KEPT = TypeAdapter(list[_Kept])


class PairedPhones:
    """The paired phones of this installation. Safe to call from several threads; another process may forget one.

    Args:
        file: need not exist.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changing = threading.Lock()
        self._read: tuple[tuple[int, int], list[_Kept]] | None = None

    def all(self) -> tuple[Phone, ...]:
        """In the order in which they were paired."""
        return tuple(Phone(id=each.id, name=each.name, paired_at=each.paired_at) for each in self._kept())

    def add(self, name: str, now: datetime) -> str:
        """Pairs a phone and gives its token, which is not to be had again.

        Raises:
            DiskFull, JournalUnreadable: it cannot be kept.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        shown = "".join(filter(str.isprintable, " ".join(name.split())))[:LONGEST_NAME_CHARACTERS]
        added = _Kept(id=secrets.token_hex(4), name=shown or "Phone", paired_at=now, token_hash=_hash(token))
        with self._changing:
            self._keep([*self._kept(), added])
        return token

    def forget(self, name_or_id: str) -> None:
        """From now on this phone is not let in.

        Raises:
            UnknownPhone: there is none of that name or id.
        """
        with self._changing:
            phones = self._kept()
            stay = [each for each in phones if name_or_id not in (each.id, each.name)]
            if len(stay) == len(phones):
                raise UnknownPhone
            self._keep(stay)

    def admits(self, token: str) -> bool:
        """Whether this is the token of a paired phone."""
        given = _hash(token)
        return any(hmac.compare_digest(given, each.token_hash) for each in self._kept())

    def _kept(self) -> list[_Kept]:
        try:
            status = self._file.stat()
            state = (status.st_mtime_ns, status.st_ino)
            if self._read is None or self._read[0] != state:
                self._read = state, _KEPT.validate_json(self._file.read_bytes())
            return self._read[1]
        except (OSError, ValidationError):
            return []  # fails closed: they have to be paired again

    def _keep(self, phones: list[_Kept]) -> None:
        with disk_faults_are_said():
            private_folder(self._file.parent)
            write_atomically(self._file, _KEPT.dump_json(phones))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
