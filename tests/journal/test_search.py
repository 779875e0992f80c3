from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadValue
from journal.entry import SearchResult
from journal.notebook import Notebook
from journal.readable_notebook import MOST_RESULTS

any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


def found(notebook: Notebook, query: str) -> set[str]:
    return {result.entry.text for result in notebook.search(query).results}


@pytest.mark.parametrize("picture", ["💊", "☀", "☀️", "❤️", "😀", "👍🏽", "👩‍⚕️", "🇩🇪", "✓", "★", "🫠", "♥"])
def test_pictures_are_found_like_words_whatever_their_age(picture: str, notebook: Notebook) -> None:
    texts = {f"a calm day {picture} with 20° outside", f"calm{picture}"}
    for text in texts:
        notebook.write(text)
    notebook.write("a calm day")
    assert found(notebook, picture) == texts
    assert found(notebook, f"{picture} calm") == texts
    assert {entry.text for entry in notebook.entries(query=f"{picture} calm").entries} == texts
    assert {entry.text for entry in notebook.entries(query=f"calm -{picture}").entries} == {"a calm day"}
    assert notebook.search(picture).results[0].marks
    assert notebook.entries(query="20").total == 1


@pytest.mark.parametrize("sign", ["→", "±", "≠", "¬"])
def test_a_sign_that_is_in_no_index_does_not_keep_words_from_being_found(sign: str, notebook: Notebook) -> None:
    notebook.write(f"a calm day {sign} a calm night")
    assert notebook.entries(query=f"{sign} calm").total == 1


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("-from:2026", (25,)),
        ("-to:2025", (26, 27)),
        ("-on:2026", (25, 27)),
        ("from:2025 -from:2027-01-02", (25, 26, 27)),
        ("day -from:2026", (25,)),
        ("-on:2025 -on:2027", (26,)),
    ],
)
def test_a_minus_leaves_out_the_days_that_it_stands_before(
    query: str, days: tuple[int, ...], notebook: Notebook
) -> None:
    for year in (2025, 2026, 2027):
        notebook.write(f"day of {year - 2000}", spoken_at=datetime(year, 1, 1, 12, tzinfo=UTC))
    assert found(notebook, query) == {f"day of {day}" for day in days}


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("listening", True),  # another form of the word
        ("LISTENED", True),
        ("cafe", True),  # without its accent
        ("lis", True),  # unfinished
        ("lis ", False),
        ("café listen", True),
        ("café supervision", True),  # not both are there, so either will do
        ('"listened patiently"', True),
        ('"patiently listened"', False),
        ("don't", True),
        ("dont", True),  # a slip
        ("patiantly", True),
        ("ilstened", True),
        ("coffee", False),
        ("🙂", True),
        ("shift🙂", True),
        ("supervision", False),
        ("xyzzy plugh", False),
    ],
)
def test_words_are_found_as_people_look_for_them(query: str, hit: bool, notebook: Notebook) -> None:
    text = "She listened patiently at the café; I don't know how. What a shift🙂"
    notebook.write(text)
    assert found(notebook, query) == ({text} if hit else set())


def test_tags_are_searched_like_words(notebook: Notebook) -> None:
    both = notebook.write("sad about the ward")
    notebook.tag(both.id, "boundaries")
    only_tag = notebook.write("nothing much")
    notebook.tag(only_tag.id, "sad")
    assert {result.entry.id: result.matched for result in notebook.search("sad").results} == {
        both.id: ("words", "tag"),
        only_tag.id: ("tag",),
    }
    assert {result.entry.id: result.matched for result in notebook.search("boundary ward").results} == {
        both.id: ("words", "tag")
    }


def test_a_tag_can_be_asked_for_by_name(notebook: Notebook) -> None:
    spoken_of = notebook.write("moral distress, they call it")
    tagged = notebook.write("the ward was full")
    notebook.tag(tagged.id, "moral distress")
    assert {result.entry.id for result in notebook.search('tag:"moral distress"').results} == {tagged.id}
    narrowed = notebook.search('ward tag:"moral distress"').results
    assert [(result.entry.id, result.matched) for result in narrowed] == [(tagged.id, ("words", "tag"))]
    assert notebook.search("tag:distress").total == 0
    notebook.untag(tagged.id, "moral distress")
    assert notebook.search('tag:"moral distress"').total == 0
    assert {result.entry.id for result in notebook.search("distress").results} == {spoken_of.id}


def test_the_newest_comes_first_among_entries_of_a_tag(notebook: Notebook) -> None:
    written = [notebook.write(f"sad {number}").id for number in range(5)]
    result = notebook.search("tag:sad", limit=3)
    assert result.total == 5
    assert [one.entry.id for one in result.results] == written[:1:-1]


def test_the_best_comes_first_and_all_are_counted(notebook: Notebook) -> None:
    for number in range(30):
        notebook.write(f"the ward was full on day {number}, and much else happened that I will not go into")
    best = notebook.write("ward, ward, ward")
    result = notebook.search("ward", limit=5)
    assert result.total == 31
    assert len(result.results) == 5
    assert result.results[0].entry.id == best.id
    scores = [one.score for one in result.results]
    assert scores == sorted(scores, reverse=True)


def test_a_snippet_is_plain_text_around_the_hit(notebook: Notebook) -> None:
    notebook.write("filler " * 300 + "<b>then</b> the consultant shouted & left " + "filler " * 300)
    (result,) = notebook.search("consultant").results
    assert "<b>then</b> the consultant shouted & left" in result.snippet
    assert len(result.snippet) < 300
    assert "\ufdd0" not in result.snippet


