"""Finding it again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import Journal
from journal.entry import RelatedEntries, SearchResults

QUERY_LANGUAGE = "Words, “a phrase”, tag:name, from:2026-10, to:2026-11-05, kind:typed, guide:name."

router = APIRouter(tags=["search"])


@router.get("/search")
def search(
    notebook: Journal,
    q: Annotated[
        str,
        Query(
            description="Words, “a phrase”, tag:name, from:2026-10, to:2026-11, kind:typed, guide:name; -word."
            " Of more than 1000 characters the beginning counts.",
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> SearchResults:
    """Entries by words, meaning and tags, best first."""
    return notebook.search(q, limit)


@router.get("/entries/{entry_id}/related")
def related(notebook: Journal, entry_id: str, limit: Annotated[int, Query(ge=1, le=200)] = 10) -> RelatedEntries:
    """Other entries about the same, the nearest first."""
    return notebook.related(entry_id, limit)
