"""Suggests tags from a word list. Simple, honest, and always able to say which words it went by."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from journal.entry import Span, Tag, TagKind
from journal.tags import lexicon
from journal.tags.clauses import Reading

SUGGESTED_FROM: Final = 0.4
"""Confidence below which nothing is suggested: one faint word alone (0.25) is not enough."""

SUREST: Final = 0.95
"""A list of words is never certain."""

MOST_EVIDENCE: Final = 12
"""Spans kept per tag; a long entry may hold thousands."""


MOST_REMEMBERED: Final = 1
"""Texts whose reading is kept at hand, in memory only: one is asked first what it denies, and then what it says."""


@dataclass(slots=True)
class Found:
    """What speaks for one tag: the weight of each different phrase, and where they stand."""

    kind: TagKind
    weights: dict[str, float] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    last: int = -1
    """The last word that was taken as evidence; a word counts once."""

    def learns_from(self, match: lexicon.Match) -> bool:
        """False when its words were counted, or say nothing new and there is no room to show them once more."""
        if match.first <= self.last:
            return False
        return match.phrase not in self.weights or len(self.spans) < MOST_EVIDENCE

    def add(self, match: lexicon.Match, weight: float, reading: Reading) -> None:
        self.last = match.last
        self.weights[match.phrase] = weight
        if len(self.spans) < MOST_EVIDENCE:
            start, end = reading.starts[match.first], reading.ends[match.last]
            self.spans.append(Span(text=reading.text[start:end], start=start, end=end))

    @property
    def confidence(self) -> float:
        """Each different phrase removes its share of the remaining doubt; saying it twice removes no more."""
        doubt = 1.0
        for weight in self.weights.values():
            doubt *= 1.0 - weight
        return round(min(SUREST, 1.0 - doubt), 3)


class LexiconTagger:
    """A :class:`~journal.tags.suggester.TagSuggester` over ``lexicon.toml``.

    Confidence is ``1 - (1 - w1)(1 - w2)…`` over the *different* phrases found, with w = 0.7, 0.45 or 0.25 for a strong,
    fair or faint one: it grows with evidence and stays below 0.95. It orders tags; it is no measured probability.
    Feelings count only when they are the writer's own and felt (:mod:`journal.tags.clauses`); a theme counts
    whenever it is spoken of.
    """

    @property
    def version(self) -> str:
        return "lexicon-1"

    def warm(self) -> None:
        lexicon.shipped()

    def suggest(self, text: str) -> tuple[Tag, ...]:
        tags = (
            Tag(name=name, kind=tag.kind, confidence=tag.confidence, evidence=tuple(tag.spans))
            for name, tag in _findings(_read(text)).items()
            if tag.confidence >= SUGGESTED_FROM
        )
        return tuple(sorted(tags, key=lambda tag: (-(tag.confidence or 0.0), tag.name)))


@lru_cache(MOST_REMEMBERED)
def _read(text: str) -> Reading:
    return Reading(text)


def findings(text: str) -> dict[str, Found]:
    """What speaks for each tag, however little."""
    return _findings(Reading(text))


def _findings(reading: Reading) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for match in lexicon.shipped().matches(reading.words):
        news = [cue for cue in match.cues if cue.name not in found or found[cue.name].learns_from(match)]
        for cue in news:
            if cue.kind == "theme" or reading.felt(match.first, match.last, cue.name):
                found.setdefault(cue.name, Found(cue.kind)).add(match, cue.weight, reading)
    return found


@dataclass(frozen=True, slots=True)
class Denials:
    """What is named and not felt: "I wasn't angry", "she was sad".

    ``clauses`` are characters of the clauses that name such a feeling and none that the writer has; ``names`` are the
    feelings that are named, and nowhere as the writer's.
    """

    clauses: tuple[tuple[int, int], ...]
    names: frozenset[str]


def denials(text: str) -> Denials:
    """The feelings that a text speaks of and denies."""
    reading = _read(text)
    clauses: dict[tuple[int, int], bool] = {reading.clause(at, at): False for at in reading.turned_at_writer()}
    names: dict[str, bool] = {}
    for match in lexicon.shipped().matches(reading.words):
        for cue in match.cues:
            if cue.kind == "feeling" and cue.weight > lexicon.WEIGHTS["faint"]:
                felt = reading.felt(match.first, match.last, cue.name)
                clause = reading.clause(match.first, match.last)
                clauses[clause] = clauses.get(clause, False) or felt
                names[cue.name] = names.get(cue.name, False) or felt
    denied = sorted((reading.starts[first], reading.ends[last]) for (first, last), felt in clauses.items() if not felt)
    return Denials(tuple(denied), frozenset(name for name, felt in names.items() if not felt))
