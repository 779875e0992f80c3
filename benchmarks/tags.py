"""How well suggested tags agree with what authors said of their own journal entries (LeMotif), as a Markdown table.

    python -m benchmarks.tags

Beside Outbreath stand two methods that need no thought: always the most frequent tags, and the tag's own name as a
word. Micro-F1 counts every tag alike; macro-F1 is the mean over tags, so that rare ones count as much as common.
"""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from journal.tags.lexicon_tagger import LexiconTagger

ENTRIES = Path(__file__).resolve().parents[2] / "shared" / "data" / "emotion" / "lemotif_dev.csv"
RENAMED = {"god": "spirituality", "school": "study"}


class Labelled(NamedTuple):
    """One entry and what its author ticked."""

    text: str
    feelings: frozenset[str]
    themes: frozenset[str]


def entries(path: Path) -> list[Labelled]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Labelled(row["Answer"], _ticked(row, ".f1."), _ticked(row, ".t1.")) for row in csv.DictReader(file)]


def _ticked(row: dict[str, str], part: str) -> frozenset[str]:
    names = (column.split(".")[2] for column, value in row.items() if part in column and value == "TRUE")
    return frozenset(RENAMED.get(name, name) for name in names)


def f1_scores(truth: list[frozenset[str]], suggested: list[frozenset[str]]) -> tuple[float, float]:
    """Micro- and macro-F1 over the tags that occur in ``truth``."""
    names = sorted(frozenset().union(*truth))
    right = Counter(name for true, said in zip(truth, suggested, strict=True) for name in true & said)
    asked = Counter(name for true in truth for name in true)
    given = Counter(name for said in suggested for name in said if name in asked)
    per_tag = [2 * right[name] / (asked[name] + given[name]) for name in names]
    micro = 2 * right.total() / (asked.total() + given.total())
    return micro, sum(per_tag) / len(per_tag)


def most_frequent(truth: list[frozenset[str]]) -> frozenset[str]:
    """As many of the most frequent tags as an entry has on average."""
    counts = Counter(name for true in truth for name in true)
    return frozenset(name for name, _ in counts.most_common(max(1, round(counts.total() / len(truth)))))


def table(path: Path = ENTRIES) -> str:
    labelled = entries(path)
    tagger = LexiconTagger()
    tagger.suggest("")
    started = time.perf_counter()
    suggested = [{tag.name for tag in tagger.suggest(entry.text)} for entry in labelled]
    milliseconds = (time.perf_counter() - started) * 1000 / len(labelled)
    lines = ["| Tags | Method | micro-F1 | macro-F1 |", "|---|---|---|---|"]
    kinds: dict[str, Callable[[Labelled], frozenset[str]]] = {
        "18 feelings": lambda entry: entry.feelings,
        "11 themes": lambda entry: entry.themes,
    }
    for kind, ticked in kinds.items():
        truth = [ticked(entry) for entry in labelled]
        names = frozenset().union(*truth)
        words = [set(re.findall(r"\w+", entry.text.casefold())) for entry in labelled]
        methods = {
            "always the most frequent": [most_frequent(truth)] * len(truth),
            "the tag's name as a word": [frozenset(names & found) for found in words],
            "Outbreath": [frozenset(names & found) for found in suggested],
        }
        for method, said in methods.items():
            micro, macro = f1_scores(truth, said)
            lines.append(f"| {kind} | {method} | {micro:.3f} | {macro:.3f} |")
    lines += ["", f"{len(labelled)} entries, {milliseconds:.1f} ms per entry."]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
