"""Suggestions after what a person decided about entries alike, each with the sentence that earned it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from journal.entry import Span, Tag
from journal.meaning.encoder import TextEncoder
from journal.meaning.passages import passages
from journal.tags.names import FEELINGS, THEMES
from journal.tags.passages import sentences
from journal.tags.personal import ADDED_FROM, DROPPED_BELOW, Taught, Vectors, corrected, own_tag

SHIPPED: Final = frozenset((*FEELINGS, *THEMES))

SUGGESTED_FROM: Final = 0.5
"""So sure must its examples be of an own tag."""

MOST_SENTENCES: Final = 40
"""Among so many, evenly spread, the reason for a tag is looked for."""


def after_lessons(suggested: Sequence[Tag], text: str, encoder: TextEncoder, taught: Taught) -> tuple[Tag, ...]:
    """The tags of a text, surest first: those of the model that stay, and those that examples add.

    Args:
        suggested: what the model says.

    Raises:
        ModelDamaged: the encoder cannot be used.
    """
    vectors = encoder.vectors([text[start:end] for start, end in passages(text)])
    if not len(vectors):
        return tuple(suggested)
    mean = vectors.mean(0)
    tags = _weighed(suggested, mean / max(float(np.linalg.norm(mean)), 1e-9), taught)
    for name, reason in _reasons(text, encoder, taught, [name for name, tag in tags.items() if not tag.evidence]):
        tags[name] = tags[name].model_copy(update={"evidence": reason})
    return tuple(sorted(tags.values(), key=lambda tag: (-(tag.confidence or 0.0), tag.name)))


def _weighed(suggested: Sequence[Tag], meaning: Vectors, taught: Taught) -> dict[str, Tag]:
    found = {tag.name: tag for tag in suggested}
    for name, (kind, lessons) in taught.lessons.items():
        before = (found[name].confidence or 0.0) if name in found else 0.0
        if name in SHIPPED:
            sure, enough = corrected(before, meaning, lessons), before * DROPPED_BELOW or ADDED_FROM
        else:
            own = own_tag(lessons)
            sure, enough = own.sure(meaning) if own else 0.0, SUGGESTED_FROM
        sure = round(sure, 3)
        if sure < enough:
            found.pop(name, None)
        elif before:
            found[name] = found[name].model_copy(update={"confidence": sure})
        else:
            found[name] = Tag(name=name, kind=kind, confidence=sure)
    return found


def _reasons(
    text: str, encoder: TextEncoder, taught: Taught, names: Sequence[str]
) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """For each tag the sentence that is most like the examples of it."""
    found = sentences(text) if names else []
    if not found:
        return
    if len(found) > MOST_SENTENCES:
        found = [found[at * len(found) // MOST_SENTENCES] for at in range(MOST_SENTENCES)]
    vectors = encoder.vectors([text[one.start : one.end] for one in found])
    for name in names:
        _, lessons = taught.lessons[name]
        best = found[int(np.argmax(vectors @ lessons.yes.mean(0)))]
        yield name, (Span(text=text[best.start : best.end], start=best.start, end=best.end),)
