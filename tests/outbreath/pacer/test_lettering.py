from __future__ import annotations

import pytest

from outbreath.pacer.layout import LARGE_LETTERS_COLUMNS
from outbreath.pacer.lettering import HEIGHT_PIXELS, lettering
from sessions.breathing import PATTERNS, pattern

CAPTIONS = {phase.caption for each in (*PATTERNS.values(), pattern("1-1-1-1")) for phase in each.phases}


@pytest.mark.parametrize("text", [*sorted(caption.rstrip(".") for caption in CAPTIONS), "Paused"])
def test_every_word_of_a_breath_can_be_written_large(text: str) -> None:
    mask = lettering(text)
    assert mask is not None
    assert mask.shape[0] == HEIGHT_PIXELS
    assert mask.shape[1] <= LARGE_LETTERS_COLUMNS
    # It reaches from edge to edge, so that it stands in the middle.
    assert mask[:, 0].any()
    assert mask[:, -1].any()
    assert 0 <= mask.min() < mask.max() == 1


@pytest.mark.parametrize("number", range(0, 61, 7))
def test_every_count_can_be_written_large(number: int) -> None:
    assert lettering(str(number)) is not None


@pytest.mark.parametrize("text", ["", " ", "Einatmen", "Breathe in!"])
def test_what_cannot_be_written_is_told(text: str) -> None:
    assert lettering(text) is None


def test_letters_differ() -> None:
    masks = {letter: lettering(letter) for letter in "ABHPRadehilmnorstu0123456789"}
    assert len({(mask.shape, mask.tobytes()) for mask in masks.values() if mask is not None}) == len(masks)
