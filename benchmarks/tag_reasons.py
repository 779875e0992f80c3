"""Whether a tag's evidence is what earned it, whose feeling it is, and what tagging costs."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.figures import Figure
from benchmarks.figures import table as figure_table
from journal.entry import Tag
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.meaning.passages import passages
from journal.tags import trained_model
from journal.tags.trained_tagger import TrainedTagger
from journal.tags.training import data

SENTENCES = Path(__file__).parent / "data" / "whose_feeling.tsv"
ENTRIES = 250
RANDOM_SPANS = 5
LONG_ENTRY_WORDS = 700
LONG_ENTRIES = 20


class Whose(NamedTuple):
    """A sentence, and whether the writer feels what is asked about."""

    part: str
    kind: str
    feeling: str
    felt: bool
    text: str


class Reasons(NamedTuple):
    """Of correct tags: without their evidence less sure than without a random span; compared; all of the text."""

    right: int
    compared: int
    whole: int


def table(folder: Path, tagger: TrainedTagger, encoder: MiniLmEncoder, *, aside: bool) -> str:
    entries = data.journal_texts(folder / data.LEMOTIF_FILE)
    reasons = faithfulness(tagger, entries[:: max(1, len(entries) // ENTRIES)])
    size_mb = sum(file.stat().st_size for file in trained_model.FOLDER.iterdir()) / 1e6
    figures = [
        Figure(
            "evidence: leaving it out lowers the confidence more than a random span of its length",
            "≥ 90 % of correct tags",
            f"{reasons.right / reasons.compared:.1%} of {reasons.compared}; {reasons.whole} are the whole text",
        ),
        Figure("negation, time, whose feeling: sentences built with", "≥ 0.85", f"{accuracy(tagger, 'build'):.3f}"),
        Figure(
            "tagging a 700-word entry and its vectors for the search, median",
            "≤ 150 ms",
            f"{milliseconds(tagger, encoder, entries):.0f} ms",
        ),
        Figure("size of the model's files", "≤ 60 MB", f"{size_mb:.1f} MB"),
    ]
    if aside:
        later = Figure("the same, sentences written after the rules", "≥ 0.85", f"{accuracy(tagger, 'later'):.3f}")
        aside_ = Figure("the same, sentences set aside", "≥ 0.85", f"{accuracy(tagger, 'aside'):.3f}")
        figures[2:2] = [aside_, later]
    return figure_table(figures)


def sentences() -> list[Whose]:
    """The sentences about whose feeling it is, in all parts."""
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Whose(row["part"], row["kind"], row["feeling"], row["felt"] == "yes", row["text"]) for row in rows]


def accuracy(tagger: TrainedTagger, part: str) -> float:
    """The share of sentences whose feeling is suggested exactly when the writer has it."""
    asked = [one for one in sentences() if one.part == part]
    right = sum((one.feeling in {tag.name for tag in tagger.suggest(one.text)}) is one.felt for one in asked)
    return right / len(asked)


def faithfulness(tagger: TrainedTagger, entries: Sequence[data.JournalText]) -> Reasons:
    """Of each correct tag, what its evidence is worth beside the mean of random spans with as many words.

    A tag whose evidence is the whole text cannot be compared with anything.
    """
    chance = np.random.default_rng(20)
    right = compared = whole = 0
    for entry in entries:
        words = [(word.start(), word.end()) for word in re.finditer(r"\S+", entry.text)]
        for tag in tagger.suggest(entry.text):
            if tag.name not in entry.feelings | entry.themes:
                continue
            spans = [(span.start, span.end) for span in tag.evidence]
            shown = [
                at for at, (start, end) in enumerate(words) if any(end > left and start < to for left, to in spans)
            ]
            others = [at for at in range(len(words) - len(shown) + 1) if list(range(at, at + len(shown))) != shown]
            if not others:
                whole += 1
                continue
            starts = chance.choice(others, RANDOM_SPANS)
            drawn = [(words[at][0], words[at + len(shown) - 1][1]) for at in starts]
            by_chance = np.mean([_sure(tagger, _left_out(entry.text, [span]), tag) for span in drawn])
            compared += 1
            right += bool(_sure(tagger, _left_out(entry.text, spans), tag) < by_chance)
    return Reasons(right, compared, whole)


def milliseconds(tagger: TrainedTagger, encoder: MiniLmEncoder, entries: Sequence[data.JournalText]) -> float:
    """The median time to tag entries of 700 words and to make their vectors, each new to the models."""
    words = " ".join(entry.text for entry in entries).split()
    times: list[float] = []
    for start in range(0, (LONG_ENTRIES + 2) * LONG_ENTRY_WORDS, LONG_ENTRY_WORDS):
        text = " ".join(words[start : start + LONG_ENTRY_WORDS])
        started = time.perf_counter()
        tagger.suggest(text)
        encoder.vectors([text[start:end] for start, end in passages(text)])
        times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times[2:]))


def _left_out(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def _sure(tagger: TrainedTagger, text: str, tag: Tag) -> float:
    """What the heads say, also below the threshold; of a tag by the word list what is suggested."""
    named = (one.confidence or 0.0 for one in tagger.suggest(text) if one.name == tag.name)
    return tagger.confidences(text).get(tag.name, 0.0) or max(named, default=0.0)
