"""Entries: retrieval, correcting, deleting; taking in new ones."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.body_limit import is_form
from api.dependencies import Journal, Parts
from api.errors import usage_error
from api.schemas import Boundary, EntryChanges, RecordingForm, TypedEntry
from api.uploads import take_recording
from journal.entry import MOODS, Entry, EntryPage
from outbreath.wiring import Outbreath

router = APIRouter(tags=["entries"], prefix="/entries")

NEW_ENTRY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": TypedEntry.model_json_schema(ref_template="#/components/schemas/{model}")},
            "multipart/form-data": {
                "schema": RecordingForm.model_json_schema(ref_template="#/components/schemas/{model}"),
            },
        },
    }
}


@router.post("", status_code=HTTPStatus.ACCEPTED, openapi_extra=NEW_ENTRY)
async def add(request: Request, response: Response, parts: Parts) -> Entry:
    """Files a recording (a form whose part ``audio`` is the sound) or a text; the entry is worked on from here."""
    if is_form(request.headers):
        entry = await take_recording(request, parts)
    else:
        entry = await run_in_threadpool(_write, parts, await request.body())
    response.headers["Location"] = f"{request.url.path}/{entry.id}"
    return entry


def _write(parts: Outbreath, body: bytes) -> Entry:
    try:
        typed = TypedEntry.model_validate_json(body)
    except ValidationError as fault:
        raise usage_error(fault) from None
    return parts.write(typed.text, guide=typed.guide, spoken_at=typed.spoken_at)


@router.get("")
def entries(
    notebook: Journal,
    q: Annotated[str | None, Query(description="Every word must occur; else as in a search.")] = None,
    tag: Annotated[str | None, Query(max_length=100)] = None,
    since: Annotated[Boundary | None, Query(alias="from", description="First shift day, or first moment.")] = None,
    until: Annotated[Boundary | None, Query(alias="to", description="Last shift day, or the moment after it.")] = None,
    kind: Annotated[Literal["spoken", "typed"] | None, Query(description="How they came.")] = None,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before.", max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EntryPage:
    """Entries, newest first."""
    return notebook.entries(query=q, tag=tag, since=since, until=until, kind=kind, cursor=cursor, limit=limit)


@router.get("/{entry_id}")
def entry(notebook: Journal, entry_id: str) -> Entry:
    """One entry, whole."""
    return notebook.entry(entry_id)


@router.patch("/{entry_id}")
def edit(parts: Parts, entry_id: str, changes: Annotated[EntryChanges, Body()]) -> Entry:
    """Corrects an entry. What was first heard is kept beside it."""
    if changes.guide is not None:
        parts.library.script(changes.guide)
    given = changes.model_dump(exclude_unset=True)
    cleared = [name for name in MOODS if name in given and given[name] is None]
    return parts.notebook.edit(entry_id, **given, clear=cleared)


@router.delete("/{entry_id}", status_code=HTTPStatus.NO_CONTENT)
def delete(notebook: Journal, entry_id: str) -> None:
    """Deletes an entry with its recording, words and tags, everywhere."""
    notebook.delete(entry_id)
