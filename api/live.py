"""Entries that are being spoken over a web socket.

An entry outlives its connection: whoever comes back with its id goes on where they were. Only when nobody has come back
for a while is it closed, and returns as recovered.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool

from core.errors import BadValue, NothingRecorded, NotReady, OutbreathError
from journal.entry import Entry
from journal.recorded_sound import BYTES_PER_FRAME, MICROPHONE_RATE_HZ
from outbreath.wiring import Outbreath
from sessions.events import Event
from sessions.spoken_entry import SpokenEntry

LINGER_SECONDS: Final = 120.0
"""For so long an entry waits for somebody to come back. A page that is loaded again takes a few seconds, a phone that
looks for its network perhaps a minute."""


@dataclass(slots=True, eq=False)
class Connection:
    """One connection over which an entry is spoken. ``events``: what is to be told, until None comes."""

    events: asyncio.Queue[Event | None] = field(default_factory=asyncio.Queue)
    known_bytes: int = 0
    """Of the sound that will come, so much is on disk already."""
    replaced: bool = False
    """Another connection has taken its place."""

    def unknown(self, sound: bytes) -> bytes:
        """What of ``sound`` is not on disk yet."""
        known = min(self.known_bytes, len(sound))
        self.known_bytes -= known
        return sound[known:]


class LiveEntry:
    """An entry that is being spoken, and the connection it has at present."""

    spoken: SpokenEntry

    def __init__(self) -> None:
        self.ended = False
        self.connection: Connection | None = None
        self.giving_up: asyncio.Task[None] | None = None
        # What is done with the entry itself is done one after the other, also when two connections meet.
        self.working = asyncio.Lock()
        self._loop = asyncio.get_running_loop()

    def tell(self, event: Event) -> None:
        """Hands an event over to the connection, from any thread."""
        with suppress(RuntimeError):  # the loop is closed: the server stops, and nobody listens any more
            self._loop.call_soon_threadsafe(self._pass_on, event)

    def _pass_on(self, event: Event) -> None:
        if self.connection is not None:
            self.connection.events.put_nowait(event)

    def connect(self) -> Connection:
        """A new connection; the one before is told that it is over."""
        if self.connection is not None:
            self.connection.replaced = True
            self.connection.events.put_nowait(None)
        if self.giving_up is not None:
            self.giving_up.cancel()
        self.connection = Connection()
        return self.connection


class LiveEntries:
    """All entries that are being spoken over this server, by id."""

    def __init__(self, parts: Outbreath, linger_seconds: float = LINGER_SECONDS) -> None:
        self._parts = parts
        self._linger_seconds = linger_seconds
        self._spoken: dict[str, LiveEntry] = {}

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._spoken

    async def begin(self, guide: str | None, spoken_at: datetime | None = None) -> tuple[LiveEntry, Connection]:
        """A new entry; one that was begun while nobody could be reached says when that was.

        Raises:
            UnknownSession, JournalLocked, DiskFull, BadValue: it cannot be begun.
        """
        live = LiveEntry()
        connection = live.connect()
        live.spoken = await run_in_threadpool(lambda: self._parts.reflections.begin(guide, live.tell, spoken_at))
        self._spoken[live.spoken.entry_id] = live
        live.spoken.ask()
        live.spoken.listen()
        return live, connection

    async def resume(self, entry_id: str, from_seconds: float | None) -> tuple[LiveEntry, Connection]:
        """An entry whose connection broke; the sound that comes now begins ``from_seconds`` into it.

        None is where the sound ends that is on disk.

        Raises:
            UnknownEntry: there is none by that id. NotReady: it is not being spoken any more.
            BadValue: so much has not been saved.
        """
        await run_in_threadpool(self._parts.notebook.entry, entry_id)
        live = self._spoken.get(entry_id)
        if live is None:
            raise NotReady
        async with live.working:
            if live.ended:
                raise NotReady
            await run_in_threadpool(live.spoken.save)
            safe_seconds = live.spoken.seconds
            if from_seconds is not None and from_seconds > safe_seconds + 0.5 / MICROPHONE_RATE_HZ:
                raise BadValue("saved", f"the seconds that are safe, which are {safe_seconds:g}")
            connection = live.connect()
            if from_seconds is not None:
                known_frames = round((safe_seconds - from_seconds) * MICROPHONE_RATE_HZ)
                connection.known_bytes = max(0, known_frames) * BYTES_PER_FRAME
            live.spoken.resume()
        return live, connection

    async def end(self, live: LiveEntry, connection: Connection) -> Entry | None:
        """The person is done: the filed entry, or None if it was over before or is spoken over another connection.

        Raises:
            NothingRecorded, DiskFull, JournalError: as ``SpokenEntry.stop``.
        """
        async with live.working:
            if connection.replaced or not self._take(live):
                return None
            try:
                await run_in_threadpool(live.spoken.stop)
            except NothingRecorded:
                raise
            except OutbreathError:
                await run_in_threadpool(self._cut_off, live.spoken)
                raise
            return await run_in_threadpool(live.spoken.file)

    def lost(self, live: LiveEntry, connection: Connection) -> None:
        """A connection broke; the entry waits for somebody to come back."""
        if live.connection is connection and not live.ended:
            live.connection = None
            live.giving_up = asyncio.create_task(self._give_up(live))

    async def close(self) -> None:
        """The server stops: what is being spoken is cut off, and comes back as recovered at the next start."""
        for live in list(self._spoken.values()):
            async with live.working:
                if self._take(live):
                    await run_in_threadpool(live.spoken.break_off)

    async def _give_up(self, live: LiveEntry) -> None:
        # Of one without any sound there is nothing to come back for.
        await asyncio.sleep(self._linger_seconds if live.spoken.seconds else 0)
        async with live.working:
            if live.connection is None and self._take(live):
                await run_in_threadpool(self._cut_off, live.spoken)

    def _take(self, live: LiveEntry) -> bool:
        """False when the entry is over already; from now on it is."""
        self._spoken.pop(live.spoken.entry_id, None)
        taken, live.ended = not live.ended, True
        return taken

    def _cut_off(self, spoken: SpokenEntry) -> None:
        spoken.break_off()
        with suppress(OutbreathError):  # on a full disk the rounds of the background work take it up once there is room
            for entry_id in self._parts.notebook.recover():
                self._parts.processing.submit(entry_id)
