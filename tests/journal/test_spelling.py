from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.notebook import Notebook
from journal.spelling import edit_distance

words = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("ward", "ward", 0),
        ("wrad", "ward", 1),  # swapped
        ("wad", "ward", 1),
        ("waard", "ward", 1),
        ("word", "ward", 1),
        ("wodr", "ward", 2),
        ("xylophone", "ward", 3),
        ("", "ab", 2),
    ],
)
def test_slips_are_counted(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other, 2) == distance


@given(words, words)
def test_the_distance_is_the_same_from_both_sides_and_bounded(one: str, other: str) -> None:
    distance = edit_distance(one, other, 2)
    assert distance == edit_distance(other, one, 2) <= 3
    assert (distance == 0) == (one == other)


@pytest.mark.parametrize(
    "query",
    ["supervison", "supervsion", "spuervision", "uspervision", "Supervisoin", "suprevison", "metropolol", "metoprolo"],
)
def test_a_slip_finds_what_was_meant(query: str, notebook: Notebook) -> None:
    notebook.write("In supervision we spoke of the metoprolol.")
    (result,) = notebook.search(f"{query} ").results
    assert result.matched == ("words",)
    assert "supervision" in result.snippet


@pytest.mark.parametrize("query", ["superstition", "meteor", "wart", "sup", "spoken word", '"supervison"', "123456"])
def test_another_word_is_no_slip(query: str, notebook: Notebook) -> None:
    notebook.write("In supervision the metoprolol was mentioned.")
    assert notebook.search(query + " ").total == 0


def test_a_word_that_is_there_is_never_taken_for_another(notebook: Notebook) -> None:
    notebook.write("the ward")
    word = notebook.write("my word")
    assert [result.entry.id for result in notebook.search("word ").results] == [word.id]
