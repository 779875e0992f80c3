"""How fast a search is among a hundred thousand entries, over HTTP, words and meaning together, as a Markdown table.

    python -m benchmarks.search

Entries of 150 words are put together from sentences of the judged entries; one word in twelve is made up, as rare as
names are, so that the vocabulary grows as it does in life. Only the vectors of those sentences are computed: a passage
gets the mean of its sentences' vectors, moved a little at random. Every query is embedded when it is asked.
"""

from __future__ import annotations

import itertools
import random
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert
from sqlalchemy import text as sql

from benchmarks import search_quality
from benchmarks.figures import Figure, table
from benchmarks.retrieval import SEARCH_PATH, milliseconds, percentiles, vocabulary
from benchmarks.running_server import RunningServer, running_server
from core.paths import Places
from journal.ids import new_id
from journal.keys import DATABASE_FILE, Keys
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.meaning.packing import packed
from journal.meaning.passages import passages
from journal.query import set_apart
from journal.schema.tables import entries, entry_tags, indexed, meanings
from journal.store import Store
from journal.tags.names import FEELINGS, THEMES
from journal.word_index import fingerprint

ENTRIES = 100_000
WORDS_PER_ENTRY = 150
ENTRIES_AT_ONCE = 2_000
ONE_WORD_MADE_UP_IN = 12
PUT_WORDS = sql("INSERT INTO search (rowid, text, tags) VALUES (:number, :text, :tags)")


class Sentence(NamedTuple):
    """A sentence and what it means."""

    text: str
    words: int
    vector: NDArray[np.float32]


class Written(NamedTuple):
    """An entry as the tables hold it."""

    row: dict[str, Any]
    tags: list[str]
    vectors: NDArray[np.float32]


def sentences(encoder: MiniLmEncoder) -> list[Sentence]:
    texts = [part for text in search_quality.entries().values() for part in re.findall(r"[^.?!]+[.?!]", text)]
    vectors = encoder.vectors(texts)
    return [Sentence(text.strip(), len(text.split()), vector) for text, vector in zip(texts, vectors, strict=True)]


def written(pool: list[Sentence], count: int) -> Iterator[Written]:
    """So many entries, one every eight hours, three feelings and two themes each."""
    chance, noise = random.Random(3), np.random.default_rng(3)  # noqa: S311  # the same journal every time, no secret
    names = vocabulary()[20:]
    rarity = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(names))))
    start = datetime(1990, 1, 1, 20, 15, tzinfo=UTC)
    for number in range(1, count + 1):
        chosen: list[Sentence] = []
        while sum(sentence.words for sentence in chosen) < WORDS_PER_ENTRY:
            chosen.append(chance.choice(pool))
        words = " ".join(sentence.text for sentence in chosen).split()
        for at in range(chance.randrange(ONE_WORD_MADE_UP_IN), len(words), ONE_WORD_MADE_UP_IN):
            ending = words[at][-1] if words[at][-1] in ".?!" else ""  # a sentence still ends
            words[at] = chance.choices(names, cum_weights=rarity)[0] + ending
        text = " ".join(words)
        parts = np.array_split(np.array([sentence.vector for sentence in chosen]), max(1, len(passages(text))))
        vectors = np.array([part.mean(0) for part in parts]) + noise.normal(0, 0.02, (len(parts), 384))
        at_moment = start + timedelta(hours=8 * number)
        row = {
            "number": number,
            "id": new_id(at_moment),
            "kind": "typed",
            "state": "ready",
            "spoken_at_microseconds": int(at_moment.timestamp()) * 1_000_000,
            "spoken_at": at_moment.isoformat(),
            "shift_day": at_moment.date().isoformat(),
            "text": text,
            "answers": "[]",
        }
        yield Written(row, chance.sample(FEELINGS, 3) + chance.sample(THEMES, 2), vectors.astype(np.float32))


def _batches(found: Iterator[Written]) -> Iterator[list[Written]]:
    while some := list(itertools.islice(found, ENTRIES_AT_ONCE)):
        yield some


def put_entries(connection: Connection, some: list[Written]) -> None:
    connection.execute(insert(entries), [one.row for one in some])
    tags = [
        {"entry_number": one.row["number"], "name": name, "kind": "theme", "source": "suggested", "evidence": "[]"}
        for one in some
        for name in one.tags
    ]
    connection.execute(insert(entry_tags), [tag | {"confidence": 0.5, "removed": False} for tag in tags])


def put_index(connection: Connection, some: list[Written], encoder: str) -> None:
    rows = [
        {"number": one.row["number"], "text": set_apart(one.row["text"]), "tags": "\n".join(sorted(one.tags))}
        for one in some
    ]
    connection.execute(PUT_WORDS, rows)
    prints = [{"entry_number": row["number"], "fingerprint": fingerprint(row["text"], row["tags"])} for row in rows]
    connection.execute(insert(indexed), prints)
    kept = [{"entry_number": one.row["number"], "encoder": encoder, "vectors": packed(one.vectors)} for one in some]
    connection.execute(insert(meanings), kept)


def fill(folder: Path, count: int = ENTRIES) -> tuple[int, int]:
    """Puts entries into a journal; bytes of all texts, and bytes that the index adds to the database."""
    encoder = MiniLmEncoder()
    places = Places.under(folder)
    file = places.journal / DATABASE_FILE
    store = Store.open(file, Keys(places.journal, "file").open())
    pool = sentences(encoder)
    text_bytes = 0
    for some in _batches(written(pool, count)):
        text_bytes += sum(len(one.row["text"].encode()) for one in some)
        with store.writing() as connection:
            put_entries(connection, some)
    store.erase_traces()
    without = file.stat().st_size
    for some in _batches(written(pool, count)):
        with store.writing() as connection:
            put_index(connection, some, encoder.version)
    store.erase_traces()
    index_bytes = file.stat().st_size - without
    store.close()
    return text_bytes, index_bytes


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        text_bytes, index_bytes = fill(Path(folder))
        return [*ask(Path(folder)), Figure("index, in sizes of the text", "≤ 1.5", f"{index_bytes / text_bytes:.2f}")]


def ask(folder: Path) -> list[Figure]:
    """Serves the journal in a folder and puts the judged queries to it."""
    asked = [judged.query for judged in search_quality.queries("judged_queries.tsv")]
    with running_server(folder) as server:
        first = _first(server, asked[0])
        before = server.resident_mb()
        taken = milliseconds(
            lambda run: server.client.get(SEARCH_PATH, params={"q": asked[run % len(asked)]}), 2 * len(asked)
        )
        narrowed = milliseconds(
            lambda run: server.client.get(
                SEARCH_PATH, params={"q": f"{asked[run % len(asked)]} tag:sad from:2020 to:2040-06"}
            ),
            len(asked),
        )
    return [
        Figure(f"`GET /search`, best 20 of {ENTRIES:,}", "≤ 60 ms median, ≤ 150 ms p95", percentiles(taken)),
        Figure("the same, by tag and dates too", "", percentiles(narrowed)),
        Figure("the first search after a start, which reads all vectors", "", f"{first:.0f} ms"),
        Figure("memory of the server with all vectors in it", "", f"{before:.0f} MB"),
    ]


def _first(server: RunningServer, query: str) -> float:
    return milliseconds(lambda _: server.client.get(SEARCH_PATH, params={"q": query}), 1, warm_up=0)[0]


if __name__ == "__main__":
    print(table(measure()))
