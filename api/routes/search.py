"""Finding it again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import Journal
from journal.entry import SearchResults

router = APIRouter(tags=["search"])


@router.get("/search")
def search(
    notebook: Journal,
    q: Annotated[str, Query(description="Words, “a phrase”, or tag:name.", max_length=1000)],
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> SearchResults:
    """Entries by words, meaning and tags, best first."""
    return notebook.search(q, limit)
