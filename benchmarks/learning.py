"""What is learned from a person: own tags from five examples, and what corrections do to suggestions.

    python -m benchmarks.learning [--data FOLDER]

The person is played by the authors of LeMotif, who ticked what their entries are about and how they felt. For own tags
each theme is taken for one that Outbreath has never heard of. For corrections the first entries of a journal are
corrected to what was ticked, and later ones are tagged with and without what that teaches.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, table
from benchmarks.tags import DATA
from journal.entry import Tag
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.tags.names import FEELINGS, THEMES
from journal.tags.personal import ADDED_FROM, DROPPED_BELOW, Lessons, Vectors, corrected, own_tag
from journal.tags.taught_tagger import SUGGESTED_FROM
from journal.tags.trained_tagger import TrainedTagger
from journal.tags.training import data

EXAMPLES = 5
JOURNAL = 60
FEWEST_ENTRIES = 30
DRAWS = 8
CORRECTED = (10, 40, 150)
LATER = 300
JOURNALS = 3
STRANGERS = 500
NOTHING = np.zeros((0, 384), np.float32)

Ticks = NDArray[np.bool_]
Suggestions = dict[str, float]
"""Confidence by name."""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--data", type=Path, default=DATA)
    print(table(measure(given.parse_args().data)))


def measure(folder: Path) -> list[Figure]:
    entries = data.journal_texts(folder / data.LEMOTIF_FILE)
    meanings = MiniLmEncoder().vectors([entry.text for entry in entries])
    own, nearest = own_tags(meanings, [set(entry.themes) for entry in entries])
    return [
        Figure(f"F1 of an own tag after {EXAMPLES} examples, themes taken for own tags", "≥ 0.55", f"{own:.3f}"),
        Figure("the same by nearness to the examples alone", "peer", f"{nearest:.3f}"),
        *corrections(folder, entries, meanings),
    ]


def own_tags(meanings: Vectors, ticked: Sequence[set[str]]) -> tuple[float, float]:
    """Mean F1 of both methods over themes and draws of their examples."""
    scores: list[tuple[float, float]] = []
    for place, name in enumerate(sorted(set().union(*ticked))):
        true = np.array([name in names for names in ticked])
        if true.sum() < FEWEST_ENTRIES:
            continue
        for draw in range(DRAWS):
            random = np.random.default_rng([place, draw])
            examples = random.choice(np.flatnonzero(true), EXAMPLES, replace=False)
            rest = np.setdiff1d(np.arange(len(true)), examples)
            # Some of the journal's other entries would deserve the tag, too, as they do in life.
            journal = random.choice(rest, JOURNAL, replace=False)
            unseen = np.setdiff1d(rest, journal)
            tag = own_tag(Lessons(meanings[examples], NOTHING, NOTHING, meanings[journal]))
            learned = np.array([tag is not None and tag.sure(vector) > SUGGESTED_FROM for vector in meanings[unseen]])
            near = _near(meanings[examples], meanings[journal], meanings[unseen])
            scores.append((_f1(true[unseen], learned), _f1(true[unseen], near)))
    own, nearest = np.mean(scores, axis=0)
    return float(own), float(nearest)


def _near(examples: Vectors, journal: Vectors, unseen: Vectors) -> Ticks:
    """As near to the examples as these are to each other, or at least half way there from the rest."""
    among = examples @ examples.T
    inside = (among.sum() - len(examples)) / (len(examples) * (len(examples) - 1))
    outside = (journal @ examples.T).mean()
    return np.asarray((unseen @ examples.T).mean(1) > (inside + outside) / 2)


def corrections(folder: Path, entries: Sequence[data.JournalText], meanings: Vectors) -> list[Figure]:
    """Means over several journals, each drawn at random from the entries."""
    tagger = TrainedTagger()
    suggested = [_names(tagger.suggest(entry.text)) for entry in entries]
    ticked = [{*entry.feelings, *entry.themes} for entry in entries]
    texts = data.comments(folder / data.GOEMOTIONS_DEV_FILE).texts[:STRANGERS]
    strangers = [_names(tagger.suggest(text)) for text in texts]
    strange = MiniLmEncoder().vectors(texts)
    figures: list[Figure] = []
    for count in CORRECTED:
        scores: list[tuple[float, float, int]] = []
        for journal in range(JOURNALS):
            order = np.random.default_rng(journal).permutation(len(entries)).tolist()
            lessons = _lessons(order[:count], suggested, ticked, meanings)
            later = order[max(CORRECTED) : max(CORRECTED) + LATER]
            before = _micro([(ticked[at], set(suggested[at])) for at in later])
            after = _micro([(ticked[at], _taught(suggested[at], meanings[at], lessons)) for at in later])
            changed = sum(_taught(*each, lessons) != set(each[0]) for each in zip(strangers, strange, strict=True))
            scores.append((before, after, changed))
        before, after, changed = np.mean(scores, axis=0)
        figures += [
            Figure(
                f"micro-F1 of {LATER} later entries, {count} corrected before",
                f"> {before:.3f} without",
                f"{after:.3f}",
            ),
            Figure("comments of strangers whose tags that changes", "few", f"{changed:.0f} of {STRANGERS}"),
        ]
    return figures


def _names(tags: Sequence[Tag]) -> Suggestions:
    return {tag.name: tag.confidence or 0.0 for tag in tags}


def _lessons(
    numbers: Sequence[int], suggested: Sequence[Suggestions], ticked: Sequence[set[str]], meanings: Vectors
) -> dict[str, Lessons]:
    """What a person teaches who takes away all that they did not tick, and adds all that is missing."""
    found: dict[str, Lessons] = {}
    for name in (*FEELINGS, *THEMES):
        yes = [at for at in numbers if name in ticked[at] and name not in suggested[at]]
        no = [at for at in numbers if name in suggested[at] and name not in ticked[at]]
        let_stand = [at for at in numbers if name in suggested[at] and name in ticked[at]]
        without = [at for at in numbers if name not in suggested[at] and name not in ticked[at]]
        if yes or no:
            found[name] = Lessons(*(meanings[kept] for kept in (yes, no, let_stand, without)))
    return found


def _taught(before: Suggestions, meaning: Vectors, lessons: dict[str, Lessons]) -> set[str]:
    kept = set(before)
    for name, decided in lessons.items():
        sure = corrected(before.get(name, 0.0), meaning, decided)
        if sure < (before[name] * DROPPED_BELOW if name in before else ADDED_FROM):
            kept.discard(name)
        else:
            kept.add(name)
    return kept


def _f1(true: Ticks, given: Ticks) -> float:
    return float(2 * (true & given).sum() / max(1, true.sum() + given.sum()))


def _micro(pairs: Sequence[tuple[set[str], set[str]]]) -> float:
    both = sum(len(true & given) for true, given in pairs)
    return 2 * both / max(1, sum(len(true) + len(given) for true, given in pairs))


if __name__ == "__main__":
    main()
