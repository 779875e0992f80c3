from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.errors import (
    BadSettings,
    BadValue,
    EmptyText,
    JournalLocked,
    JournalUnreadable,
    KeyMissing,
    NoEncryption,
    WrongKey,
)
from journal import key_vault
from journal.cipher import DataKey
from journal.key_vault import SystemVault, system_vault
from journal.keys import DATABASE_FILE, KEY_FILE, RECORDINGS_FOLDER, Keys
from journal.passphrase import Stretching, stretched


class MemoryVault:
    """A keyring that may be out of order."""

    def __init__(self, works: bool = True) -> None:
        self.works = works
        self.secrets: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.secrets.get(name) if self.works else None

    def put(self, name: str, secret: str) -> bool:
        if self.works:
            self.secrets[name] = secret
        return self.works

    def delete(self, name: str) -> None:
        self.secrets.pop(name, None)


@pytest.fixture(autouse=True)
def _cheap_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Stretching, "fresh", lambda: Stretching(salt="c2FsdHNhbHRzYWx0c2FsdA==", passes=1, memory_kib=8, lanes=1)
    )


@pytest.fixture
def keys(folder: Path) -> Keys:
    return Keys(folder, "file")


def holds(folder: Path, key: DataKey) -> bool:
    """Whether any file has the key in it, in any of the forms it is written in."""
    import base64

    forms = (key.secret, base64.b64encode(key.secret)[:-2], key.secret.hex().encode())
    return any(form in path.read_bytes() for path in folder.rglob("*") if path.is_file() for form in forms)


def test_the_first_opening_makes_a_key_and_the_next_finds_it(keys: Keys, folder: Path) -> None:
    assert keys.protection is None
    key = keys.open()
    assert keys.protection == "file"
    assert Keys(folder, "file").open() == key
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_key_file_that_others_can_read_is_closed_to_them(keys: Keys, folder: Path) -> None:
    keys.open()
    (folder / KEY_FILE).chmod(0o644)
    keys.open()
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", [DATABASE_FILE, f"{RECORDINGS_FOLDER}/x.rec"])
def test_a_journal_without_its_key_gets_no_new_one(keys: Keys, folder: Path, left: str) -> None:
    (folder / left).parent.mkdir(parents=True)
    (folder / left).touch()
    with pytest.raises(KeyMissing):
        keys.open()
    assert not (folder / KEY_FILE).exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"protection":"file","journal":"j","check":""}'])
def test_a_broken_key_file_is_a_missing_key_and_is_left_alone(keys: Keys, folder: Path, content: bytes) -> None:
    keys.open()
    (folder / KEY_FILE).write_bytes(content)
    with pytest.raises(KeyMissing):
        keys.open()
    assert (folder / KEY_FILE).read_bytes() == content


def test_with_a_keyring_no_file_holds_the_key(folder: Path) -> None:
    vault = MemoryVault()
    key = Keys(folder, vault=vault).open()
    assert Keys(folder, vault=vault).protection == "keyring"
    assert not holds(folder, key)
    assert Keys(folder, vault=vault).open() == key
    assert Keys(folder, "file", vault=vault).open() == key


def test_a_keyring_that_is_gone_or_locked_is_a_missing_key(folder: Path) -> None:
    vault = MemoryVault()
    Keys(folder, vault=vault).open()
    vault.works = False
    with pytest.raises(KeyMissing):
        Keys(folder, vault=vault).open()


def test_a_keyring_that_does_not_work_gives_way_to_a_file_unless_it_was_asked_for(folder: Path) -> None:
    broken = MemoryVault(works=False)
    with pytest.raises(BadSettings):
        Keys(folder, "keyring", broken).open()
    assert not (folder / KEY_FILE).exists()
    Keys(folder, "auto", broken).open()
    assert Keys(folder).protection == "file"


@pytest.mark.parametrize("works", [True, False])
def test_a_passphrase_leaves_the_key_nowhere_else(folder: Path, works: bool) -> None:
    vault = MemoryVault(works)
    keys = Keys(folder, vault=vault)
    key = keys.open()
    keys.set_passphrase(key, "correct horse")
    assert keys.protection == "passphrase"
    assert vault.secrets == {}
    assert not holds(folder, key)
    assert keys.open("correct horse") == key
    with pytest.raises(JournalLocked):
        keys.open()
    for wrong in ("", "Correct horse", "correct horse "):
        with pytest.raises(WrongKey):
            keys.open(wrong)
    keys.remove_passphrase(key)
    assert keys.open() == key
    assert keys.protection == ("keyring" if works else "file")


