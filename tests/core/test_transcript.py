from __future__ import annotations

import pytest

from core.transcript import Transcript, Word


def transcript(probabilities: list[float], noise_seconds: float) -> Transcript:
    words = tuple(
        Word(text="word", start=at, end=at + 0.5, probability=probability)
        for at, probability in enumerate(probabilities)
    )
    return Transcript(text="", language="en", duration_seconds=60, words=words, noise_seconds=noise_seconds)


@pytest.mark.parametrize(
    ("probabilities", "noise_seconds", "mostly_noise"),
    [
        pytest.param([0.9] * 4, 0.0, False, id="clear speech in silence"),
        pytest.param([0.9] * 4, 30.0, False, id="clear speech, and a loud room around it"),
        pytest.param([0.2] * 4, 0.0, False, id="mumbled, but there was nothing else"),
        pytest.param([0.9, 0.2, 0.2, 0.2], 30.0, True, id="few words in much noise"),
        pytest.param([0.2] * 40, 10.0, False, id="more speech than noise"),
        pytest.param([0.2], 1.0, False, id="a door"),
        pytest.param([], 30.0, True, id="no word in much noise"),
        pytest.param([], 0.0, False, id="silence"),
    ],
)
def test_mostly_noise(probabilities: list[float], noise_seconds: float, mostly_noise: bool) -> None:
    assert transcript(probabilities, noise_seconds).mostly_noise == mostly_noise


def test_a_word_is_uncertain_when_it_is_as_often_wrong_as_right() -> None:
    assert [word.uncertain for word in transcript([0.0, 0.49, 0.5, 1.0], 0).words] == [True, True, False, False]
