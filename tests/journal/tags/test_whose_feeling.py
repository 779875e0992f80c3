"""Rules about whose feeling a word is, one by one, whatever the words around them: see ``journal.tags.clauses``."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.tags.lexicon_tagger import LexiconTagger, denials
from journal.tags.prepared_text import prepared

TAGGER = LexiconTagger()
NAMES = ("Maria", "Isabel", "Fatima", "Tom", "Nikolai", "Xiu", "Thomas")
FEELINGS = {"afraid": "afraid", "furious": "angry", "ashamed": "ashamed", "jealous": "jealous", "relieved": "relieved"}


def feels(text: str, name: str) -> bool:
    return name in {tag.name for tag in TAGGER.suggest(text)}


def sentences(*patterns: str) -> list[tuple[str, str]]:
    return [(pattern.format(word), name) for pattern, (word, name) in product(patterns, FEELINGS.items())]


@pytest.mark.parametrize(
    ("text", "name"),
    sentences(
        *(f"{who} was {{}} about it." for who in NAMES),
        "Mr. Jones got {}.",
        "Mrs. Okafor and her son came, Dr. Lee looked {}.",
        '"I am so {}," the son said.',
        "The mother said: “I have been {} since Monday.”",
        '"I was {} at first. Then it went," he told me.',
        "She told me how {} she is.",
        "You must be {}, the nurse said.",
        "I told him not to be {}.",
        "We asked the family to be {} no more.",
        "The {} look on his face stayed with me.",
        "A {} old man sat there.",
        "I will probably be {} tomorrow.",
        "I'll certainly feel {} by then.",
        "It might soon be that I could feel {}.",
        "I was anything but {}.",
        "I refuse to feel {}.",
        "Am I {}? No.",
        "Was I {}? Not really.",
        "As a newly qualified nurse I was {}.",
        "As a very young doctor I was {}.",
    ),
)
def test_what_is_not_felt_by_the_writer_is_not_suggested(text: str, name: str) -> None:
    assert not feels(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    sentences(
        "Today I was {} about it.",
        "Yesterday was long and I felt {}.",
        "Still {} about it.",
        "Got {} at once.",
        "Maria came late and I was {}.",
        "Mrs. Okafor shouted. I was {}.",
        '"I am {}," I told the lead.',
        'I said, "I am {} about it," and left.',
        'I felt so "{}" all day.',
        "Without a doubt I was {}.",
        "There is no question that I was {}.",
        "You won't believe how {} I was.",
        "Why am I so {}?",
        "Was I {}? Yes, very.",
        "I told her that I was {}.",
        "As a nurse I am {} of the winter.",
        "I couldn't have been more {}.",
    ),
)
def test_what_the_writer_feels_is_suggested(text: str, name: str) -> None:
    assert feels(text, name)


@pytest.mark.parametrize("part", ["finger", "left arm", "abdomen", "lower lip", "feet", "calf"])
@pytest.mark.parametrize("word", ["numb", "tender"])
def test_a_part_of_the_body_feels_something_else(part: str, word: str) -> None:
    assert not feels(f"The {part} is red and {word}.", word)
    assert not feels(f"She has a {word} {part}.", word)
    assert feels(f"I felt {word} when I saw her {part}.", word)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I relieved the night nurse at seven.", "relieved"),
        ("Tom relieved me at seven.", "relieved"),
        ("We surprised the team with a cake.", "surprised"),
        ("We ran an anxiety group.", "anxious"),
        ("The stress clinic moved.", "anxious"),
        ("I did the anger management module.", "angry"),
        ("Hopefully the rota comes out.", "hopeful"),
        ("They will hopefully call.", "hopeful"),
        ("I have lost all hope.", "hopeful"),
        ("We lost our calm.", "calm"),
        ("Angry is not the word.", "angry"),
        ("Sad isn't how I would put it.", "sad"),
        ("The frustration I felt last month has gone.", "frustrated"),
        ("The sadness has lifted.", "sad"),
    ],
)
def test_another_sense_or_a_feeling_that_is_gone_is_none(text: str, name: str) -> None:
    assert not feels(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I was relieved the night was over.", "relieved"),
        ("I felt so relieved my shift was done.", "relieved"),
        ("Her answer surprised me.", "surprised"),
        ("Nothing frustrates me more than waiting.", "frustrated"),
        ("Nothing makes me angrier than waiting.", "angry"),
        ("The anxiety is back.", "anxious"),
        ("I lost a patient and felt sad.", "sad"),
        ("My anger is still there.", "angry"),
        ("I enjoyed my yoga.", "happy"),
        ("We enjoyed the wings.", "happy"),
        ("It was a happy couple of days.", "happy"),
        ("A couple of sad songs made me cry.", "sad"),
    ],
)
def test_the_same_words_in_their_own_sense_are(text: str, name: str) -> None:
    assert feels(text, name)


@given(
    st.lists(
        st.sampled_from(['"', "“", "”", "I", "said", "he", "am", "sad", ".", "?", "Mr.", "how", "not", "but", "me"])
    )
)
def test_no_order_of_words_and_marks_is_too_odd(words: list[str]) -> None:
    text = " ".join(words)
    denied = denials(text)
    assert all(0 <= start < end <= len(text) for start, end in denied.clauses)
    ready = prepared(text)
    assert len(ready.felt) == len(ready.read) == len(text)
    assert all(felt in (read, " ") for felt, read in zip(ready.felt, ready.read, strict=True))
