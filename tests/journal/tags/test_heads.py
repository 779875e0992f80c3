from __future__ import annotations

import numpy as np
import pytest

from journal.tags.heads import FEWEST_WORDS_ALONE, Heads


def heads() -> Heads:
    one = np.ones(2, np.float32)
    return Heads(
        names=("work", "sleep"),
        weight=np.array([[4, 0, 0], [0, 4, 0]], np.float32),
        bias=-2 * one,
        slope=one,
        offset=0 * one,
        threshold=0.5 * one,
        near=np.array(0.8, np.float32),
    )


ROWS = np.array([[1.1, 0, 0], [0, 0.7, 0], [0, 0, 9]], np.float32)


def test_a_head_sees_its_own_columns_only() -> None:
    sure = heads().sure(ROWS)
    assert sure[2] == pytest.approx(heads().sure(0 * ROWS[:1])[0])
    assert heads().given(sure, [20, 20, 20]).tolist() == [[True, False], [False, True], [False, False]]


def test_a_sentence_by_itself_counts_if_it_is_sure_and_no_mere_word() -> None:
    assert heads().alone(ROWS, [FEWEST_WORDS_ALONE] * 3).tolist() == [pytest.approx(0.917, abs=0.01), 0.0]
    assert not heads().alone(ROWS, [FEWEST_WORDS_ALONE - 1] * 3).any()
