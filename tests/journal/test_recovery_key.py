from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadValue
from journal import recovery_key
from journal.cipher import DataKey

keys = st.binary(min_size=32, max_size=32).map(DataKey)


@given(keys)
def test_a_key_written_down_can_be_read_again(key: DataKey) -> None:
    shown = recovery_key.shown(key)
    assert [len(group) for group in shown.split("-")] == [4] * 14
    assert recovery_key.read(shown) == key


@given(keys)
def test_spaces_dashes_case_and_lookalikes_do_not_matter(key: DataKey) -> None:
    shown = recovery_key.shown(key)
    assert recovery_key.read(shown.lower().replace("-", "  ") + "\n") == key
    assert recovery_key.read(shown.replace("0", "O").replace("1", "l")) == key


@given(keys, st.integers(0, 55), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_mistyped_character_is_noticed(key: DataKey, place: int, typed: str) -> None:
    characters = list(recovery_key.shown(key).replace("-", ""))
    if characters[place] != typed:
        characters[place] = typed
        with pytest.raises(BadValue):
            recovery_key.read("".join(characters))


@given(st.text(max_size=80))
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        recovery_key.read(text)
