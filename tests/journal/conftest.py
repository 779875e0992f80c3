"""A journal in a temporary folder: real encryption, a real database, a simple tagger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from journal.cipher import DataKey
from journal.entry import Span, Tag
from journal.notebook import Notebook
from journal.recordings import Recordings
from journal.store import Store

# How long an example takes says more about the machine than about the journal.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


class SteadyClock:
    """Every look at it is a minute later."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def monotonic_seconds(self) -> float:
        return self.at.timestamp()


class WordTagger:
    """Suggests each of a few feelings whose very word occurs."""

    version = "words"

    def warm(self) -> None:
        pass

    def suggest(self, text: str) -> tuple[Tag, ...]:
        return tuple(
            Tag(
                name=word,
                kind="feeling",
                confidence=0.5,
                evidence=(Span(text=word, start=text.index(word), end=text.index(word) + len(word)),),
            )
            for word in ("sad", "proud", "tender")
            if word in text
        )


@pytest.fixture(scope="session")
def key() -> DataKey:
    return DataKey(bytes(range(32)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def recordings(folder: Path, key: DataKey) -> Recordings:
    return Recordings(folder / "recordings", key)


@pytest.fixture
def store(folder: Path, key: DataKey) -> Iterator[Store]:
    store = Store.open(folder / "journal.db", key)
    yield store
    store.close()


@pytest.fixture
def notebook(store: Store, recordings: Recordings) -> Notebook:
    return Notebook(store, recordings, WordTagger(), SteadyClock(), day_starts_at_hour=4)
