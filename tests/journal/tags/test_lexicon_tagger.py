from __future__ import annotations

import tomllib
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.tags.lexicon_tagger import MOST_EVIDENCE, SUREST, LexiconTagger
from journal.tags.names import FEELINGS, THEMES

TAGGER = LexiconTagger()


def suggested(text: str) -> set[str]:
    return {tag.name for tag in TAGGER.suggest(text)}


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("I was angry.", "angry"),
        ("She made me so angry.", "angry"),
        ("I was ANGRIER than ever.", "angry"),
        ("I've never been so proud.", "proud"),
        ("I couldn't be happier.", "happy"),
        ("Not only tired but also sad.", "sad"),
        ("No wonder I was nervous.", "anxious"),
        ("I am not afraid any more, I'm calm.", "calm"),
        ("I told her I was sad.", "sad"),
        ("I was proud of my daughter and happy.", "happy"),
        ("I'm used to being lonely.", "lonely"),
        ("He shouted at me, and I was scared.", "afraid"),
        ("My manager's decision left me frustrated.", "frustrated"),
        ("It was too much to handle.", "overwhelmed"),
        ("I felt nothing at all.", "numb"),
        ("I don’t know why. I’m relieved.", "relieved"),
        ("She said she was grateful, which moved me.", "tender"),
    ],
)
def test_a_feeling_of_the_writer_is_suggested(text: str, feeling: str) -> None:
    assert feeling in suggested(text)


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("I wasn't angry.", "angry"),
        ("I was not at all angry.", "angry"),
        ("I wasn’t angry.", "angry"),
        ("I am no longer sad.", "sad"),
        ("I don't think I was jealous.", "jealous"),
        ("I was far from calm.", "calm"),
        ("She was furious with me.", "angry"),
        ("I felt her anger.", "angry"),
        ("The patient's fear filled the room.", "afraid"),
        ("The patient was terrified.", "afraid"),
        ("I sat with an anxious client.", "anxious"),
        ("My mother was sad.", "sad"),
        ("We knew that Maria seemed lonely.", "lonely"),
        ("I used to be frustrated.", "frustrated"),
        ("I would have been sad.", "sad"),
        ("I want to feel calm.", "calm"),
        ("Happy birthday!", "happy"),
        ("What happened there?", "happy"),
    ],
)
def test_a_feeling_denied_imagined_or_of_another_is_not(text: str, feeling: str) -> None:
    assert feeling not in suggested(text)


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("I said no to the extra shift.", "boundaries"),
        ("I brought it to supervision.", "supervision"),
        ("We were short staffed again.", "workload"),
        ("He died in the night.", "loss"),
        ("She shouted at me at the nurses' station.", "conflict"),
        ("I didn't sleep.", "sleep"),
        ("My sister called.", "family"),
        ("It went against my values.", "moral distress"),
        ("The rent is due.", "money"),
    ],
)
def test_a_theme_is_suggested_whenever_it_is_spoken_of(text: str, theme: str) -> None:
    assert theme in suggested(text)


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "…?!", "😀😀", "12 34", "A table and a chair."])
def test_nothing_is_suggested_where_there_is_nothing(text: str) -> None:
    assert TAGGER.suggest(text) == ()


def test_one_faint_word_is_not_enough_and_two_are() -> None:
    assert "workload" not in suggested("We had many hours.")
    assert "workload" in suggested("We had many hours and so many emails.")


def test_confidence_grows_with_different_words_and_not_with_repetition() -> None:
    def sure(text: str) -> float:
        return next(tag.confidence or 0.0 for tag in TAGGER.suggest(text) if tag.name == "angry")

    assert sure("I was angry.") == sure("I was angry, angry, angry.") == 0.7
    assert sure("I was angry.") < sure("I was angry and furious.") < SUREST
    assert sure("I was angry, furious, livid, enraged, outraged and seething.") == SUREST


def test_the_surest_tag_comes_first() -> None:
    confidences = [tag.confidence for tag in TAGGER.suggest("I was angry and furious, tired, and my sister called.")]
    assert confidences == sorted(confidences, key=lambda confidence: -(confidence or 0.0))


def test_a_longer_phrase_counts_instead_of_its_words() -> None:
    (tag,) = [tag for tag in TAGGER.suggest("I had a panic attack.") if tag.name == "anxious"]
    assert [span.text for span in tag.evidence] == ["panic attack"]
    assert tag.confidence == 0.7


def test_the_words_inside_a_phrase_still_count_for_other_tags() -> None:
    assert {"loss", "clients"} <= suggested("I lost a patient.")
    assert {"satisfied", "happy"} <= suggested("I was happy with it.")


def test_the_words_inside_a_fixed_phrase_count_for_nothing() -> None:
    assert suggested("I worked out.") == {"exercise"}


@given(
    st.lists(
        st.sampled_from(
            ["I", "was", "not", "angry", "so", "she", "sad", "İstanbul", "ﬁne", "ß", "😀", "don’t", ",", ". "]
        )
        | st.text(max_size=8)
    ).map(" ".join)
)
def test_evidence_is_where_it_says_it_is(text: str) -> None:
    tags = TAGGER.suggest(text)
    assert tags == TAGGER.suggest(text)
    for tag in tags:
        assert tag.evidence
        assert 0 < (tag.confidence or 0) <= SUREST
        spans = [(span.start, span.end) for span in tag.evidence]
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert all(span.text == text[span.start : span.end] for span in tag.evidence)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["I was so happy with my family. ", " ", "a", "a'", "😀happy ", "\x00\x01", "he ", "i not if want ", "."]
)
def test_a_megabyte_of_anything_is_read_in_one_pass(piece: str) -> None:
    tags = TAGGER.suggest(piece * (1_000_000 // len(piece)))
    assert all(len(tag.evidence) <= MOST_EVIDENCE for tag in tags)
    assert ("happy" in {tag.name for tag in tags}) == ("happy" in piece)


def test_every_tag_has_words_and_every_word_a_tag() -> None:
    lexicon = tomllib.loads(files("journal.tags").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    assert set(lexicon["feelings"]) == set(FEELINGS)
    assert set(lexicon["themes"]) == set(THEMES)
    for name, strengths in (lexicon["feelings"] | lexicon["themes"]).items():
        assert set(strengths) == {"strong", "fair", "faint"}, name
        for phrases in strengths.values():
            assert len(set(phrases)) == len(phrases), name
            assert all(phrase == phrase.casefold().strip() for phrase in phrases)
