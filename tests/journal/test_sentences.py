from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from journal.meaning.sentences import LONGEST_WORD_CHARACTERS, sentences, together

MOST_WORDS = 12


@given(st.text(st.sampled_from("ab .\n!)’😀\u2028"), max_size=300))
def test_sentences_hold_all_of_a_text_but_spaces(text: str) -> None:
    found = sentences(text, MOST_WORDS)
    assert "".join("".join(text[one.start : one.end].split()) for one in found) == "".join(text.split())
    assert all(1 <= one.words <= MOST_WORDS for one in found)
    assert [number for one in found for number in (one.start, one.end)] == sorted(
        number for one in found for number in (one.start, one.end)
    )


def test_a_word_without_end_is_cut() -> None:
    found = sentences("x" * 100_000, MOST_WORDS)
    assert max(one.end - one.start for one in found) <= MOST_WORDS * LONGEST_WORD_CHARACTERS


def test_marks_that_close_belong_to_the_sentence_before() -> None:
    text = "(So it was.) “Was it?” She left"
    assert [text[one.start : one.end] for one in sentences(text, MOST_WORDS)] == [
        "(So it was.)",
        "“Was it?”",
        "She left",
    ]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=60), st.integers(40, 90))
def test_parts_hold_every_sentence_once_and_are_about_equally_long(lengths: list[int], words: int) -> None:
    found = sentences(" ".join("word " * (length - 1) + "word." for length in lengths), MOST_WORDS)
    parts = together(found, words)
    assert [one for part in parts for one in part] == found
    assert all(sum(one.words for one in part) <= 2 * words for part in parts)


def test_without_a_sentence_there_is_no_part() -> None:
    assert sentences(" \n ", MOST_WORDS) == []
    assert together([], 80) == []
