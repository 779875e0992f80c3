from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.query import MOST_TERMS, Query, Term, parse, set_apart


@pytest.mark.parametrize(
    ("text", "terms", "tags"),
    [
        ("ward", (Term("ward", prefix=True),), ()),
        ("ward ", (Term("ward"),), ()),
        ("new ward lead", (Term("new"), Term("ward"), Term("lead", prefix=True)), ()),
        ('"the new ward" lead', (Term("the new ward"), Term("lead", prefix=True)), ()),
        ("“the new ward”", (Term("the new ward"),), ()),
        ('an "open quote', (Term("an"), Term("open"), Term("quote", prefix=True)), ()),
        ('"" x', (Term("x"),), ()),
        ("tag:sad", (), ("sad",)),
        ("TAG:Sad tag:sad", (), ("sad",)),
        ('tag:"Moral  Distress" ward ', (Term("ward"),), ("moral distress",)),
        ("tag: sad", (Term("tag:"), Term("sad", prefix=True)), ()),
        ("cats AND NOT dogs", (Term("cats"), Term("AND"), Term("NOT"), Term("dogs", prefix=True)), ()),
        ("don't", (Term("don't", prefix=True),), ()),
        ("a", (Term("a"),), ()),
        ("so happy🙂", (Term("so"), Term("happy 🙂", prefix=True)), ()),
        ("!!! * ^ ()", (), ()),
    ],
)
def test_a_query_is_taken_apart(text: str, terms: tuple[Term, ...], tags: tuple[str, ...]) -> None:
    assert parse(text) == Query(terms, tags)


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_is_a_query(text: str) -> None:
    query = parse(text)
    assert query.blank == (not parse(text).terms and not text.replace("\0", "").strip())
    assert not any('"' in term.text or "\0" in term.text for term in query.terms)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\0"])
def test_nothing_typed_is_a_blank_query(text: str) -> None:
    assert parse(text) == Query(blank=True)


def test_of_a_megabyte_the_beginning_counts() -> None:
    assert len(parse("word " * 200_000).terms) == MOST_TERMS
    assert parse("x" * 1_000_000).terms == (Term("x" * 1000, prefix=True),)


def test_a_question_is_about_its_telling_words() -> None:
    asked = parse("What did I say about the new ward lead?").telling_terms
    assert [term.text for term in asked] == ["new", "ward", "lead?"]
    assert [term.text for term in parse("who are you ").telling_terms] == ["who", "are", "you"]


@given(st.text())
def test_setting_pictures_apart_only_adds_spaces(text: str) -> None:
    assert set_apart(text).replace(" ", "") == text.replace(" ", "")
    assert set_apart(set_apart(text)) == set_apart(text)


def test_pictures_that_belong_together_stay_together() -> None:
    assert set_apart("so👩‍⚕️❤️!") == "so 👩‍⚕️ ❤️!"
