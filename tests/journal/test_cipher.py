from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NoEncryption
from journal.cipher import SEAL_BYTES, Cipher, DataKey, NotAuthentic

KEY = bytes(32)


@given(plain=st.binary(max_size=200), bound=st.binary(max_size=50))
def test_what_is_sealed_opens_with_the_same_key_and_context(plain: bytes, bound: bytes) -> None:
    sealed = Cipher(KEY).seal(plain, bound)
    assert len(sealed) == len(plain) + SEAL_BYTES
    assert Cipher(KEY).open(sealed, bound) == plain


@given(plain=st.binary(max_size=50), bit=st.integers(min_value=0))
def test_any_flipped_bit_is_noticed(plain: bytes, bit: int) -> None:
    sealed = bytearray(Cipher(KEY).seal(plain, b"here"))
    bit %= 8 * len(sealed)
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NotAuthentic):
        Cipher(KEY).open(bytes(sealed), b"here")


def test_another_context_or_key_or_a_stump_does_not_open() -> None:
    sealed = Cipher(KEY).seal(b"words", b"here")
    for cipher, piece, bound in (
        (Cipher(KEY), sealed, b"there"),
        (Cipher(b"k" * 32), sealed, b"here"),
        (Cipher(KEY), sealed[: SEAL_BYTES - 1], b"here"),
    ):
        with pytest.raises(NotAuthentic):
            cipher.open(piece, bound)


def test_the_same_words_are_sealed_differently_each_time() -> None:
    assert len({Cipher(KEY).seal(b"words", b"") for _ in range(100)}) == 100


def test_each_purpose_and_salt_has_its_own_key() -> None:
    key = DataKey(KEY)
    derived = [key.derived("a"), key.derived("b"), key.derived("a", b"salt"), DataKey(b"k" * 32).derived("a")]
    assert len({*derived, KEY}) == 5
    assert all(len(one) == 32 for one in derived)
    assert key.derived("a") == DataKey(KEY).derived("a")


def test_a_key_does_not_show_itself() -> None:
    assert "secret" not in repr(DataKey(b"k" * 32))
    assert "kkk" not in repr(DataKey(b"k" * 32))
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey(b"short")


def test_random_keys_differ() -> None:
    assert DataKey.random() != DataKey.random()


@pytest.mark.parametrize("missing", ["hazmat.primitives.ciphers.aead", "hazmat.primitives.kdf.hkdf"])
def test_without_the_library_nothing_is_stored_in_the_clear(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, f"cryptography.{missing}", None)
    with pytest.raises(NoEncryption):
        Cipher(DataKey(KEY).derived("database"))
