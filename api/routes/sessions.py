"""The library: what there is, when each line comes, and the sound itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import session_audio
from api.dependencies import Parts
from api.ranges import Content, ranged_response
from api.routes.health import voices_of
from api.schemas import Choices, Preparation
from api.session_audio import EncodedSessions, Format
from audio import files
from core.errors import UnknownVoice
from core.settings import Guidance
from sessions.guide import Performance
from sessions.preparing import Choice
from sessions.script_files import SessionSummary
from sessions.timeline import Timeline
from voice.voices import NAMED

router = APIRouter(tags=["sessions"], prefix="/sessions")

SOUND = {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}}


def _choices(
    minutes: Annotated[float | None, Query(gt=0, allow_inf_nan=False, description="Length in minutes.")] = None,
    guidance: Annotated[Guidance | None, Query(description="How much is said.")] = None,
    bed: Annotated[str | None, Query(description="Bed of sound; /health lists them.", max_length=100)] = None,
    voice: Annotated[str | None, Query(description="Who speaks; /health lists them.", max_length=1000)] = None,
) -> Choices:
    return Choices(minutes=minutes, guidance=guidance, bed=bed, voice=voice)


def chosen(parts: Parts, slug: str, choices: Annotated[Choices, Depends(_choices)]) -> Choice:
    """A session as it was asked for.

    Raises:
        UnknownVoice: there is none of that name.
    """
    known = voices_of(parts)
    # A path would let whoever can send a request load files of this machine; the settings may name one.
    if choices.voice is not None and choices.voice not in {*known, *NAMED}:
        raise UnknownVoice(known)
    return Choice(slug=slug, minutes=choices.minutes, guidance=choices.guidance, bed=choices.bed, voice=choices.voice)


Chosen = Annotated[Choice, Depends(chosen)]


def prepared(parts: Parts, choice: Chosen) -> Performance:
    """A session planned as it was asked for."""
    return parts.preparing.performance(choice)


Prepared = Annotated[Performance, Depends(prepared)]


@router.get("")
def sessions(parts: Parts) -> tuple[SessionSummary, ...]:
    """The library."""
    return parts.guide.sessions()


@router.get("/{slug}")
def session(parts: Parts, slug: str) -> SessionSummary:
    """One session. One of your own, with a slow voice, begins to be spoken, so that it is ready sooner."""
    parts.preparing.expect(slug)
    return parts.guide.session(slug)


@router.get("/{slug}/timeline")
def timeline(performance: Prepared) -> Timeline:
    """Cues with their times, captions and chapters."""
    return performance.timeline


@router.get("/{slug}/prepare")
def preparation(parts: Parts, choice: Chosen) -> Preparation:
    """How much of a session is spoken already."""
    lines, ready = parts.preparing.progress(choice)
    return Preparation(lines=lines, lines_ready=ready)


@router.post("/{slug}/prepare", status_code=HTTPStatus.ACCEPTED)
def prepare(parts: Parts, choice: Chosen) -> Preparation:
    """Has a session spoken ahead, so that it starts at once when it is wanted."""
    parts.preparing.begin(choice)
    return preparation(parts, choice)


@router.get("/{slug}/prompts/{index}/audio", response_class=Response, responses={200: SOUND})
def prompt_audio(parts: Parts, slug: str, index: Annotated[int, Path(ge=0)]) -> Response:
    """What a reflection says aloud before one of its questions, as WAV; behind the last, its closing words."""
    return Response(files.wav_bytes(parts.reflections.prompt_sound(slug, index)), media_type=files.FORMATS["wav"])


@router.api_route("/{slug}/audio", methods=["HEAD"], include_in_schema=False)
@router.get("/{slug}/audio", response_class=Response, responses={200: SOUND, 206: SOUND, 304: {}})
async def audio(
    request: Request,
    performance: Prepared,
    sound_format: Annotated[Format, Query(alias="format", description="WAV starts at once.")] = "wav",
) -> Response:
    """The sound. WAV is sent while it is rendered; ranges begin to sound wherever they are asked for."""
    tag = session_audio.etag(performance)
    if sound_format == "wav":
        return ranged_response(request, session_audio.wav(performance, tag))
    encoded: EncodedSessions = request.app.state.encoded_sessions
    content = await _unless_gone(request, lambda gone: encoded.content(performance, tag, sound_format, gone))
    return ranged_response(request, content)


async def _unless_gone(request: Request, work: Callable[[threading.Event], Content]) -> Content:
    """Runs ``work`` in a thread and tells it when the client has gone."""
    gone = threading.Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    watching = asyncio.create_task(watch())
    try:
        return await run_in_threadpool(work, gone)
    finally:
        watching.cancel()
