"""How well a search finds what is meant, on judged queries: words alone, meaning alone, and both, as a Markdown table.

    python -m benchmarks.search_quality

103 short entries of people who hold others' pain, and 140 queries such as they type, were written for this; for each
query the entries that answer it were judged (2: it is about that, 1: it touches it). With 90 of them the ranking was
built; 50 were written afterwards without knowing it. nDCG@10 counts how high the judged entries stand among the first
ten.
"""

from __future__ import annotations

import math
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from core.clock import SystemClock
from journal.cipher import DataKey
from journal.entry_rows import ids_of
from journal.meaning.meaning_index import MeaningIndex
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.notebook import Notebook
from journal.query import parse
from journal.recordings import Recordings
from journal.store import Store
from journal.tags.suggester import TagSuggester

DATA = Path(__file__).resolve().parent / "data"
BEST = 10
# Queries that have nothing to do with any of the entries.
STRANGE = (
    "xyzzy plugh",
    "asdf qwer",
    "banana rocket telescope",
    "quarterly blockchain synergy",
    "tractor engine carburetor",
    "stock market futures",
    "football league table",
    "kubernetes deployment",
    "volcano eruption",
    "chess opening sicilian",
    "photosynthesis chlorophyll",
    "ancient roman emperors",
    "javascript framework",
    "qwertyuiop",
)

Ranking = Callable[[str], Sequence[str]]


class Judged(NamedTuple):
    """A query and how well entries answer it, by their names."""

    query: str
    grades: dict[str, int]


class NoTags:
    """Suggests nothing: tags would be words of their own."""

    version = "none"

    def warm(self) -> None:
        pass

    def suggest(self, _: str) -> tuple[()]:
        return ()


def entries() -> dict[str, str]:
    """Texts by their names."""
    lines = (DATA / "judged_entries.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def queries(file: str) -> list[Judged]:
    """All judged queries, in the order of the file."""
    found = []
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        query, answers = line.split("\t")
        pairs = (answer.split(":") for answer in answers.split())
        found.append(Judged(query, {name: int(grade) for name, grade in pairs}))
    return found


def ndcg(ranked: Sequence[str], grades: dict[str, int]) -> float:
    """Normalised discounted cumulative gain among the best ten: 1 if no order would be better."""

    def gain(found: Sequence[int]) -> float:
        return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(found[:BEST]))

    return gain([grades.get(name, 0) for name in ranked]) / gain(sorted(grades.values(), reverse=True))


def journal(folder: Path, encoder: MiniLmEncoder | None) -> tuple[Notebook, Store, dict[str, str]]:
    """A journal with the judged entries, and the names of the entries by their ids."""
    key = DataKey.random()
    store = Store.open(folder / "journal.db", key)
    tagger: TagSuggester = NoTags()
    notebook = Notebook(store, Recordings(folder / "recordings", key), tagger, SystemClock(), 4, encoder)
    return notebook, store, {notebook.write(text).id: name for name, text in entries().items()}


def by_search(notebook: Notebook, names: dict[str, str]) -> Ranking:
    return lambda query: [names[result.entry.id] for result in notebook.search(query, limit=BEST).results]


def by_meaning(store: Store, encoder: MiniLmEncoder, names: dict[str, str]) -> Ranking:
    index = MeaningIndex(encoder.version)

    def ranked(query: str) -> list[str]:
        with store.reading() as connection:
            near = index.nearest(connection, encoder.vectors([query])[0], BEST)
            return [names[entry_id] for entry_id in ids_of(connection, list(near))]

    return ranked


def table() -> str:
    encoder = MiniLmEncoder()
    judged, held_out = queries("judged_queries.tsv"), queries("held_out_queries.tsv")
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        worded, words_store, word_names = journal(Path(first), None)
        both, store, names = journal(Path(second), encoder)
        methods: dict[str, Ranking] = {
            "words alone": by_search(worded, word_names),
            "meaning alone": by_meaning(store, encoder, names),
            "words and meaning": by_search(both, names),
        }
        lines = ["| Method | nDCG@10, queries it was built with | queries set aside |", "|---|---|---|"]
        for method, ranked in methods.items():
            means = [
                statistics.mean(ndcg(ranked(one.query), one.grades) for one in some) for some in (judged, held_out)
            ]
            lines.append(f"| {method} | " + " | ".join(f"{mean:.3f}" for mean in means) + " |")
        shown = [len(both.search(query).results) for query in STRANGE]
        words_store.close()
        store.close()
    assert all(parse(query).meaning for query in STRANGE)
    lines += [
        "",
        f"{len(judged)} and {len(held_out)} queries, {len(names)} entries. {len(STRANGE)} queries about "
        f"nothing in them find {statistics.median(shown):g} entries in the median, {max(shown)} at most.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
