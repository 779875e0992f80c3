"""What the heads of feelings and of themes are fitted on: LeMotif's entries, and comments as further examples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from journal.tags.description import Describer
from journal.tags.training import data, extra_examples
from journal.tags.training.journal_heads import Examples, described
from journal.tags.training.journal_heads import examples as journal_examples


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of tag: how its truth is read, and how the heads are fitted."""

    name: str
    ticked: Callable[[data.JournalText], frozenset[str]]
    further: Callable[[data.Comments, Sequence[str], Sequence[str]], extra_examples.ExtraExamples]
    strength: float


KINDS: Final = (
    Kind("feelings", lambda entry: entry.feelings, extra_examples.for_feelings, strength=0.2),
    Kind("themes", lambda entry: entry.themes, extra_examples.for_themes, strength=0.6),
)


def examples(kind: Kind, folder: Path, describer: Describer) -> tuple[list[str], Examples, Examples]:
    """Names of the tags, the journal entries, and further examples (comments of GoEmotions' dev file)."""
    entries = data.journal_texts(folder / data.LEMOTIF_FILE)
    names = sorted({name for entry in entries for name in kind.ticked(entry)})
    truth = np.array([[float(name in kind.ticked(entry)) for name in names] for entry in entries])
    texts = [entry.text for entry in entries]
    journal = journal_examples(describer, texts, truth, np.ones(truth.shape))
    comments = data.comments(folder / data.GOEMOTIONS_DEV_FILE)
    extra = kind.further(comments, data.label_names(folder), names)
    return names, journal, described(extra, describer)
