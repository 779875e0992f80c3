from __future__ import annotations

import json

import pytest

from journal.moments import seconds_at

TEXT = "one two three two five"
WORDS = json.dumps([[word, float(at), at + 1.0, 0.9] for at, word in enumerate(TEXT.split())])


@pytest.mark.parametrize(
    ("text", "word", "seconds"),
    [
        (TEXT, 2, 2.0),
        (TEXT, 4, 4.0),
        ("One! two, three; two five", 0, 0.0),
        ("well one two three two five", 3, 2.0),  # a word was added
        ("one three two five", 2, 3.0),  # one was taken away; of two alike, the one that is nearer
        ("nothing is as it was before", 5, 4.0),
        (TEXT, 99, 4.0),
    ],
)
def test_a_word_leads_to_its_moment(text: str, word: int, seconds: float) -> None:
    assert seconds_at(WORDS, text, word) == seconds


@pytest.mark.parametrize(("words", "word"), [(None, 0), ("[]", 0), (WORDS, None)])
def test_without_times_or_a_word_there_is_no_moment(words: str | None, word: int | None) -> None:
    assert seconds_at(words, TEXT, word) is None