def test_a_passphrase_may_be_there_from_the_start(keys: Keys, folder: Path) -> None:
    key = keys.open("påss")
    assert keys.protection == "passphrase"
    assert not holds(folder, key)
    assert keys.open("pa\u030ass") == key  # the same letters from another keyboard


def test_an_empty_passphrase_or_a_foreign_key_changes_nothing(keys: Keys) -> None:
    key = keys.open()
    with pytest.raises(EmptyText):
        keys.set_passphrase(key, "")
    with pytest.raises(WrongKey):
        keys.set_passphrase(DataKey.random(), "mine now")
    assert keys.open() == key


def test_without_a_key_there_is_nothing_to_protect(keys: Keys, folder: Path) -> None:
    folder.mkdir()
    with pytest.raises(KeyMissing):
        keys.set_passphrase(DataKey.random(), "words")


def test_the_recovery_key_opens_what_a_forgotten_passphrase_keeps(keys: Keys) -> None:
    key = keys.open("forgotten")
    paper = keys.recovery_key(key)
    assert keys.open_with_recovery_key(paper) == key
    with pytest.raises(WrongKey):
        keys.open_with_recovery_key(keys.recovery_key(DataKey.random()))
    with pytest.raises(BadValue):
        keys.open_with_recovery_key(paper[:-1])


def test_the_recovery_key_brings_back_a_lost_key_file(keys: Keys, folder: Path) -> None:
    key = keys.open()
    paper = keys.recovery_key(key)
    (folder / KEY_FILE).unlink()
    (folder / DATABASE_FILE).touch()
    keys.keep(keys.open_with_recovery_key(paper))
    assert keys.open() == key


def test_a_write_that_fails_leaves_the_key_that_was_there(
    keys: Keys, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keys.open()

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(JournalUnreadable):
        keys.set_passphrase(key, "words")
    assert keys.open() == key
    assert sorted(path.name for path in folder.iterdir()) == [".key.lock", KEY_FILE]


def test_a_file_where_the_folder_should_be_is_said_calmly(keys: Keys, folder: Path) -> None:
    folder.write_text("a shopping list")
    with pytest.raises(JournalUnreadable):
        keys.open()
    assert folder.read_text() == "a shopping list"


def test_argon2id_gives_what_its_parameters_say() -> None:
    given = Stretching(salt="c2FsdHNhbHRzYWx0c2FsdA==", passes=1, memory_kib=64, lanes=1)
    assert stretched("words", given) == stretched("words", given)
    others = (
        given.model_copy(update=change) for change in ({"passes": 2}, {"memory_kib": 65}, {"salt": "MTIzNDU2Nzg="})
    )
    assert (
        len({stretched("words", other) for other in others} | {stretched("words", given), stretched("word", given)})
        == 5
    )


def test_the_shipped_parameters_are_those_of_the_rfc() -> None:
    assert Stretching(salt="").model_dump(exclude={"salt"}) == {"passes": 3, "memory_kib": 65_536, "lanes": 4}


def test_without_argon2_there_is_no_weaker_passphrase(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "argon2.low_level", None)
    with pytest.raises(NoEncryption):
        keys.open("words")


class Untrusted:
    """A backend as `keyring` may find one: plain text, null, somebody's own."""


def test_only_keyrings_of_operating_systems_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends import fail, null

    for backend in (fail.Keyring(), null.Keyring(), Untrusted()):
        monkeypatch.setattr(keyring, "get_keyring", lambda backend=backend: backend)
        assert system_vault() is None


def test_in_a_chain_of_keyrings_the_trusted_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring

    trusted = type("Keyring", (), {"__module__": key_vault.TRUSTED[0]})()
    chain = type("Chain", (), {"backends": [Untrusted(), trusted]})()
    monkeypatch.setattr(keyring, "get_keyring", lambda: chain)
    assert isinstance(system_vault(), SystemVault)


class LockedBackend:
    """A keyring whose owner does not open it."""

    def _refuse(self, *_: str) -> str:
        from keyring.errors import KeyringLocked

        raise KeyringLocked

    get_password = set_password = delete_password = _refuse


def test_a_locked_keyring_is_one_that_keeps_nothing() -> None:
    vault = SystemVault(LockedBackend())
    assert vault.get("name") is None
    assert vault.put("name", "secret") is False
    vault.delete("name")
