"""What of a text is read: its English sentences, and for feelings only what the writer feels.

Both readings have the length of the text, with spaces for what is left out, so that offsets stay true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from journal.meaning.sentences import Sentence
from journal.tags.english import is_english
from journal.tags.lexicon_tagger import Denials, denials
from journal.tags.passages import LONGEST_SENTENCE_CHARACTERS, passages, sentences


@dataclass(frozen=True, slots=True)
class PreparedText:
    """A text made ready for the heads.

    ``felt`` is ``read`` without the clauses in which a feeling is denied, past or another person's; ``denied`` are
    feelings that are named in no other way.
    """

    read: str
    felt: str
    denied: frozenset[str]
    passages: tuple[tuple[Sentence, ...], ...]

    @property
    def felt_passages(self) -> list[tuple[Sentence, ...]]:
        """The passages without the sentences in which nothing is left that the writer feels."""
        lettered = (
            tuple(one for one in passage if any(map(str.isalpha, self.felt[one.start : one.end])))
            for passage in self.passages
        )
        return [passage for passage in lettered if passage]


def prepared(text: str) -> PreparedText:
    """The text without what is not read; empty of sentences if most of it is not English."""
    found = [sentence._replace(end=_cut(sentence)) for sentence in sentences(text)]
    english = [sentence for sentence in found if is_english(text[sentence.start : sentence.end])]
    if 2 * sum(sentence.words for sentence in english) <= sum(sentence.words for sentence in found):
        english = []
    read = _only(text, ((sentence.start, sentence.end) for sentence in english))
    denied = denials(read) if english else Denials((), frozenset())
    return PreparedText(read, _without(read, denied.clauses), denied.names, tuple(map(tuple, passages(english))))


def plain(text: str, start: int, end: int) -> str:
    """The words between two offsets, with single spaces."""
    return " ".join(text[start:end].split())


def _cut(sentence: Sentence) -> int:
    return min(sentence.end, sentence.start + LONGEST_SENTENCE_CHARACTERS)


def _without(text: str, left_out: Iterable[tuple[int, int]]) -> str:
    """The text with spaces for some stretches, which come in order and may overlap."""
    pieces: list[str] = []
    at = 0
    for start, end in left_out:
        pieces += [text[at:start], " " * (end - max(at, start))]
        at = max(at, end)
    return "".join([*pieces, text[at:]])


def _only(text: str, kept: Iterable[tuple[int, int]]) -> str:
    """The text with spaces for all but the kept stretches."""
    pieces: list[str] = []
    at = 0
    for start, end in kept:
        pieces += [" " * (start - at), text[start:end]]
        at = end
    return "".join([*pieces, " " * (len(text) - at)])
