"""The person's own words, which the recogniser expects."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from api.dependencies import Parts

router = APIRouter(tags=["vocabulary"], prefix="/vocabulary")

Word = Annotated[str, Path(max_length=200, description="A word or a name, as it is spelt.")]


@router.get("")
def vocabulary(parts: Parts) -> tuple[str, ...]:
    """All of them, oldest first."""
    return parts.vocabulary.words()


@router.put("/{word}")
def add(parts: Parts, word: Word) -> tuple[str, ...]:
    """Expects a word from now on."""
    return parts.vocabulary.add(word)


@router.delete("/{word}")
def remove(parts: Parts, word: Word) -> tuple[str, ...]:
    """Expects a word no longer."""
    return parts.vocabulary.remove(word)
