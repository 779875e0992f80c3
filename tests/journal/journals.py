"""Journals for tests: real ones, in a folder of their own, with a recogniser that hears what the recording says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.clock import SystemClock
from core.transcript import Transcript, Word
from journal.cipher import DataKey
from journal.entry import Answer
from journal.meaning.encoder import TextEncoder
from journal.notebook import Notebook
from journal.recordings import Recordings
from journal.store import Store
from journal.tags.lexicon_tagger import LexiconTagger
from journal.tags.suggester import TagSuggester

KEY = DataKey(bytes(range(32)))


@contextmanager
def opened(folder: Path, encoder: TextEncoder | None = None, tagger: TagSuggester | None = None) -> Iterator[Notebook]:
    """The notebook of the journal in ``folder``, which is made if it is not there."""
    store = Store.open(folder / "journal.db", KEY)
    try:
        recordings = Recordings(folder / "recordings", KEY)
        yield Notebook(store, recordings, tagger or LexiconTagger(), SystemClock(), 4, encoder)
    finally:
        store.close()


def heard(text: str) -> Transcript:
    """What a recogniser would give for a recording that says ``text``, one word a second."""
    words = tuple(
        Word(text=word, start=second, end=second + 1, probability=0.9) for second, word in enumerate(text.split())
    )
    language = "en" if words else None
    return Transcript(text=" ".join(text.split()), language=language, duration_seconds=len(words) + 1, words=words)


def recorded(notebook: Notebook, text: str, prompts: tuple[Answer, ...] = ()) -> str:
    """The id of an entry whose recording says ``text`` and waits to be transcribed."""
    entry, writer = notebook.begin(media_type="text/plain")
    writer.append(text.encode() or b" ")
    writer.finish()
    notebook.finish_recording(entry.id, prompts)
    return entry.id
