"""The word list behind suggested tags, and a matcher that reads a text once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final, Literal, NamedTuple

WEIGHTS: Final = {"strong": 0.7, "fair": 0.45, "faint": 0.25}


@dataclass(frozen=True, slots=True)
class Cue:
    """One tag that a phrase suggests, and how much it weighs (0 to 1)."""

    name: str
    kind: Literal["feeling", "theme"]
    weight: float


class Match(NamedTuple):
    """A phrase of the lexicon at words ``first`` to ``last`` (inclusive) of a text."""

    first: int
    last: int
    phrase: str
    cues: Sequence[Cue]


@dataclass(slots=True)
class _Node:
    """A place in the tree of phrases: the words that may follow, and the cues of a phrase that ends here."""

    following: dict[str, _Node] = field(default_factory=dict)
    phrase: str | None = None
    cues: list[Cue] = field(default_factory=list)
    fixed: bool = False


class Lexicon:
    """Phrases and their cues as a tree over words; a match costs at most a few steps per word of the text."""

    def __init__(self) -> None:
        self._root = _Node()
        self._words: set[str] = set()
        self._stems: set[str] = set()
        self._longest_stem = 0

    def add(self, phrase: str, cue: Cue | None) -> None:
        """Adds a phrase in the notation of ``lexicon.toml``; without a cue it becomes a fixed one."""
        for words in product(*(_forms(word) for word in phrase.split())):
            node = self._root
            for word in words:
                if word.endswith("*"):
                    self._stems.add(word)
                    self._longest_stem = max(self._longest_stem, len(word) - 1)
                else:
                    self._words.add(word)
                node = node.following.setdefault(word, _Node())
            node.phrase = phrase
            if cue is None:
                node.fixed = True
            else:
                node.cues.append(cue)

    def matches(self, words: Sequence[str]) -> Iterator[Match]:
        """Phrases in casefolded ``words`` from left to right, the longer first; nothing inside a fixed one."""
        keys = {word: self._keys(word) for word in set(words)}
        at = 0
        while at < len(words):
            endings = self._endings(words, keys, at) if keys[words[at]] else []
            fixed = max((last for last, node in endings if node.fixed), default=at)
            for last, node in reversed(endings):
                if node.cues and last >= fixed:
                    yield Match(at, last, node.phrase or "", node.cues)
            at = fixed + 1

    def _endings(self, words: Sequence[str], keys: dict[str, tuple[str, ...]], first: int) -> list[tuple[int, _Node]]:
        """Phrases that begin at word ``first``: the position of the last word of each, and its place in the tree."""
        nodes = [self._root]
        endings: list[tuple[int, _Node]] = []
        for last in range(first, len(words)):
            nodes = [node.following[key] for node in nodes for key in keys[words[last]] if key in node.following]
            if not nodes:
                break
            endings += [(last, node) for node in nodes if node.phrase is not None]
        return endings

    def _keys(self, word: str) -> tuple[str, ...]:
        """The word itself and each stem it begins with, as far as the lexicon has them."""
        lengths = range(1, min(len(word), self._longest_stem) + 1)
        stems = (stem for length in lengths if (stem := word[:length] + "*") in self._stems)
        return (*((word,) if word in self._words else ()), *stems)


@cache
def shipped() -> Lexicon:
    """The lexicon that comes with Outbreath, read once."""
    data = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))
    lexicon = Lexicon()
    for phrase in data["fixed"]:
        lexicon.add(phrase, None)
    kinds: tuple[tuple[str, Literal["feeling", "theme"]], ...] = (("feelings", "feeling"), ("themes", "theme"))
    for table, kind in kinds:
        for name, strengths in data[table].items():
            for strength, phrases in strengths.items():
                for phrase in phrases:
                    lexicon.add(phrase, Cue(name, kind, WEIGHTS[strength]))
    return lexicon


def _forms(word: str) -> tuple[str, ...]:
    """What a word of the lexicon stands for: itself, or with ``~`` its regular English endings."""
    if not word.endswith("~"):
        return (word,)
    word = word[:-1]
    if word.endswith("e"):
        return word, word + "s", word + "d", word[:-1] + "ing"
    if re.search(r"[^aeiou]y$", word):
        return word, word[:-1] + "ies", word[:-1] + "ied", word + "ing"
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word, word + "es", word + "ed", word + "ing"
    if re.search(r"^[^aeiou]*[aeiou][^aeiouwxy]$", word):
        doubled = word + word[-1]
        return word, word + "s", doubled + "ed", doubled + "ing"
    return word, word + "s", word + "ed", word + "ing"
