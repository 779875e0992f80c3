from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import UnknownEntry
from journal.ids import ID_CHARACTERS, checked, new_id

TIME_CHARACTERS = 10
"""The others are drawn by lot; they would sort two of the same millisecond by chance."""

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


@given(first=st.integers(0, 10**12), later=st.integers(1, 10**9))
@example(first=1000, later=1)  # 1.001 s is a little less than that as a fraction
def test_ids_sort_by_time(first: int, later: int) -> None:
    early = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=first)
    late = early + timedelta(milliseconds=later)
    assert new_id(early)[:TIME_CHARACTERS] < new_id(late)[:TIME_CHARACTERS]


def test_an_id_is_its_own_kind_of_text() -> None:
    made = {new_id(NOW) for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(checked(one)) == ID_CHARACTERS for one in made)


@given(st.text(max_size=40))
def test_what_is_no_id_names_no_entry(text: str) -> None:
    with pytest.raises(UnknownEntry):
        checked(text)


@pytest.mark.parametrize("suffix", ["\n", "/", "/../x", ".rec", "\0"])
def test_nothing_may_follow_an_id(suffix: str) -> None:
    with pytest.raises(UnknownEntry):
        checked(new_id(NOW) + suffix)


def test_paths_and_capitals_are_no_ids() -> None:
    for text in ("../../../etc/passwd", new_id(NOW).upper(), "8" + new_id(NOW)[1:], "i" * ID_CHARACTERS):
        with pytest.raises(UnknownEntry):
            checked(text)
