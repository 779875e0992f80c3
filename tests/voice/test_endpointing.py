import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.endpointing import (
    FRAME_SECONDS,
    LONG_SECONDS,
    LONGEST_SECONDS,
    MIN_SILENCE_SECONDS,
    MIN_SILENCE_WHEN_LONG_SECONDS,
    PADDING_SECONDS,
    Endpointer,
    Span,
)


def frames(seconds: float) -> int:
    return round(seconds / FRAME_SECONDS)


def spans_of(probabilities: list[float]) -> list[Span]:
    endpointer = Endpointer()
    found = [endpointer.push(probability) for probability in probabilities]
    return [span for span in [*found, endpointer.finish()] if span]


def speech(seconds: float) -> list[float]:
    return [0.95] * frames(seconds)


def silence(seconds: float) -> list[float]:
    return [0.02] * frames(seconds)


def test_silence_gives_nothing() -> None:
    assert spans_of(silence(60)) == []


def test_speech_is_found_with_padding_on_both_sides() -> None:
    (span,) = spans_of(silence(2) + speech(3) + silence(2))
    assert span == (frames(2) - frames(PADDING_SECONDS), frames(2) + frames(3) + frames(PADDING_SECONDS))


def test_a_short_pause_stays_inside_and_a_long_one_divides() -> None:
    assert len(spans_of(speech(1) + silence(MIN_SILENCE_SECONDS - 0.1) + speech(1))) == 1
    assert len(spans_of(speech(1) + silence(MIN_SILENCE_SECONDS + 0.1) + speech(1))) == 2


def test_who_has_spoken_for_long_is_cut_at_a_shorter_pause() -> None:
    breath = silence(MIN_SILENCE_WHEN_LONG_SECONDS + 0.1)
    assert len(spans_of(speech(LONG_SECONDS - 2) + breath + speech(1))) == 1
    assert len(spans_of(speech(LONG_SECONDS) + breath + speech(1))) == 2


def test_how_long_nobody_has_spoken() -> None:
    endpointer = Endpointer()
    for probability in silence(2) + speech(1) + silence(3):
        endpointer.push(probability)
    assert endpointer.silent_seconds == pytest.approx(3, abs=0.04)
    assert Endpointer().silent_seconds == 0


def test_a_cut_in_the_middle_loses_no_frame() -> None:
    endpointer = Endpointer()
    for probability in speech(3):
        assert endpointer.push(probability) is None
    first = endpointer.finish()
    for probability in speech(2):
        assert endpointer.push(probability) is None
    assert [first, endpointer.finish()] == [(0, frames(3)), (frames(3), frames(5))]


def test_a_click_is_not_speech() -> None:
    assert spans_of(silence(1) + speech(0.1) + silence(1)) == []


def test_a_hesitant_voice_is_kept_between_the_two_thresholds() -> None:
    (span,) = spans_of(silence(1) + speech(0.5) + [0.4] * frames(2) + silence(1))
    assert span.end - span.start >= frames(2.5)


def test_speech_that_never_pauses_is_cut_at_its_quietest_point() -> None:
    quiet_at = frames(LONGEST_SECONDS - 5)
    long = speech(2 * LONGEST_SECONDS - 8)
    long[quiet_at] = 0.6
    first, second = spans_of(long)
    assert first == (0, quiet_at)
    assert second == (quiet_at, len(long))


def test_the_rest_after_a_cut_is_kept_however_short() -> None:
    long = speech(LONGEST_SECONDS)
    long[-3] = 0.6
    first, second = spans_of(long)
    assert first.end == second.start == len(long) - 3


def test_a_span_is_given_as_soon_as_the_pause_is_long_enough() -> None:
    endpointer = Endpointer()
    for probability in silence(1) + speech(1):
        assert endpointer.push(probability) is None
    waited = next(count for count in range(1, 1000) if endpointer.push(0.0))
    assert waited == frames(MIN_SILENCE_SECONDS)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(1, 400)), max_size=30))
def test_spans_are_in_order_apart_and_short_enough_and_hold_every_clear_word(runs: list[tuple[float, int]]) -> None:
    probabilities = [probability for probability, count in runs for _ in range(count)]
    endpointer = Endpointer()
    spans, needed = [], 0
    for probability in probabilities:
        span = endpointer.push(probability)
        if span:
            # Nothing may be asked for that the caller was told it can let go.
            assert span.start >= needed
            spans.append(span)
        assert endpointer.pending_from >= needed
        needed = endpointer.pending_from
    last = endpointer.finish()
    spans += [last] if last else []
    for span in spans:
        assert 0 <= span.start < span.end <= len(probabilities)
        assert span.end - span.start <= frames(LONGEST_SECONDS)
    for before, after in itertools.pairwise(spans):
        assert before.end <= after.start
    inside = {frame for span in spans for frame in range(*span)}
    at = 0
    for probability, count in runs:
        if probability >= 0.5 and count >= frames(0.5):
            assert inside.issuperset(range(at, at + count))
        at += count