def test_a_snippet_of_a_long_entry_is_around_the_hit(notebook: Notebook) -> None:
    notebook.write("filler " * 30_000 + "she was listening to the consultant " + "filler " * 30_000)
    (result,) = notebook.search("listened").results
    assert "she was listening to the consultant" in result.snippet
    assert len(result.snippet) < 300
    assert result.matched == ("words",)


def marked(result: SearchResult) -> list[str]:
    return [result.snippet[mark.start : mark.end] for mark in result.marks]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("listened", ["listening", "Listen"]),
        ("consultant ward", ["consultant", "ward"]),
        ('"to the consultant"', ["to the consultant"]),
        ("zzz listened", ["listening", "Listen"]),
        ("xylophone", []),
    ],
)
def test_what_was_looked_for_is_marked_in_the_snippet(notebook: Notebook, query: str, expected: list[str]) -> None:
    notebook.write(
        "filler " * 300 + "🙂 she was “listening” to the consultant. Listen: the ward is full " + "filler " * 99
    )
    notebook.write("a xylophone" * 20)
    results = [result for result in notebook.search(query).results if "filler" in result.snippet]
    assert [marked(result) for result in results] == ([expected] if expected else [])


def test_a_phrase_that_the_snippet_cuts_is_marked_as_far_as_it_is_shown(notebook: Notebook) -> None:
    notebook.write("filler " * 300 + "word " * 40)
    (result,) = notebook.search(f'"{"word " * 30}"').results
    assert marked(result) == [" ".join(["word"] * 18)]
    notebook.write("y" * 200 + " rota")
    (result,) = notebook.search("rota " + "y" * 200).results
    assert marked(result) == ["y" * 79 + "…", "rota"]


def test_a_long_entry_found_by_its_tag_shows_its_start(notebook: Notebook) -> None:
    entry = notebook.write("the first words " + "filler " * 3_000)
    notebook.tag(entry.id, "boundaries")
    (result,) = notebook.search("boundaries").results
    assert result.snippet.startswith("the first words filler")
    assert len(result.snippet) < 300
    assert result.matched == ("tag",)


@pytest.mark.parametrize("text", ["sad word " * 100_000, "sad" * 300_000, "a " * 400_000 + "sad"], ids=len)
def test_a_word_repeated_without_end_does_not_hold_up_the_search(text: str, notebook: Notebook) -> None:
    notebook.write(text)
    started = time.perf_counter()
    assert len(notebook.search("sad").results) == 1
    assert notebook.search("a ").total <= 1
    assert time.perf_counter() - started < 10  # it took minutes when every hit was compared with every other


def test_lists_come_without_words_of_the_recording_but_with_tags(notebook: Notebook) -> None:
    entry = notebook.write("a sad day")
    (result,) = notebook.search("day").results
    assert result.entry == entry
    assert [tag.name for tag in result.entry.tags] == ["sad"]


def test_search_follows_corrections_and_deletions(notebook: Notebook) -> None:
    entry = notebook.write("the xylophone was full")
    notebook.edit(entry.id, text="the ward was full")
    assert found(notebook, "xylophone") == set()
    assert found(notebook, "ward") == {"the ward was full"}
    notebook.delete(entry.id)
    assert found(notebook, "ward") == set()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=any_text)
def test_any_text_can_be_searched_for(query: str, notebook: Notebook) -> None:
    result = notebook.search(query)
    assert len(result.results) == result.total
    result.model_dump_json()
    notebook.entries(query=query)


LONG = ("x" * 1_000_000, "word " * 200_000, '"' * 5000, "🙂" * 5000)
ODD = (
    '"',
    '""',
    "'",
    "*",
    "NEAR(a b)",
    "text:ward",
    "{text tags}: x",
    "a OR",
    "AND",
    "^ward",
    "-ward",
    "ward)",
    "\\",
    "%",
)
BROKEN = ("\0", "a\0b", "\ud800", "tag:", 'tag:"', "tag:🙂")


@pytest.mark.parametrize("query", [*ODD, *BROKEN, *LONG], ids=lambda query: repr(query[:20]))
def test_no_query_is_too_odd(query: str, notebook: Notebook) -> None:
    notebook.write("the ward was full")
    notebook.search(query).model_dump_json()
    notebook.entries(query=query)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.text(st.sampled_from("abcäßéжи中🙂❤1 '-_.,"), min_size=1, max_size=12), min_size=1, max_size=5)
)
def test_every_word_of_a_text_finds_it(words: list[str], notebook: Notebook) -> None:
    text = " ".join(words)
    if any(character.isalnum() for character in text):
        entry = notebook.write(text)
        for word in words:
            # With a minus before it, it is left out.
            if any(character.isalnum() for character in word) and not re.search(r"(^|\s)-", word):
                hits = notebook.search(f"{word} ", limit=MOST_RESULTS).results
                assert entry.id in {result.entry.id for result in hits}
        notebook.delete(entry.id)


@pytest.mark.parametrize("limit", [0, -1, MOST_RESULTS + 1])
def test_a_limit_has_limits(limit: int, notebook: Notebook) -> None:
    with pytest.raises(BadValue):
        notebook.search("ward", limit)


def test_the_last_word_weighs_no_more_than_the_others_as_long_as_it_may_go_on(notebook: Notebook) -> None:
    notebook.write("a supervision about boundaries, and what they cost")
    notebook.write("the manager spoke of management")
    for number in range(8):
        notebook.write(f"a quiet day number {number}")
    scores = [
        {result.entry.text: result.score for result in notebook.search(query).results}
        for query in ("supervision manage", "supervision manage ")
    ]
    assert scores[0] == pytest.approx(scores[1])
