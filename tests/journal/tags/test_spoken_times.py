from __future__ import annotations

from core.transcript import Word
from journal.entry import Span, Tag
from journal.tags.spoken_times import timed

TEXT = "I was angry and then I was not"


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(text=word, start=at, end=at + 0.5, probability=1) for at, word in enumerate(text.split()))


def tag(text: str, evidence: str) -> Tag:
    start = text.index(evidence)
    return Tag(name="angry", kind="feeling", evidence=(Span(text=evidence, start=start, end=start + len(evidence)),))


def test_evidence_has_the_times_of_its_words() -> None:
    (found,) = timed([tag(TEXT, "angry and then")], TEXT, words(TEXT))
    assert (found.evidence[0].start_seconds, found.evidence[0].end_seconds) == (2, 4.5)


def test_words_that_were_corrected_are_passed_over() -> None:
    corrected = TEXT.replace("angry", "furious")
    (found,) = timed([tag(corrected, "was furious and")], corrected, words(TEXT))
    assert (found.evidence[0].start_seconds, found.evidence[0].end_seconds) == (1, 3.5)


def test_evidence_without_a_word_that_was_heard_has_no_time() -> None:
    added = TEXT + " so there"
    (found,) = timed([tag(added, "so there")], added, words(TEXT))
    assert found.evidence[0].start_seconds is None


def test_a_typed_text_has_no_times() -> None:
    assert timed([tag(TEXT, "angry")], TEXT, ()) == (tag(TEXT, "angry"),)
