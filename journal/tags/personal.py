"""What a person's own yes and no teach about tags, on their own journal only. Pure: vectors in, confidences out.

Two things are learned. Tags that the model knows are corrected near the entries that somebody corrected, and nowhere
else: a lesson counts the less the further away its entry's meaning is. Tags that the model does not know are found by a
ridge regression on the meaning of entries, with the rest of the journal as what it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from journal.entry import TagKind

Vectors = NDArray[np.float32]
"""Rows of length 1: what an entry means as a whole."""

FEWEST_EXAMPLES: Final = 3
"""Before that, an own tag says too little about itself to be suggested."""

LIKE_AN_EXAMPLE: Final = 0.3
"""Cosine below which an entry is like none of the examples. Where a journal holds little else, what is strange to it
would fall on one side by chance: of strangers' comments a tenth to a fifth did, now one in fifty."""

MOST_OTHERS: Final = 200
"""The first so many entries without an own tag stand for what it is not; the work grows with their cube."""

RIDGE: Final = 3.0
"""Found on tags that five examples teach: from 1 down it fits noise, from 10 up it misses half."""

NEAR: Final = 0.7
"""Cosine at which one lesson weighs as much as the model does: entries of one subject lie about there."""

FADING: Final = 8.0
"""How fast a lesson loses weight with distance: a tenth at 0.41, a two-hundredth at 0.04, where nothing is alike."""

PATIENCE: Final = 4.0
"""So many refusals of a tag that was never let stand make it half as sure everywhere."""

DROPPED_BELOW: Final = 0.4
"""A suggestion that lessons bring below this part of its confidence is not made."""

ADDED_FROM: Final = 0.6
"""So sure must lessons be of a tag of the model that the model itself does not see."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a person decided about one tag, and what they left as it was.

    ``yes`` and ``no``: entries to which it was given or confirmed, and from which it was taken. ``let_stand``: those
    where it was suggested and nobody touched it. ``without``: those where it was neither suggested nor given.
    """

    yes: Vectors
    no: Vectors
    let_stand: Vectors
    without: Vectors


@dataclass(frozen=True, slots=True)
class Taught:
    """Everything a journal teaches at one moment: lessons by tag, with the tag's kind."""

    lessons: Mapping[str, tuple[TagKind, Lessons]]


def corrected(confidence: float, vector: Vectors, lessons: Lessons) -> float:
    """The confidence of a tag that the model gave (0 if it gave none), after what was decided about entries alike.

    Args:
        confidence: the model's own.
        vector: shape (width,).
        lessons: of this tag.
    """
    welcome = PATIENCE + len(lessons.yes) + len(lessons.let_stand)
    believed = confidence * welcome / (welcome + len(lessons.no))
    for_it, against_it = _weight(lessons.yes @ vector), _weight(lessons.no @ vector)
    if confidence:
        for_it += _weight(lessons.let_stand @ vector)
    else:
        # Nothing but a yes adds a tag; and without these, a few additions would be added to all of a large journal.
        against_it += _weight(lessons.without @ vector)
    return float((believed + for_it) / (1.0 + for_it + against_it))


def _weight(cosines: NDArray[np.float32]) -> float:
    return float(np.exp(FADING * (cosines - NEAR)).sum())


@dataclass(frozen=True, slots=True)
class OwnTag:
    """A tag that was learned from examples: a direction in the space of meanings, and where on it the tag begins."""

    examples: Vectors
    direction: NDArray[np.float64]
    begins_at: float
    half_way: float

    def sure(self, vector: Vectors) -> float:
        """Confidence from 0 to 1; 0.5 where the tag begins, 0.88 as far beyond as its examples lie; 0 if like none."""
        if float((self.examples @ vector).max()) < LIKE_AN_EXAMPLE:
            return 0.0
        beyond = (float(vector @ self.direction) - self.begins_at) / self.half_way
        return float(1.0 / (1.0 + np.exp(-2.0 * np.clip(beyond, -20.0, 20.0))))


def own_tag(lessons: Lessons) -> OwnTag | None:
    """What examples teach of a tag; None if they are too few, or are no different from the rest.

    Ridge regression with both sides weighing the same. The tag begins half way between what the examples and what the
    rest would get if each were left out of the learning (the closed form of leaving one out; Allen 1974).

    Args:
        lessons: with at least ``FEWEST_EXAMPLES`` yes; a few of those without the tag may have deserved it.
    """
    yes, rest = lessons.yes, np.vstack([lessons.no, lessons.without[:MOST_OTHERS]])
    if len(yes) < FEWEST_EXAMPLES or not len(rest):
        return None
    rows = np.vstack([yes, rest]).astype(np.float64)
    wanted = np.r_[np.ones(len(yes)), -np.ones(len(rest))]
    root = np.sqrt(np.r_[np.full(len(yes), len(rest) / len(yes)), np.ones(len(rest))])
    centre = rows.mean(0)
    weighed = root[:, None] * (rows - centre)
    aim = root * wanted
    products = weighed @ weighed.T
    inverse = np.linalg.inv(products + RIDGE * np.eye(len(rows)))
    shares = inverse @ aim
    left_out = wanted - shares / np.diag(inverse) / root
    for_it, against_it = float(left_out[: len(yes)].mean()), float(left_out[len(yes) :].mean())
    if for_it <= against_it:
        return None
    direction = weighed.T @ shares
    begins_at = (for_it + against_it) / 2 + float(centre @ direction)
    return OwnTag(yes, direction, begins_at, (for_it - against_it) / 2)
