"""Finding entries among ten thousand, over HTTP, on the encrypted database."""

from __future__ import annotations

import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from benchmarks.figures import Figure, table
from benchmarks.running_server import running_server
from core.paths import Places
from journal import entry_rows
from journal.entry import Entry, Span, State, Tag
from journal.ids import new_id
from journal.keys import DATABASE_FILE, Keys
from journal.search import SqliteIndex
from journal.store import Store
from journal.tags.names import FEELINGS, THEMES

ENTRIES = 10_000
WORDS_PER_ENTRY = 150
RUNS = 200
ENTRIES_PATH = "/api/v1/entries"
SEARCH_PATH = "/api/v1/search"
SYLLABLES = ("ka", "lo", "mi", "ren", "tas", "vo", "shi", "bel", "dur", "nay", "pel", "gon")
FREQUENT = ("the and I was to a of it she he that in my we they had ward patient shift today tired team").split(" ")  # noqa: SIM905  # reads better
QUERIES = (
    "patient",  # in nearly every entry
    "listened ward",
    "kalo mirentas",
    '"the ward"',
    "tag:sad",
    "tag:work tired",
    "pat",  # unfinished
    "what did I say about the new ward lead?",
)


def vocabulary() -> list[str]:
    """Frequent words first, then made-up ones: as skewed as speech is."""
    return FREQUENT + ["".join(parts) for count in (2, 3) for parts in itertools.product(SYLLABLES, repeat=count)]


def fill(store: Store) -> None:
    """Ten thousand entries over nine years, each with five suggested tags and their evidence."""
    chance = random.Random(10_000)  # noqa: S311  # the same journal every time, no secret
    words = vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    start = datetime(2017, 1, 1, 20, 15, tzinfo=UTC)
    index = SqliteIndex()
    with store.writing() as connection:
        for day in range(ENTRIES):
            text = " ".join(chance.choices(words, cum_weights=weights, k=WORDS_PER_ENTRY))
            names = chance.sample(FEELINGS, 3) + chance.sample(THEMES, 2)
            at = start + timedelta(hours=8 * day)
            entry = Entry(
                id=new_id(at),
                state=State.READY,
                spoken_at=at,
                shift_day=at.date(),
                duration_seconds=240.0,
                text=text,
                original_text=text,
                tags=tuple(
                    Tag(
                        name=name,
                        kind="feeling" if name in FEELINGS else "theme",
                        confidence=0.5,
                        evidence=(Span(text=text[:8], start=0, end=8), Span(text=text[9:17], start=9, end=17)),
                    )
                    for name in names
                ),
            )
            number = entry_rows.add(connection, entry, spoken=True)
            index.put(connection, number)


def milliseconds(ask: Callable[[int], httpx.Response], runs: int = RUNS, warm_up: int = len(QUERIES)) -> list[float]:
    """How long each of many requests took, after a few that warm up."""
    taken = []
    for run in range(-warm_up, runs):
        before = time.perf_counter()
        ask(run).raise_for_status()
        if run >= 0:
            taken.append(1000 * (time.perf_counter() - before))
    return taken


def measure() -> list[Figure]:
    """Fills a journal, serves it and asks over HTTP."""
    with tempfile.TemporaryDirectory() as folder:
        places = Places.under(Path(folder))
        store = Store.open(places.journal / DATABASE_FILE, Keys(places.journal, "file").open())
        fill(store)
        store.close()
        with running_server(Path(folder)) as server:
            listed = milliseconds(lambda _: server.client.get(ENTRIES_PATH))
            filtered = milliseconds(lambda run: server.client.get(ENTRIES_PATH, params={"q": _query(run)}))
            searched = milliseconds(lambda run: server.client.get(SEARCH_PATH, params={"q": _query(run)}))
    return [
        Figure(f"`GET /entries`, 50 of {ENTRIES:,}", "p95 ≤ 50 ms", percentiles(listed)),
        Figure("`GET /entries?q=`, 50 that fit a query", "p95 ≤ 50 ms", percentiles(filtered)),
        Figure("`GET /search`, best 20", "p95 ≤ 50 ms", percentiles(searched)),
    ]


def _query(run: int) -> str:
    return QUERIES[run % len(QUERIES)]


def percentiles(taken: list[float]) -> str:
    """Median and 95th percentile."""
    return f"p50 {statistics.median(taken):.1f} ms, p95 {statistics.quantiles(taken, n=20)[-1]:.1f} ms"


if __name__ == "__main__":
    print(table(measure()))
