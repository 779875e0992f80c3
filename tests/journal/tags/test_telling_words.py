from __future__ import annotations

import numpy as np

from journal.tags.telling_words import TellingWords

TEXTS = ["I slept badly.", "She called, and she called again.", "I slept, and she called."]
TELLING = TellingWords.learn([*TEXTS, *TEXTS])


def test_a_choice_of_texts_is_as_if_the_others_were_not_there() -> None:
    kept = np.array([[True, False, True], [True, True, True], [False, False, False]])
    rows = TELLING.rows(TEXTS, kept)
    for row, choice in zip(rows, kept, strict=True):
        chosen = [text for text, keep in zip(TEXTS, choice, strict=True) if keep]
        alone = TELLING.rows(chosen, np.ones((1, len(chosen)), bool))[0]
        assert np.allclose(row, alone, atol=1e-6)
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 1, 0])


def test_words_that_nobody_learned_say_nothing() -> None:
    assert not TELLING.rows(["Quetzal!"], np.ones((1, 1), bool)).any()
    assert TELLING.rows([], np.ones((1, 0), bool)).shape == (1, len(TELLING.vocabulary))
