"""Passages, vectors in four bits, and which of them are near."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.errors import ModelDamaged
from journal.meaning import encoder_files
from journal.meaning.encoder import WIDTH
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.meaning.nearness import MOST_COMPARED, VectorBlock
from journal.meaning.packing import PACKED_BYTES, packed, rows, unpacked
from journal.meaning.passages import MOST_PASSAGES, WORDS_PER_PASSAGE, passages

any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=400)


def some_vectors(count: int, seed: int = 1) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(count, WIDTH)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


# --- Passages ---------------------------------------------------------------------------------------------------------


@given(any_text)
def test_passages_of_any_text_lie_in_it_one_after_the_other(text: str) -> None:
    at = 0
    for passage in passages(text):
        assert at <= passage.start < passage.end <= len(text)
        assert any(map(str.isalnum, text[passage.start : passage.end]))
        at = passage.end


@given(st.lists(st.integers(1, 30), min_size=1, max_size=60))
def test_every_word_is_in_a_passage_and_passages_end_with_sentences(lengths: list[int]) -> None:
    text = " ".join("word " * (length - 1) + "word." for length in lengths)
    found = [text[passage.start : passage.end] for passage in passages(text)]
    assert " ".join(found) == text
    assert all(len(passage.split()) <= 2 * WORDS_PER_PASSAGE for passage in found)


@pytest.mark.parametrize("text", ["", "  \n", "...", "🙂", "\u200f\u200e"])
def test_where_there_is_nothing_to_read_there_is_no_passage(text: str) -> None:
    assert passages(text) == []


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "a " * 400_000, " " * 1_000_000, "no. " * 250_000], ids=lambda t: t[:3]
)
def test_a_megabyte_has_bounded_passages(text: str) -> None:
    started = time.perf_counter()
    found = passages(text)
    assert len(found) <= MOST_PASSAGES
    assert all(passage.end - passage.start < 40_000 for passage in found)
    assert time.perf_counter() - started < 20


# --- Four bits --------------------------------------------------------------------------------------------------------


def test_four_bits_keep_the_direction() -> None:
    vectors = some_vectors(200)
    kept = packed(vectors)
    assert len(kept) == 200 * PACKED_BYTES
    again = unpacked(rows(kept))
    assert np.sum(vectors * again, axis=1).min() > 0.985
    assert np.allclose(np.linalg.norm(again, axis=1), 1)


def test_nothing_can_be_packed_too() -> None:
    assert packed(np.zeros((0, WIDTH), np.float32)) == b""
    assert np.isfinite(unpacked(rows(packed(np.zeros((1, WIDTH), np.float32))))).all()


# --- Near ones --------------------------------------------------------------------------------------------------------


def block_of(vectors: NDArray[np.float32], passages_each: int = 2) -> VectorBlock:
    starts = range(0, len(vectors), passages_each)
    return VectorBlock.empty().with_more(
        [(100 + start, start, packed(vectors[start : start + passages_each])) for start in starts]
    )


def test_the_nearest_are_those_of_a_full_comparison() -> None:
    vectors = some_vectors(4 * MOST_COMPARED)
    asked = vectors[123] + 0.3 * vectors[4000]
    asked /= np.linalg.norm(asked)
    found = block_of(vectors).nearest(asked, 50)
    assert list(found)[:2] == [122, 4000]
    assert (found[122].passage, found[122].kept) == (1, 222)
    exact = vectors @ asked
    assert found[122].nearness == pytest.approx(float(exact[123]), abs=0.03)
    assert [near.nearness for near in found.values()] == sorted(
        (near.nearness for near in found.values()), reverse=True
    )


def test_only_some_entries_can_be_asked_for() -> None:
    block = block_of(some_vectors(100))
    assert set(block.nearest(some_vectors(1, 2)[0], 50, np.array([2, 40, 777]))) == {2, 40}
    assert set(block.compared(some_vectors(1, 2)[0], [4, 999])) == {4}


def test_newer_vectors_of_an_entry_take_the_place_of_older_ones() -> None:
    vectors = some_vectors(6)
    block = block_of(vectors).with_more([(500, 2, packed(vectors[:1]))])
    assert len(block) == 5
    near = block.nearest(vectors[0], 50)
    assert near[2].kept == 500
    assert near[2].nearness == pytest.approx(near[0].nearness)
    assert 2 not in block.without([500]).nearest(vectors[0], 50)


def test_without_vectors_nothing_is_near() -> None:
    assert VectorBlock.empty().nearest(some_vectors(1)[0], 50) == {}
    assert VectorBlock.empty().mean_of(1) is None
    assert VectorBlock.empty().with_more([(1, 1, b"")]).nearest(some_vectors(1)[0], 50) == {}


# --- The encoder ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def encoder() -> MiniLmEncoder:
    return MiniLmEncoder(threads=1)


@pytest.mark.model
def test_what_means_alike_is_near(encoder: MiniLmEncoder) -> None:
    texts = ["I could not sleep after the night shift.", "lying awake all day", "The surgeon shouted at me.", ""]
    awake, tired, angry, nothing = encoder.vectors(texts)
    assert awake @ tired > awake @ angry + 0.1
    assert np.isfinite(nothing).all()
    assert np.linalg.norm(awake) == pytest.approx(1, abs=1e-5)
    assert encoder.vectors([]).shape == (0, WIDTH)


@pytest.mark.model
def test_the_same_text_gives_the_same_vector_beside_any_others(encoder: MiniLmEncoder) -> None:
    alone = encoder.vectors(["a quiet night"])[0]
    beside = encoder.vectors(["a quiet night", "word " * 300, "x"])[0]
    assert alone @ beside > 0.999
    assert np.array_equal(encoder.vectors(["a quiet night"])[0], alone)


@pytest.mark.model
def test_what_a_text_means_is_what_its_stretches_mean_together(encoder: MiniLmEncoder) -> None:
    text = "I slept badly. My sister called in the evening."
    ((first, second, nothing),) = encoder.stretch_vectors([text], [[(0, 14), (15, len(text)), (14, 15)]])
    whole = encoder.vectors([text])[0]
    together = first + second
    assert whole @ together / np.linalg.norm(together) > 0.95
    assert not nothing.any()
    asleep, called = encoder.vectors(["sleepless", "a phone call with family"])
    assert first @ asleep / np.linalg.norm(first) > second @ asleep / np.linalg.norm(second)
    assert second @ called / np.linalg.norm(second) > first @ called / np.linalg.norm(first)


@pytest.mark.model
def test_vectors_that_were_made_on_the_way_are_those_of_another_encoder(encoder: MiniLmEncoder) -> None:
    texts = ["I slept badly. " * 6, "My sister called.", "x"]
    encoder.stretch_vectors(texts, [[(0, 5)], [], [(0, 1)]])
    assert np.array_equal(encoder.vectors(texts), MiniLmEncoder(threads=2).vectors(texts))
    encoder.vectors(texts)[0] = 0
    assert encoder.vectors(texts)[0].any()


@pytest.mark.model
def test_any_text_has_a_vector_in_no_time(encoder: MiniLmEncoder) -> None:
    odd = ["x" * 1_000_000, " " * 1_000_000, "🙂" * 5_000, "\u200f" * 1_000, "\0", "ж" * 10_000]
    started = time.perf_counter()
    assert np.isfinite(encoder.vectors(odd)).all()
    assert time.perf_counter() - started < 20


@pytest.mark.model
def test_words_of_the_language_are_told_from_slips(encoder: MiniLmEncoder) -> None:
    assert encoder.is_word("Supervision")
    assert not encoder.is_word("supervison")


def test_a_changed_file_is_not_loaded(tmp_path: Path) -> None:
    for file in encoder_files.FOLDER.iterdir():
        (tmp_path / file.name).symlink_to(file)
    encoder_files.check(tmp_path)
    (tmp_path / "config.json").unlink()
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelDamaged):
        MiniLmEncoder(tmp_path).vectors(["word"])
    with pytest.raises(ModelDamaged):
        MiniLmEncoder(tmp_path).warm()
    assert MiniLmEncoder(tmp_path).version == MiniLmEncoder().version


def test_the_shipped_files_are_the_ones_on_the_list() -> None:
    encoder_files.check()
    assert sum(file.stat().st_size for file in encoder_files.FOLDER.iterdir()) < 26_000_000
