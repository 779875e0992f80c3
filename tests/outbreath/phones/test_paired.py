from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import UnknownPhone
from outbreath.phones.paired import LONGEST_NAME_CHARACTERS, PairedPhones

NOW = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "phones" / "paired.json"


def test_a_paired_phone_is_let_in_and_after_a_restart_as_well(file: Path) -> None:
    token = PairedPhones(file).add("Kitchen", NOW)
    phones = PairedPhones(file)
    assert phones.admits(token)
    (phone,) = phones.all()
    assert (phone.name, phone.paired_at) == ("Kitchen", NOW)


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "\x00", "ü"])
def test_nobody_else_is(file: Path, token: str) -> None:
    phones = PairedPhones(file)
    assert not phones.admits(token)
    phones.add("Kitchen", NOW)
    assert not phones.admits(token)


def test_the_token_itself_is_not_kept(file: Path) -> None:
    token = PairedPhones(file).add("Kitchen", NOW)
    assert token not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_another_process_forgets_is_let_in_no_more(file: Path) -> None:
    phones = PairedPhones(file)
    kept, lost = phones.add("Kitchen", NOW), phones.add("Bag", NOW)
    assert phones.admits(lost)
    PairedPhones(file).forget("Bag")
    assert not phones.admits(lost)
    assert phones.admits(kept)
    with pytest.raises(UnknownPhone):
        phones.forget("Bag")


def test_it_is_forgotten_by_its_id_as_well(file: Path) -> None:
    phones = PairedPhones(file)
    phones.add("Phone", NOW)
    token = phones.add("Phone", NOW)
    phones.forget(phones.all()[0].id)
    assert phones.admits(token)


@pytest.mark.parametrize(
    ("given", "kept"), [("  my\tphone ", "my phone"), ("", "Phone"), ("\x1b[2J\n", "[2J"), ("x" * 1000, "x" * 40)]
)
def test_a_name_is_short_and_harmless(file: Path, given: str, kept: str) -> None:
    phones = PairedPhones(file)
    phones.add(given, NOW)
    assert phones.all()[0].name == kept
    assert len(kept) <= LONGEST_NAME_CHARACTERS


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff\xfe", b'[{"id": "1"}]'])
def test_a_damaged_list_lets_nobody_in_and_can_be_begun_anew(file: Path, content: bytes) -> None:
    phones = PairedPhones(file)
    token = phones.add("Kitchen", NOW)
    file.write_bytes(content)
    assert not phones.admits(token)
    assert phones.admits(phones.add("Kitchen", NOW))
