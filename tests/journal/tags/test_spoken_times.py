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


def test_a_word_that_is_said_everywhere_is_not_taken_from_another_place() -> None:
    heard = "I drove in and the rain was loud and I met the new lead at the lift and the day began"
    rewritten = "Later on I sat with the sister for an hour " + heard
    (added, kept) = timed(
        [tag(rewritten, "I sat with the"), tag(rewritten, "met the new lead")], rewritten, words(heard)
    )
    assert added.evidence[0].start_seconds is None
    assert (kept.evidence[0].start_seconds, kept.evidence[0].end_seconds) == (10, 13.5)


def test_times_go_on_behind_a_part_that_was_taken_out() -> None:
    heard = "the bus was late and the bus was full " * 30 + "and then I was angry at the agency"
    shortened = "and then I was angry at the agency"
    (found,) = timed([tag(shortened, "angry")], shortened, words(heard))
    assert (found.evidence[0].start_seconds, found.evidence[0].end_seconds) == (274, 274.5)


def test_marks_and_capitals_that_were_put_right_change_no_time() -> None:
    written = "I was angry. And, then: I was not!"
    (found,) = timed([tag(written, "And, then")], written, words(TEXT))
    assert (found.evidence[0].start_seconds, found.evidence[0].end_seconds) == (3, 4.5)


def test_a_text_that_is_another_one_altogether_has_no_times() -> None:
    other = "The sister of the new patient and the porter sang in the corridor for the whole of the night"
    heard = "We argued about the rota and nobody was willing to say what the manager had promised in the spring"
    assert all(
        span.start_seconds is None
        for span in timed([tag(other, "porter sang in the")], other, words(heard))[0].evidence
    )


def test_ten_thousand_words_that_are_all_alike_are_laid_side_by_side_in_time() -> None:
    heard = "word " * 15_000
    text = "so " + heard + "there"
    (found,) = timed([tag(text, "there")], text, words(heard))
    assert found.evidence[0].start_seconds is None
