"""The sound of an entry, and what becomes of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Generator
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.dependencies import Journal, Parts
from api.media_types import media_type_of
from api.ranges import Content, ranged_response
from core.errors import OutbreathError
from journal.entry import Entry
from journal.notebook import Notebook
from journal.recorded_sound import PlayableRecording

router = APIRouter(tags=["recordings"], prefix="/entries/{entry_id}")

BLOCK_BYTES = 256 * 1024
LOOK_SECONDS = 0.25
HEARTBEAT_SECONDS = 15.0

SOUND = {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}}
EVENT = {"type": "object", "properties": {"event": {"enum": ["entry", "end"]}, "data": {"type": "string"}}}
EVENTS = {"content": {"text/event-stream": {"schema": EVENT}}}


@router.api_route("/audio", methods=["HEAD"], include_in_schema=False)
@router.get("/audio", response_class=Response, responses={200: SOUND, 206: SOUND, 304: {}})
def audio(notebook: Journal, request: Request, entry_id: str) -> Response:
    """The recording, or the asked part of it."""
    with notebook.recording(entry_id) as recording:
        playable = PlayableRecording(recording)
        # A recording only grows, so its length tells one state of it from another.
        etag = f'"{entry_id}-{playable.size_bytes}"'
        playable.read(0, 1)  # a recording damaged at its beginning is told before the first byte goes out

    def read_from(start: int) -> Generator[bytes, None, None]:
        with notebook.recording(entry_id) as opened:
            sound = PlayableRecording(opened)
            while block := sound.read(start, BLOCK_BYTES):
                yield block
                start += len(block)

    content = Content(playable.size_bytes, etag, media_type_of(playable.media_type), "no-store", read_from)
    return ranged_response(request, content)


@router.post("/retry", status_code=HTTPStatus.ACCEPTED)
def retry(parts: Parts, entry_id: str) -> Entry:
    """Tries again to write down an entry that failed."""
    parts.processing.retry(entry_id)
    return parts.notebook.entry(entry_id)


@router.get("/events", response_class=StreamingResponse, responses={200: EVENTS})
async def events(notebook: Journal, entry_id: str) -> StreamingResponse:
    """Server-sent events: ``entry`` with the entry at once and after each change, then ``end`` when it is settled."""
    first = await run_in_threadpool(notebook.entry, entry_id)
    return StreamingResponse(_changes(notebook, first), media_type="text/event-stream")


async def _changes(notebook: Notebook, entry: Entry) -> AsyncIterator[str]:
    yield _event("entry", entry.model_dump_json())
    told_at = time.monotonic()
    while not entry.state.settled:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            now = await run_in_threadpool(notebook.entry, entry.id)
        except OutbreathError:  # deleted or locked in the meantime: nothing more to tell
            break
        if now != entry:
            entry, told_at = now, time.monotonic()
            yield _event("entry", entry.model_dump_json())
        elif time.monotonic() - told_at > HEARTBEAT_SECONDS:
            told_at = time.monotonic()
            yield ": still here\n\n"
    yield _event("end", "{}")


def _event(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"
