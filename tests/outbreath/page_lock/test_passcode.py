from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.errors import BadValue
from outbreath.page_lock.passcode import LONGEST_CHARACTERS, Passcode

CODE = "kettle 47"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "page" / "passcode.json"


def test_without_a_file_there_is_none(file: Path) -> None:
    assert Passcode(file).state is None
    assert not Passcode(file).is_(CODE)
    Passcode(file).remove()
    assert not file.parent.exists()


def test_kept_is_a_salted_hash_for_its_owner_only(file: Path) -> None:
    Passcode(file).set(CODE)
    first = file.read_text()
    assert CODE not in first
    assert "salt" in first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    Passcode(file).set(CODE)
    assert file.read_text() != first


def test_only_the_passcode_is_the_passcode(file: Path) -> None:
    code = Passcode(file)
    code.set(CODE)
    assert code.is_(CODE)
    assert not any(code.is_(wrong) for wrong in ("", CODE.upper(), CODE + " ", "x" * 10**6, "\ud800" * 5, "\0" * 4))


def test_another_process_changes_it(file: Path) -> None:
    running = Passcode(file)
    running.set(CODE)
    assert running.is_(CODE)
    Passcode(file).set("another one")
    assert not running.is_(CODE)
    assert running.is_("another one")
    Passcode(file).remove()
    assert running.state is None


@pytest.mark.parametrize("code", ["naïve", "n\u0061i\u0308ve", "ключ", "🫖🫖🫖🫖", "    tea"])
def test_any_letters_make_one(file: Path, code: str) -> None:
    Passcode(file).set(code)
    assert Passcode(file).is_(code)


def test_an_accent_is_the_same_however_it_was_typed(file: Path) -> None:
    Passcode(file).set("na\u00efve")
    assert Passcode(file).is_("nai\u0308ve")


@pytest.mark.parametrize("code", ["", "123", " " * 8, "x" * (LONGEST_CHARACTERS + 1)])
def test_what_is_no_passcode_is_refused(file: Path, code: str) -> None:
    with pytest.raises(BadValue) as raised:
        Passcode(file).set(code)
    assert raised.value.next_step == "Use 4 to 200 characters."
    assert not file.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"stretching": {"salt": "!"}, "hash": "!"}'])
def test_a_damaged_file_opens_to_nobody(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    code = Passcode(file)
    assert code.state is not None
    assert not code.is_(CODE)
