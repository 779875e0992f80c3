"""Speaking: sound in over a web socket, events out.

In: binary frames of 16 bit samples, little endian, mono at 16 kHz; and JSON such as ``{"type": "next"}``, which may be
``next``, ``skip``, ``back`` or ``end``. Out: JSON, each with its ``type``; see ``described``.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, WebSocket
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocketDisconnect, WebSocketState

from api.live import Connection, LiveEntries, LiveEntry
from api.schemas import Moment
from core.errors import BadValue, NotReady, OutbreathError
from journal.entry import Entry, State
from sessions.events import Closing, Event, Heard, Listening, LongSilence, Prompted, Saved
from sessions.spoken_entry import TURNS

# Close codes (RFC 6455, section 7.4.1). A program that is done closes with the first; a page that goes away, or a line
# that breaks, gives another.
DONE: Final = 1000
REFUSED: Final = 1008
TAKEN_OVER: Final = 4001
"""Another connection goes on with the entry. Ours, since it is no fault to come back after."""

END: Final = "end"

router = APIRouter(tags=["entries"])


@router.websocket("/entries/live")
async def live(
    websocket: WebSocket,
    guide: Annotated[str | None, Query(max_length=100)] = None,
    entry: Annotated[str | None, Query(max_length=100)] = None,
    saved: Annotated[float | None, Query(ge=0, allow_inf_nan=False)] = None,
    spoken_at: Annotated[Moment | None, Query()] = None,
) -> None:
    """An entry, spoken; ``entry`` and ``saved`` go on with one whose connection broke.

    ``spoken_at``: when it was begun, if that was before anybody could be reached.
    """
    await websocket.accept()
    entries: LiveEntries = websocket.app.state.live_entries
    try:
        begun = entries.begin(guide, spoken_at) if entry is None else entries.resume(entry, saved)
        spoken, connection = await begun
    except OutbreathError as error:
        await _refuse(websocket, error)
        return
    telling = asyncio.create_task(_tell(websocket, connection))
    last, code = None, None
    try:
        last, code = await _follow(websocket, entries, spoken, connection)
    finally:
        connection.events.put_nowait(None)
        await telling
    # Behind all that was still to be told.
    if last is not None:
        await _send(websocket, last)
    if code is not None:
        await _close(websocket, code)


async def _follow(
    websocket: WebSocket, entries: LiveEntries, live_entry: LiveEntry, connection: Connection
) -> tuple[dict[str, Any] | None, int | None]:
    """Takes what comes over one connection until it breaks or the person is done; gives the last message and a code."""
    try:
        while await _take(websocket, live_entry, connection):
            pass
    except WebSocketDisconnect as gone:
        if connection.replaced:
            return None, TAKEN_OVER
        if gone.code != DONE:
            entries.lost(live_entry, connection)
            return None, None
    except OutbreathError as error:  # it cannot be kept any longer; what was said before is
        with suppress(OutbreathError):  # tried again when there is room
            await entries.end(live_entry, connection)
        return _error(error), REFUSED
    except BaseException:
        entries.lost(live_entry, connection)
        raise
    try:
        filed = await entries.end(live_entry, connection)
    except OutbreathError as error:
        return _error(error), REFUSED
    if filed is None:  # over before, though this line was still open
        return _error(NotReady()), REFUSED
    return _settled(filed), DONE


async def _take(websocket: WebSocket, live_entry: LiveEntry, connection: Connection) -> bool:
    """Takes one message; False when the person is done.

    Raises:
        WebSocketDisconnect: the connection is gone.
        DiskFull, JournalUnreadable: the sound could not be kept.
    """
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    sound, text = message.get("bytes"), message.get("text")
    async with live_entry.working:
        if connection.replaced:  # while it waited for its turn
            raise WebSocketDisconnect(TAKEN_OVER)
        if live_entry.ended:
            return False
        if sound is not None:
            await run_in_threadpool(live_entry.spoken.hear, connection.unknown(sound))
            return True
        asked = _asked(text or "")
        if asked == END:
            return False
        if asked not in TURNS:
            await _send(websocket, _error(BadValue("the message", f"one of: {', '.join(TURNS)}, {END}")))
            return True
        goes_on = await run_in_threadpool(TURNS[asked], live_entry.spoken)
        if goes_on:
            live_entry.spoken.listen()
        return goes_on


def _asked(text: str) -> str:
    """What a text message asks for: its ``type``, or the bare word."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text.strip()
    asked = value.get("type") if isinstance(value, dict) else value
    return asked if isinstance(asked, str) else ""


async def _tell(websocket: WebSocket, connection: Connection) -> None:
    while (event := await connection.events.get()) is not None:
        await _send(websocket, described(event))
    if connection.replaced:
        await _close(websocket, TAKEN_OVER)


def described(event: Event) -> dict[str, Any]:
    """An event as it goes over the line."""
    match event:
        case Prompted(turn=turn, index=index, count=count):
            return {"type": "prompt", "prompt": turn.prompt, "lines": turn.lines, "index": index, "count": count}
        case Listening(entry_id=entry_id, seconds=seconds, timebox_seconds=timebox):
            return {"type": "listening", "entry": entry_id, "seconds": seconds, "timebox_seconds": timebox}
        case Saved(seconds=seconds):
            return {"type": "saved", "seconds": seconds}
        case Heard(words=words):
            text = " ".join(word.text for word in words)
            spoken = [word.model_dump(mode="json") for word in words]
            return {"type": "segment", "text": text, "start": words[0].start, "end": words[-1].end, "words": spoken}
        case LongSilence(seconds=seconds):
            return {"type": "silence", "seconds": seconds}
        case Closing(lines=lines):
            return {"type": "closing", "lines": lines}
    raise TypeError(f"{type(event).__name__} is no event of speaking")


def _settled(entry: Entry) -> dict[str, Any]:
    kind = "ready" if entry.state in (State.READY, State.NO_SPEECH) else "filed"
    return {"type": kind, "entry": entry.model_dump(mode="json")}


def _error(error: OutbreathError) -> dict[str, Any]:
    return {"type": "error", "error": error.as_json()}


async def _refuse(websocket: WebSocket, error: OutbreathError) -> None:
    await _send(websocket, _error(error))
    await _close(websocket, REFUSED)


async def _send(websocket: WebSocket, message: dict[str, Any]) -> None:
    if websocket.application_state is WebSocketState.CONNECTED:
        with suppress(WebSocketDisconnect, RuntimeError):  # the other side is gone; reading says so too
            await websocket.send_json(message)


async def _close(websocket: WebSocket, code: int) -> None:
    if websocket.client_state is WebSocketState.CONNECTED and websocket.application_state is WebSocketState.CONNECTED:
        await websocket.close(code)
