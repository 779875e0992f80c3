from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings_file import with_values


def test_a_new_file_holds_what_was_chosen() -> None:
    assert with_values("", {"voice": "joe", "lock_after_minutes": 10}) == 'voice = "joe"\nlock_after_minutes = 10\n'


def test_all_else_in_the_file_stays_as_it_was() -> None:
    before = '# mine\nport = 9000  # since the printer has 8765\n"voice" = "hibari"\n\n# quiet\nbed = "rain"\n'
    after = with_values(before, {"voice": "joe"})
    assert after == before.replace('"voice" = "hibari"', 'voice = "joe"')


def test_unset_is_an_empty_text() -> None:
    assert with_values('bed = "rain"\n', {"bed": None}) == 'bed = ""\n'


def test_a_name_that_begins_another_is_not_taken_for_it() -> None:
    assert with_values('voice_of_the_hills = "x"\n', {"voice": "joe"}) == 'voice_of_the_hills = "x"\nvoice = "joe"\n'


@pytest.mark.parametrize("before", ['voice = """\nbed = 1\n"""\nbed = "rain"\n', "voice = 'a'\r\nbed = 'b'", "\n\n"])
def test_an_odd_file_says_the_same_afterwards(before: str) -> None:
    after = tomllib.loads(with_values(before, {"bed": "ocean"}))
    assert after == tomllib.loads(before) | {"bed": "ocean"}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(st.sampled_from(["voice", "bed", "language"]), TEXTS))
def test_any_text_comes_back(values: dict[str, str]) -> None:
    assert tomllib.loads(with_values('bed = "rain"\n', values)) == {"bed": "rain"} | values


def test_a_broken_file_is_not_touched() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        with_values("voice = ", {"voice": "joe"})
