from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadValue, EmptyText, TooMuchText
from journal.entry import LONGEST_TEXT_CHARACTERS
from journal.written_text import LONGEST_TAG_CHARACTERS, cleaned, entry_text, new_tag_name, tag_name

any_text = st.text(st.characters(codec=None, exclude_categories=()))


@given(any_text)
def test_cleaned_text_can_be_stored_anywhere(text: str) -> None:
    once = cleaned(text)
    assert "\0" not in once
    assert once.encode().decode() == once
    assert cleaned(once) == once


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",))))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert cleaned(text) == text


def test_two_halves_of_a_character_become_one_and_a_lone_half_is_marked() -> None:
    assert cleaned("a\ud83d\ude42b\ud83dc") == "a🙂b\ufffdc"


def test_a_megabyte_is_a_text_and_more_than_an_entry_holds_is_not() -> None:
    assert len(entry_text("word " * 200_000)) == 1_000_000
    assert len(entry_text("x" * LONGEST_TEXT_CHARACTERS)) == LONGEST_TEXT_CHARACTERS
    with pytest.raises(TooMuchText):
        entry_text("x" * (LONGEST_TEXT_CHARACTERS + 1))


@pytest.mark.parametrize("text", ["", " \n\t", "\0", "\u200b\u00a0", "\ufeff"])
def test_text_without_a_visible_character_is_no_text(text: str) -> None:
    with pytest.raises(EmptyText):
        entry_text(text)


@pytest.mark.parametrize("text", ["🙂", "…", "ä", " x"])
def test_one_visible_character_is_enough(text: str) -> None:
    assert entry_text(text) == text


@pytest.mark.parametrize(
    ("given", "name"),
    [("Sad", "sad"), ("  Moral \n Distress ", "moral distress"), ("Re\u0301sume\u0301", "résumé"), ("#1", "#1")],
)
def test_a_tag_has_one_spelling(given: str, name: str) -> None:
    assert tag_name(given) == name


@pytest.mark.parametrize("name", ["", "  ", "a/b", "\x07bell", "x" * (LONGEST_TAG_CHARACTERS + 1), "x" * 10**6])
def test_some_names_cannot_be_tags(name: str) -> None:
    with pytest.raises(BadValue):
        tag_name(name)


@given(any_text)
def test_a_tag_name_is_refused_or_settled(text: str) -> None:
    try:
        name = tag_name(text)
    except BadValue:
        return
    assert tag_name(name) == name


@pytest.mark.parametrize("name", [".", " .. "])
def test_what_means_a_place_in_an_address_is_no_new_tag(name: str) -> None:
    with pytest.raises(BadValue) as refused:
        new_tag_name(name)
    assert "dots" in refused.value.next_step


@pytest.mark.parametrize(
    "sign", [*"\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u2800\u3164\ufe0f", '"']
)
@pytest.mark.parametrize("name", ["{}calm", "ca{}lm", "calm{}", "{}", "über{}stunden"])
def test_a_new_tag_has_nothing_in_its_name_that_cannot_be_seen_or_asked_for(sign: str, name: str) -> None:
    with pytest.raises(BadValue):
        new_tag_name(name.format(sign))


@pytest.mark.parametrize("name", ["❤️", "👩‍⚕️", "1️⃣", "می‌خواهم", "क्‍ष", "wg's", "übung 3", "日本", "🌙 nights", "שלום"])
def test_what_people_write_is_a_name(name: str) -> None:
    assert new_tag_name(name) == name


@given(any_text)
def test_a_new_name_is_a_name(text: str) -> None:
    try:
        name = new_tag_name(text)
    except BadValue:
        return
    assert name == tag_name(text) == new_tag_name(name)
