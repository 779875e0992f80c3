"""What a search found, ready to be shown: with a snippet, the reason, and the moment in the recording."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from journal import entry_rows
from journal.entry import Entry, Mark, RelatedEntries, SearchResult, SearchResults
from journal.meaning.encoder import TextEncoder
from journal.meaning.passages import passages
from journal.meaning.understanding import Understanding
from journal.moments import seconds_at
from journal.query import Query
from journal.schema.tables import entries, entry_words
from journal.search import Hit, Reason, SearchIndex
from journal.snippets import Excerpt, beginning, excerpts
from journal.word_index import joined
from journal.written_text import cleaned


def search(
    connection: Connection, index: SearchIndex, encoder: TextEncoder | None, query: Query, limit: int
) -> tuple[int, tuple[SearchResult, ...]]:
    """How many entries match a query, and the best of them."""
    found = index.find(connection, query, Understanding(encoder), limit)
    shown = _entries(connection, found.hits)
    texts = {number: (entry.text, "\n".join(tag.name for tag in entry.tags)) for number, entry in shown.items()}
    terms = found.query.telling_terms
    there = excerpts(connection, texts if terms else {}, joined(terms, " OR "))
    reasons: dict[int, tuple[Reason, ...]] = {}
    places: dict[int, Excerpt] = {}
    for hit in found.hits:
        tagged = bool(query.narrowing.tags) or hit.number in there.tagged
        why: dict[Reason, bool] = {
            "words": hit.number in there.by_words,
            "meaning": hit.passage is not None,
            "tag": tagged,
        }
        reasons[hit.number] = tuple(reason for reason, holds in why.items() if holds)
        places[hit.number] = there.by_words.get(hit.number) or _passage(shown[hit.number].text, hit)
    return found.total, _results(connection, found.hits, shown, reasons, places)


def related(connection: Connection, index: SearchIndex, entry_id: str, limit: int) -> RelatedEntries:
    """Other entries about the same.

    Raises:
        UnknownEntry: there is none by that id.
    """
    hits = index.related(connection, entry_rows.number_of(connection, entry_id), limit)
    shown = _entries(connection, hits)
    reasons: dict[int, tuple[Reason, ...]] = {hit.number: ("meaning",) for hit in hits}
    places = {hit.number: _passage(shown[hit.number].text, hit) for hit in hits}
    return RelatedEntries(results=_results(connection, hits, shown, reasons, places))


def as_results(text: str, total: int, results: tuple[SearchResult, ...]) -> SearchResults:
    """The public form of what was found for a text."""
    return SearchResults(query=cleaned(text), total=total, results=results)


def _entries(connection: Connection, hits: Sequence[Hit]) -> dict[int, Entry]:
    rows = connection.execute(select(entries).where(entries.c.number.in_([hit.number for hit in hits]))).all()
    return dict(zip((row.number for row in rows), entry_rows.entries_of(connection, rows), strict=True))


def _passage(text: str, hit: Hit) -> Excerpt:
    """The beginning of the passage that is nearest, or of the whole text."""
    if hit.passage is None:
        return beginning(text)
    found = passages(text)
    if hit.passage >= len(found):  # cut by another version of the rules
        return beginning(text)
    start, end = found[hit.passage]
    shown = beginning(text[start:end])
    return Excerpt(("…" if start else "") + shown.text, len(text[:start].split()))


def _results(
    connection: Connection,
    hits: Sequence[Hit],
    shown: Mapping[int, Entry],
    reasons: Mapping[int, tuple[Reason, ...]],
    places: Mapping[int, Excerpt],
) -> tuple[SearchResult, ...]:
    spoken = [hit.number for hit in hits if shown[hit.number].duration_seconds and places[hit.number].word is not None]
    kept = select(entry_words.c.entry_number, entry_words.c.words).where(entry_words.c.entry_number.in_(spoken))
    words = {row.entry_number: row.words for row in connection.execute(kept)}
    return tuple(
        SearchResult(
            entry=shown[hit.number],
            score=hit.score,
            snippet=places[hit.number].text,
            marks=tuple(Mark(start=start, end=end) for start, end in places[hit.number].marks),
            matched=reasons[hit.number],
            at_seconds=seconds_at(words.get(hit.number), shown[hit.number].text, places[hit.number].word),
        )
        for hit in hits
    )
