"""Comments of GoEmotions as further examples for the heads of journal tags.

Few authors of LeMotif were afraid or ashamed, and none wrote of nothing at all. Comments with an emotion of the same
name show the first, comments without an emotion the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.tags.lexicon_tagger import findings
from journal.tags.training.data import Comments

SAME: Final = {
    "fear": ("afraid",),
    "anger": ("angry",),
    "annoyance": ("frustrated",),
    "nervousness": ("anxious",),
    "embarrassment": ("ashamed", "awkward"),
    "confusion": ("confused",),
    "disgust": ("disgusted",),
    "excitement": ("excited",),
    "joy": ("happy",),
    "pride": ("proud",),
    "sadness": ("sad",),
    "grief": ("sad",),
    "surprise": ("surprised",),
}
# Whoever labels a comment as one of these says nothing about the others.
ALIKE: Final = (
    {"happy", "satisfied", "calm", "proud", "excited", "nostalgic", "surprised"},
    {"angry", "frustrated", "disgusted", "jealous"},
    {"afraid", "anxious"},
    {"sad", "ashamed", "awkward", "frustrated", "anxious", "nostalgic"},
    {"surprised", "confused"},
)

PER_EMOTION: Final = 120
PLAIN: Final = 600
SHARE_OF_AN_ENTRY: Final = 0.3
"""How much a comment counts beside a journal entry."""


@dataclass(frozen=True, slots=True)
class ExtraExamples:
    """Texts with ``truth`` and ``weights`` of shape (texts, tags)."""

    texts: list[str]
    truth: NDArray[np.float64]
    weights: NDArray[np.float64]


def for_feelings(comments: Comments, labels: Sequence[str], tags: Sequence[str]) -> ExtraExamples:
    """Comments with exactly one emotion that is a feeling here, and plain ones, which have none of them."""
    chosen: list[tuple[str, tuple[str, ...]]] = []
    wanted = dict.fromkeys(SAME, PER_EMOTION) | {"neutral": PLAIN}
    for text, numbers in zip(comments.texts, comments.labels, strict=True):
        emotion = labels[min(numbers)]
        if len(numbers) == 1 and wanted.get(emotion, 0):
            wanted[emotion] -= 1
            chosen.append((text, SAME.get(emotion, ())))
    truth = np.array([[float(tag in same) for tag in tags] for _, same in chosen])
    unsure = np.array([[_may_be(tag, same) for tag in tags] for _, same in chosen])
    return ExtraExamples([text for text, _ in chosen], truth, SHARE_OF_AN_ENTRY * (1.0 - unsure))


def for_themes(comments: Comments, labels: Sequence[str], tags: Sequence[str]) -> ExtraExamples:
    """Plain comments in which the word list finds no theme."""
    neutral = frozenset({list(labels).index("neutral")})
    plain = (text for text, numbers in zip(comments.texts, comments.labels, strict=True) if numbers == neutral)
    texts = [text for text in plain if not set(findings(text)) & set(tags)][:PLAIN]
    none = np.zeros((len(texts), len(tags)))
    return ExtraExamples(texts, none, none + SHARE_OF_AN_ENTRY)


def _may_be(tag: str, same: tuple[str, ...]) -> bool:
    return tag not in same and any(tag in group and group & set(same) for group in ALIKE)
