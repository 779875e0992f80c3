"""Where the journal's data key is: in the system keyring, in a key file, or wrapped by a passphrase.

``key.json`` in the journal's folder says which; it holds the key itself only under the protection "file".
Nothing here keeps a key in memory: to lock a journal, close its store and let the key go.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import BadSettings, EmptyText, JournalLocked, KeyMissing, WrongKey
from core.paths import private_folder
from journal import recovery_key
from journal.cipher import Cipher, DataKey, NotAuthentic
from journal.durable_files import OWNER_ONLY, disk_faults_are_said, write_atomically
from journal.key_vault import Vault, system_vault
from journal.passphrase import Stretching, stretched

KEY_FILE = "key.json"
DATABASE_FILE = "journal.db"
RECORDINGS_FOLDER = "recordings"

Protection = Literal["keyring", "file", "passphrase"]


class _KeyFile(BaseModel):
    """The content of ``key.json``. Bytes are base64."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    protection: Protection
    journal: str
    """Random name of this journal; its key's name in the keyring."""
    check: str
    """Derived from the data key, so that a wrong key is known before the database is touched."""
    key: str | None = None
    stretching: Stretching | None = None
    wrapped: str | None = None


class Keys:
    """The key of the journal in one folder.

    ``store``: where a key without a passphrase is kept; "auto" takes the keyring where there is a real one.
    ``vault``: a keyring to use instead of the system's.
    """

    def __init__(
        self, folder: Path, store: Literal["auto", "keyring", "file"] = "auto", vault: Vault | None = None
    ) -> None:
        self._folder = folder
        self._store = store
        self._given_vault = vault

    @property
    def protection(self) -> Protection | None:
        """How the key is kept; None when there is no ``key.json``."""
        found = self._read()
        return found.protection if found else None

    @property
    def journal_exists(self) -> bool:
        """Something was stored that only its own key opens."""
        return (self._folder / DATABASE_FILE).exists() or any((self._folder / RECORDINGS_FOLDER).glob("*.rec"))

    def open(self, passphrase: str | None = None) -> DataKey:
        """The key of the journal; on the very first call a new one.

        Raises:
            KeyMissing: there is a journal but not its key. No new key is made.
            JournalLocked: a passphrase is needed.
            WrongKey: the passphrase is not the one.
            BadSettings: the keyring is asked for and there is none.
            DiskFull, JournalUnreadable: the folder cannot be written to.
        """
        with disk_faults_are_said(), self._alone():
            found = self._read()
            if found is None:
                if self.journal_exists:
                    raise KeyMissing
                key = DataKey.random()
                self.keep(key, passphrase)
                return key
        return self._verified(self._unprotected(found, passphrase), found)

    def open_with_recovery_key(self, text: str) -> DataKey:
        """The key that a recovery key stands for. Open the store with it, then ``keep`` it to be asked no more.

        Raises:
            BadValue: the recovery key was mistyped.
            WrongKey: it belongs to another journal.
        """
        key = recovery_key.read(text)
        found = self._read()
        return self._verified(key, found) if found else key

    def recovery_key(self, key: DataKey) -> str:
        """The key as text to be written down on paper."""
        return recovery_key.shown(key)

    def set_passphrase(self, key: DataKey, passphrase: str) -> None:
        """From now on the key is kept only in wrapped form: neither keyring nor file opens the journal.

        Raises:
            EmptyText: the passphrase is empty.
            WrongKey: this is not the key of this journal.
        """
        self._replace(key, passphrase)

    def remove_passphrase(self, key: DataKey) -> None:
        """Puts the key back into the keyring or the key file.

        Raises:
            WrongKey: this is not the key of this journal.
            BadSettings: the keyring is asked for and there is none.
        """
        self._replace(key, None)

    def keep(self, key: DataKey, passphrase: str | None = None) -> None:
        """Writes ``key.json`` for a key that is new or that has just opened the store."""
        private_folder(self._folder)
        before = self._read()
        name = before.journal if before else secrets.token_hex(16)
        vault = self._vault() if passphrase is None else None
        content = _KeyFile(protection="file", journal=name, check=_check(key))
        if passphrase is not None:
            content = content.model_copy(update=_wrapped(key, passphrase, name))
        elif vault is not None and vault.put(name, _text(key.secret)):
            content = content.model_copy(update={"protection": "keyring"})
        elif self._store == "keyring":
            raise BadSettings("key_store", "file, because no system keyring can be used here")
        else:
            content = content.model_copy(update={"key": _text(key.secret)})
        self._write(content)
        if before is not None and before.protection == "keyring" != content.protection:
            self._forget_in_keyring(name)

    def _replace(self, key: DataKey, passphrase: str | None) -> None:
        with disk_faults_are_said(), self._alone():
            found = self._read()
            if found is None:
                raise KeyMissing
            self.keep(self._verified(key, found), passphrase)

    def _alone(self) -> FileLock:
        """To be held while the key is made or put elsewhere, as two processes may start at once."""
        return FileLock(private_folder(self._folder) / ".key.lock", mode=OWNER_ONLY)

    def _unprotected(self, found: _KeyFile, passphrase: str | None) -> DataKey:
        if found.protection == "passphrase":
            return _unwrapped(found, passphrase)
        if found.protection == "file":
            return _key(found.key)
        vault = self._given_vault or system_vault()
        return _key(vault.get(found.journal) if vault else None)

    def _verified(self, key: DataKey, found: _KeyFile) -> DataKey:
        if not hmac.compare_digest(_check(key), found.check):
            raise WrongKey
        return key

    def _vault(self) -> Vault | None:
        return None if self._store == "file" else self._given_vault or system_vault()

    def _forget_in_keyring(self, name: str) -> None:
        vault = self._given_vault or system_vault()
        if vault is not None:
            vault.delete(name)

    def _read(self) -> _KeyFile | None:
        path = self._folder / KEY_FILE
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        if path.stat().st_mode & 0o077:
            path.chmod(OWNER_ONLY)
        try:
            return _KeyFile.model_validate_json(content)
        except ValidationError:
            raise KeyMissing from None

    def _write(self, content: _KeyFile) -> None:
        write_atomically(self._folder / KEY_FILE, content.model_dump_json(exclude_none=True).encode())


def _wrapped(key: DataKey, passphrase: str, name: str) -> dict[str, object]:
    if not passphrase:
        raise EmptyText
    stretching = Stretching.fresh()
    sealed = Cipher(stretched(passphrase, stretching)).seal(key.secret, name.encode())
    return {"protection": "passphrase", "stretching": stretching, "wrapped": _text(sealed)}


def _unwrapped(found: _KeyFile, passphrase: str | None) -> DataKey:
    if passphrase is None:
        raise JournalLocked
    if found.stretching is None or found.wrapped is None:
        raise KeyMissing
    try:
        cipher = Cipher(stretched(passphrase, found.stretching))
        return DataKey(cipher.open(base64.b64decode(found.wrapped), found.journal.encode()))
    except (NotAuthentic, binascii.Error):
        raise WrongKey from None


def _check(key: DataKey) -> str:
    return _text(key.derived("key check")[:16])


def _key(text: str | None) -> DataKey:
    try:
        return DataKey(base64.b64decode(text or "", validate=True))
    except ValueError:
        raise KeyMissing from None


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
