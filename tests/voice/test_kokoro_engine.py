from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ModelDamaged
from tests.voice.speaking import need_kokoro
from voice.kokoro_engine import LONGEST_PIECE_PHONEMES, STYLE_NUMBERS, STYLES, KokoroEngine, pieces, styles_of
from voice.model_store import ModelStore


@given(st.text(alphabet="ˈəɹ ,.;:—…", max_size=1200))
def test_a_long_sentence_is_spoken_in_pieces_that_hold_all_of_it(phonemes: str) -> None:
    found = pieces(phonemes)
    assert all(0 < len(piece) <= LONGEST_PIECE_PHONEMES < STYLES for piece in found)
    assert "".join("".join(found).split()) == "".join(phonemes.split())


def test_a_long_sentence_is_cut_at_its_last_pause_in_reach() -> None:
    clause = "ænd lˈɛt ðə nˈɛkst bɹˈɛθ kˈʌm bI ɪtsˈɛlf"
    found = pieces(", ".join([clause] * 9) + ".")
    assert len(found) > 1
    assert all(piece.endswith((",", ".")) for piece in found)


def test_without_a_pause_it_is_cut_between_words() -> None:
    found = pieces(" ".join(["bɹˈɛθ"] * 90))
    assert len(found) > 1
    assert all(set(piece.split()) == {"bɹˈɛθ"} for piece in found)


def test_there_is_a_style_for_each_number_of_phonemes(tmp_path: Path) -> None:
    numbers = np.arange(STYLES * STYLE_NUMBERS, dtype="<f4")
    numbers.tofile(tmp_path / "style.bin")
    styles = styles_of(tmp_path / "style.bin")
    assert styles.shape == (STYLES, STYLE_NUMBERS)
    assert styles.dtype == np.float32
    assert styles[2, 0] == 2 * STYLE_NUMBERS


@pytest.mark.parametrize("size", [0, 7, 4 * STYLES * STYLE_NUMBERS - 1, 4 * STYLES * STYLE_NUMBERS + 4])
def test_a_style_of_another_length_is_damaged(tmp_path: Path, size: int) -> None:
    (tmp_path / "style.bin").write_bytes(bytes(size))
    with pytest.raises(ModelDamaged):
        styles_of(tmp_path / "style.bin")


@pytest.mark.model
def test_hibari_pronounces_in_letters_that_the_model_knows(models_folder: Path) -> None:
    store = ModelStore(models_folder)
    need_kokoro(store)
    model = KokoroEngine(store)._model.get()
    said = model.pronounced("Dr. Okafor “waits” — for 4.5 minutes… Is anyone there? (Yes; always: here!)")
    assert len(said) == 3
    assert not {letter for sentence in said for letter in sentence} - set(model.alphabet)
