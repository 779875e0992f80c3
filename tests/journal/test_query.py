from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.query import MOST_TERMS, Narrowing, Query, Term, parse, set_apart


@pytest.mark.parametrize(
    ("text", "terms", "tags"),
    [
        ("ward", (Term("ward", prefix=True),), ()),
        ("ward ", (Term("ward"),), ()),
        ("new ward lead", (Term("new"), Term("ward"), Term("lead", prefix=True)), ()),
        ('"the new ward" lead', (Term("the new ward", phrase=True), Term("lead", prefix=True)), ()),
        ("“the new ward”", (Term("the new ward", phrase=True),), ()),
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
        ("so happy💊", (Term("so"), Term("happy 💊", prefix=True)), ()),
        ("20°C ", (Term("20 ° C"),), ()),
        ("→ ± calm ", (Term("calm"),), ()),
        ("!!! * ^ ()", (), ()),
    ],
)
def test_a_query_is_taken_apart(text: str, terms: tuple[Term, ...], tags: tuple[str, ...]) -> None:
    assert parse(text) == Query(terms, Narrowing(tags=tags))


DAY = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("text", "narrowing"),
    [
        ("from:2026", Narrowing(since=date(2026, 1, 1))),
        ("to:2026", Narrowing(until=date(2026, 12, 31))),
        ("from:2026-10 to:2026-11-05", Narrowing(since=date(2026, 10, 1), until=DAY)),
        ("to:2024-02", Narrowing(until=date(2024, 2, 29))),
        ("on:2026-11-5", Narrowing(since=DAY, until=DAY)),
        ("FROM:2026-11-05", Narrowing(since=DAY)),
        ('from:"2026-11-05"', Narrowing(since=DAY)),
        ("from:2025 from:2026-11-05", Narrowing(since=DAY)),
        ("kind:typed", Narrowing(kinds=("typed",))),
        ("kind:Spoken kind:typed", Narrowing(kinds=("spoken", "typed"))),
        ("guide:evening-reflection", Narrowing(guides=("evening-reflection",))),
        ("-guide:free -kind:typed", Narrowing(without_guides=("free",), without_kinds=("typed",))),
        ('-tag:sad -tag:"Moral Distress"', Narrowing(without_tags=("sad", "moral distress"))),
        ("-from:2026-11-05", Narrowing(without_days=((DAY, date.max),))),
        ("-to:2026-10", Narrowing(without_days=((date.min, date(2026, 10, 31)),))),
        ("-on:2026", Narrowing(without_days=((date(2026, 1, 1), date(2026, 12, 31)),))),
        ("from:2026 -on:2026-11-05", Narrowing(since=date(2026, 1, 1), without_days=((DAY, DAY),))),
        ('tag:"moral distress', Narrowing(tags=("moral distress",))),
        ('-tag:"sad', Narrowing(without_tags=("sad",))),
        ("tag:“moral distress", Narrowing(tags=("moral distress",))),
        ('from:"2026', Narrowing(since=date(2026, 1, 1))),
        ("-ward", Narrowing(without_terms=(Term("ward"),))),
        ('-"the ward"', Narrowing(without_terms=(Term("the ward", phrase=True),))),
    ],
)
def test_a_query_is_narrowed(text: str, narrowing: Narrowing) -> None:
    assert parse(text) == Query((), narrowing)


@pytest.mark.parametrize(
    "text", ["from:home ", "to:2026-13 ", "on:2026-02-30 ", "from:0000 ", "kind:happy ", "from:٢٠٢٦ ", "from:20261 "]
)
def test_what_only_looks_like_a_narrowing_are_words(text: str) -> None:
    assert parse(text) == Query((Term(text.strip()),))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("furious relatives", "furious relatives"),
        ("What did I say about the lead?", "What did I say about the lead?"),
        ("calm tag:clients from:2026-10", "calm"),
        ("calm -ward", "calm"),
        ('"moral distress" calm', None),
        ("12345", None),
        ("x", None),
        ("🙂", None),
        ("tag:sad", None),
    ],
)
def test_what_a_query_is_about(text: str, meaning: str | None) -> None:
    assert parse(text).meaning == meaning


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
