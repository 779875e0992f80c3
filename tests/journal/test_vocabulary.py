from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadArchive, BadValue
from journal.exporting import export
from journal.importing import import_
from journal.notebook import Notebook
from journal.vocabulary import LONGEST_WORD_CHARACTERS, MOST_WORDS
from tests.journal.journals import opened


def test_words_are_kept_as_they_are_spelt_in_the_order_they_came(notebook: Notebook) -> None:
    vocabulary = notebook.vocabulary
    vocabulary.add("metoprolol")
    assert vocabulary.add("  Dr.   Okafor ") == ("metoprolol", "Dr. Okafor")
    assert vocabulary.add("metoprolol") == ("metoprolol", "Dr. Okafor")
    assert vocabulary.remove("metoprolol") == ("Dr. Okafor",)
    assert vocabulary.remove("nobody") == ("Dr. Okafor",)


@pytest.mark.parametrize("word", ["", "  ", "--", "a,b", "x" * (LONGEST_WORD_CHARACTERS + 1), "a\x07b", "\u202eabc"])
def test_what_is_no_word_is_refused(notebook: Notebook, word: str) -> None:
    with pytest.raises(BadValue):
        notebook.vocabulary.add(word)
    assert notebook.vocabulary.words() == ()


def test_there_is_room_for_so_many(notebook: Notebook) -> None:
    for number in range(MOST_WORDS):
        notebook.vocabulary.add(f"word {number}")
    with pytest.raises(BadValue):
        notebook.vocabulary.add("one more")
    assert len(notebook.vocabulary.add("word 0")) == MOST_WORDS


def test_words_leave_with_everything_else_and_come_back(notebook: Notebook, tmp_path: Path) -> None:
    notebook.vocabulary.add("Anneliese")
    export(notebook, tmp_path / "out")
    assert (tmp_path / "out" / "vocabulary.txt").read_text(encoding="utf-8") == "Anneliese\n"
    with opened(tmp_path / "other") as other:
        other.vocabulary.add("haloperidol")
        import_(other, tmp_path / "out")
        assert other.vocabulary.words() == ("haloperidol", "Anneliese")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a,b\n", b"x" * 200_000])
def test_damaged_words_are_no_archive(notebook: Notebook, tmp_path: Path, content: bytes) -> None:
    export(notebook, tmp_path / "out")
    (tmp_path / "out" / "vocabulary.txt").write_bytes(content)
    with pytest.raises(BadArchive):
        import_(notebook, tmp_path / "out")
