from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from journal.tags.english import is_english
from journal.tags.passages import MOST_SENTENCES, MOST_WORDS_PER_SENTENCE, WORDS_PER_PASSAGE, passages, sentences
from journal.tags.prepared_text import prepared


def test_sentences_end_at_marks_and_lines() -> None:
    text = 'She said: "Go." I went… Did I?\nYes'
    assert [text[one.start : one.end] for one in sentences(text)] == ['She said: "Go."', "I went…", "Did I?", "Yes"]


def test_speech_without_a_full_stop_is_cut() -> None:
    found = sentences("and then " * 200)
    assert max(one.words for one in found) == MOST_WORDS_PER_SENTENCE
    assert sum(one.words for one in found) == 400


def test_a_very_long_text_is_read_in_places_all_over_it() -> None:
    text = "It was a day. " * 10_000
    found = sentences(text)
    assert len(found) == MOST_SENTENCES
    assert found[0].start == 0
    assert found[-1].start > 0.99 * len(text)


def test_a_short_text_is_one_passage_and_a_long_one_is_shared_out_evenly() -> None:
    assert len(passages(sentences("It was a long day. " * 10))) == 1
    lengths = [sum(one.words for one in passage) for passage in passages(sentences("It was a long day. " * 200))]
    assert len(lengths) == round(1000 / WORDS_PER_PASSAGE)
    assert max(lengths) - min(lengths) <= 10


@given(st.text(st.characters(codec="utf-8") | st.sampled_from(" .!\n,"), max_size=400))
def test_what_is_read_has_the_length_and_the_letters_of_the_text(text: str) -> None:
    ready = prepared(text)
    for reading in (ready.read, ready.felt):
        assert len(reading) == len(text)
        assert all(kept in (" ", original) for kept, original in zip(reading, text, strict=True))


def test_a_denied_feeling_is_left_out_of_what_is_felt() -> None:
    text = "I wasn't angry, but I was sad."
    assert "angry" in prepared(text).read
    assert "angry" not in prepared(text).felt
    assert "sad" in prepared(text).felt


def test_half_sentences_count_as_english() -> None:
    assert all(map(is_english, ["Exhausted.", "Long shift, two deaths.", "Pizza!", "Tired", "No break again"]))
