"""The person's own words, which the recogniser expects."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.dependencies import Journal

router = APIRouter(tags=["vocabulary"], prefix="/vocabulary")

Word = Annotated[str, Path(max_length=200, description="A word or a name, as it is spelt.")]


@router.get("")
def vocabulary(notebook: Journal) -> tuple[str, ...]:
    """All of them, oldest first."""
    return notebook.vocabulary.words()


@router.put("/{word}")
def add(notebook: Journal, word: Word) -> tuple[str, ...]:
    """Expects a word from now on."""
    return notebook.vocabulary.add(word)


@router.delete("/{word}")
def remove(notebook: Journal, word: Word) -> tuple[str, ...]:
    """Expects a word no longer."""
    return notebook.vocabulary.remove(word)
