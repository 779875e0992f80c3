"""A recording on its way in: from the socket into the encrypted file, block by block, and never anywhere else."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from fastapi import Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.body_limit import MEGABYTE
from api.errors import usage_error
from api.media_types import media_type_of
from api.multipart import AUDIO_PART, AudioBegins, AudioBytes, Event, FormReader
from api.schemas import RecordingFields
from core.errors import BadValue, DiskFull, OutbreathError, RequestTooLarge, UnreadableAudio
from journal.entry import Entry
from journal.recording_writer import RecordingWriter
from outbreath.wiring import Outbreath

# Each block waits for the disk: large enough to keep pace, often enough that a crash costs at most a second.
LARGEST_BLOCK_BYTES = 256 * 1024
LONGEST_WAIT_SECONDS = 0.5

FORM_OVERHEAD_BYTES = MEGABYTE
DRAINED_BYTES = 16 * MEGABYTE


async def take_recording(request: Request, parts: Outbreath) -> Entry:
    """Reads the form as it arrives and gives the entry that is now being worked on.

    Raises:
        BadForm, BadValue, RequestTooLarge, UnknownSession, UnreadableAudio: there is no entry.
        DiskFull, ClientDisconnect: what arrived is kept, if any sound is in it.
    """
    limit_mb = parts.settings.recording_limit_mb
    announced_bytes = request.headers.get("content-length", "")
    if announced_bytes.isdecimal() and int(announced_bytes) > limit_mb * MEGABYTE + FORM_OVERHEAD_BYTES:
        raise RequestTooLarge(limit_mb)
    form = FormReader(request.headers.get("content-type", ""))
    intake = Intake(parts)
    try:
        async for chunk in request.stream():
            if events := form.feed(chunk):
                await run_in_threadpool(intake.take, events, form.fields)
        form.finish()
        return await run_in_threadpool(intake.finish, form.fields)
    except DiskFull:
        await run_in_threadpool(intake.keep)
        raise
    except OutbreathError:
        await run_in_threadpool(intake.discard)
        await _drain(request)
        raise
    except BaseException:  # the client went away, the server is being stopped, or a bug: what was said is kept
        await run_in_threadpool(intake.keep)
        raise


async def _drain(request: Request) -> None:
    """Reads what a client is still sending, so that it gets to read the answer; not without end."""
    left = DRAINED_BYTES
    with suppress(ClientDisconnect, RuntimeError):
        async for chunk in request.stream():
            left -= len(chunk)
            if left < 0:
                return


class Intake:
    """Writes one recording. All of it blocks, so it runs in worker threads."""

    def __init__(self, parts: Outbreath) -> None:
        self._parts = parts
        self._limit_mb = parts.settings.recording_limit_mb
        self._writer: RecordingWriter | None = None
        self._block = bytearray()
        self._written_at = time.monotonic()

    def take(self, events: Sequence[Event], fields: Mapping[str, Sequence[str]]) -> None:
        """Takes what came of the recording; ``fields`` are those that came before it."""
        for event in events:
            if isinstance(event, AudioBegins):
                self._begin(event, self._checked(fields))
            elif isinstance(event, AudioBytes):
                self._append(event.data)

    def finish(self, fields: Mapping[str, Sequence[str]]) -> Entry:
        """Files the recording once it is known that there is sound in it."""
        checked = self._checked(fields)
        if self._writer is None:
            raise BadValue(AUDIO_PART, "a recording, sent as the part audio of the form")
        self._flush()
        entry_id = self._writer.entry_id
        # Fields that came behind the sound were not known when the entry began; saying the others again is no harm.
        self._parts.notebook.edit(
            entry_id,
            mood_before=checked.mood_before,
            mood_after=checked.mood_after,
            guide=checked.guide,
            spoken_at=checked.spoken_at,
        )
        self._parts.reflections.accept(entry_id, self._writer, checked.prompts)
        return self._parts.notebook.entry(entry_id)

    def keep(self) -> None:
        """What arrived before it broke off becomes a recovered entry, unless there is no sound in it."""
        if self._writer is None:
            return
        with suppress(DiskFull):
            self._flush()
        try:
            self._parts.reflections.require_sound(self._writer.entry_id)
        except UnreadableAudio:
            self.discard()
            return
        self._writer.close()
        for entry_id in self._parts.notebook.recover():
            self._parts.processing.submit(entry_id)

    def discard(self) -> None:
        """As if it had never been sent."""
        if self._writer is not None:
            self._writer.close()
            self._parts.notebook.delete(self._writer.entry_id)

    def _begin(self, part: AudioBegins, fields: RecordingFields) -> None:
        media_type = media_type_of(part.media_type, part.filename)
        _, self._writer = self._parts.notebook.begin(
            guide=fields.guide, spoken_at=fields.spoken_at, media_type=media_type, mood_before=fields.mood_before
        )

    def _append(self, data: bytes) -> None:
        self._block += data
        waited = time.monotonic() - self._written_at > LONGEST_WAIT_SECONDS
        if waited or len(self._block) >= LARGEST_BLOCK_BYTES:
            self._flush()

    def _flush(self) -> None:
        assert self._writer is not None
        if self._writer.bytes_written + len(self._block) > self._limit_mb * MEGABYTE:
            raise RequestTooLarge(self._limit_mb)
        self._writer.append(bytes(self._block))
        self._block.clear()
        self._written_at = time.monotonic()

    def _checked(self, fields: Mapping[str, Sequence[str]]) -> RecordingFields:
        # A field that a form leaves empty was not given.
        given = {("spoken_at" if name == "at" else name): values[-1] for name, values in fields.items() if values[-1]}
        try:
            checked = RecordingFields.model_validate(given)
        except ValidationError as fault:
            raise usage_error(fault) from None
        if checked.guide is not None:
            self._parts.library.script(checked.guide)
        return checked
