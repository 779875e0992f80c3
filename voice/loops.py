"""Loops: a decoder that lost the thread says the same few words over and over. People repeat themselves less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

FEWEST_ROUNDS: Final = 5
LONGEST_ROUND_WORDS: Final = 8


def without_loops(words: Sequence[str]) -> list[int]:
    """Places of the words to keep: all of them, but of a loop only its first round.

    A loop is a phrase of at most ``LONGEST_ROUND_WORDS`` words that comes at least ``FEWEST_ROUNDS`` times in a row,
    whatever its punctuation and case.
    """
    plain = [word.strip(".,!?;:…-\"'").lower() for word in words]
    kept: list[int] = []
    at = 0
    while at < len(plain):
        length, rounds = _loop_at(plain, at)
        kept.extend(range(at, at + length))
        at += length * rounds
    return kept


def _loop_at(words: Sequence[str], at: int) -> tuple[int, int]:
    """Words in a round and rounds of the loop that begins here; one word, once, where none does."""
    for length in range(1, LONGEST_ROUND_WORDS + 1):
        first = words[at : at + length]
        rounds = 1
        while words[at + rounds * length : at + (rounds + 1) * length] == first:
            rounds += 1
        if rounds >= FEWEST_ROUNDS:
            return length, rounds
    return 1, 1
