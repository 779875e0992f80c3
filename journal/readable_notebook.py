"""What can be asked of the journal without changing it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from core.errors import BadValue
from journal import entry_rows, finding, lessons, listing, tag_history, tag_rows
from journal.entry import (
    Entry,
    EntryPage,
    Period,
    RelatedEntries,
    SearchResults,
    State,
    TagCount,
    TagHistory,
    TagLessons,
)
from journal.meaning.encoder import TextEncoder
from journal.query import parse
from journal.recordings import RecordingReader, Recordings
from journal.schema.tables import entries
from journal.search import SearchIndex
from journal.store import Store
from journal.vocabulary import Vocabulary
from journal.written_text import tag_name

MOST_RESULTS = 200


class ReadableNotebook:
    """The half of the notebook that finds and shows."""

    def __init__(
        self, store: Store, recordings: Recordings, index: SearchIndex, encoder: TextEncoder | None = None
    ) -> None:
        self._store = store
        self._recordings = recordings
        self._index = index
        self._encoder = encoder

    @property
    def recordings(self) -> Recordings:
        """The recordings themselves: for moving a whole journal out and in, and for the key of what is still unsent."""
        return self._recordings

    @property
    def vocabulary(self) -> Vocabulary:
        """The person's own words, which the recogniser expects."""
        return Vocabulary(self._store)

    def entry(self, entry_id: str) -> Entry:
        """One entry with all that belongs to it, its words included."""
        with self._store.reading() as connection:
            return entry_rows.entry_of(connection, entry_id)

    def entries(
        self,
        query: str | None = None,
        tag: str | None = None,
        since: date | datetime | None = None,
        until: date | datetime | None = None,
        kind: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> EntryPage:
        """Entries that fit everything asked, newest first, without their words. See ``listing.Filters``.

        Raises:
            BadValue: a filter, the cursor or the limit cannot be used.
        """
        with self._store.reading() as connection:
            filters = listing.Filters(query, tag, since, until, kind)
            return listing.page(connection, self._index, filters, cursor, limit)

    def search(self, query: str, limit: int = 20) -> SearchResults:
        """The best entries for a query, best first, without their words. Any text is a valid query: see ``query``.

        Raises:
            BadValue: the limit cannot be used.
        """
        _check(limit)
        with self._store.reading() as connection:
            found = finding.search(connection, self._index, self._encoder, parse(query), limit)
        return finding.as_results(query, *found)

    def related(self, entry_id: str, limit: int = 10) -> RelatedEntries:
        """Other entries about the same, the nearest first; none as long as the meaning of this one is not known.

        Raises:
            BadValue: the limit cannot be used.
        """
        _check(limit)
        with self._store.reading() as connection:
            return finding.related(connection, self._index, entry_id, limit)

    def recording(self, entry_id: str) -> RecordingReader:
        """The recording of an entry, to be read like a file.

        Raises:
            NoRecording: it was typed.
            DamagedRecording: not even its beginning can be read.
        """
        with self._store.reading() as connection:
            entry_rows.number_of(connection, entry_id)
        return self._recordings.open(entry_id)

    def has_recording(self, entry_id: str) -> bool:
        """Whether ``recording`` would find one."""
        with self._store.reading() as connection:
            entry_rows.number_of(connection, entry_id)
        return self._recordings.exists(entry_id)

    def tags(self) -> tuple[TagCount, ...]:
        """All tags in use, the most frequent first."""
        with self._store.reading() as connection:
            return tag_rows.counts(connection)

    def tag_history(self, name: str, by: Period = "month") -> TagHistory:
        """When a tag was used, and with which others.

        Raises:
            BadValue: the name cannot be a tag.
            UnknownTag: neither is it in use nor one that is suggested.
        """
        with self._store.reading() as connection:
            return tag_history.history(connection, tag_name(name), by)

    def lessons(self) -> tuple[TagLessons, ...]:
        """What later suggestions learn from: how often the person said yes and no to each tag, by name."""
        with self._store.reading() as connection:
            return lessons.listed(connection)

    def removed_tags(self, entry_id: str) -> tuple[str, ...]:
        """Names of the tags that the person took away from an entry."""
        with self._store.reading() as connection:
            return tuple(tag_rows.removed_names(connection, entry_rows.number_of(connection, entry_id)))

    def forgotten_tags(self, entry_id: str) -> tuple[str, ...]:
        """Names of an entry's tags about which the person's decision is no example any more."""
        with self._store.reading() as connection:
            return tuple(lessons.forgotten_of_entry(connection, entry_rows.number_of(connection, entry_id)))

    def unfinished(self) -> tuple[str, ...]:
        """Ids of entries that wait for their transcript, oldest first."""
        waiting = select(entries.c.id).where(entries.c.state.in_((State.RECOVERED, State.TRANSCRIBING)))
        with self._store.reading() as connection:
            return tuple(connection.execute(waiting.order_by(entries.c.id)).scalars())


def _check(limit: int) -> None:
    if not 1 <= limit <= MOST_RESULTS:
        raise BadValue("limit", f"a whole number from 1 to {MOST_RESULTS}")
