"""The server: all routes behind one door."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api import errors
from api.access import OwnPagesOnly
from api.body_limit import BodyLimit
from api.live import LiveEntries
from api.page_lock import Locked
from api.phone_access import PairedOnly
from api.routes import (
    entries,
    health,
    installing,
    live,
    lock,
    page,
    phones,
    playback,
    recordings,
    search,
    sessions,
    settings,
    tags,
    unsent,
    vocabulary,
)
from api.schemas import ErrorBody
from api.session_audio import EncodedSessions
from api.shell import STATIC
from core.errors import OutbreathError
from outbreath.phones.home_network import HomeNetwork
from outbreath.wiring import Outbreath

PREFIX = "/api/v1"

_log = logging.getLogger(__name__)


def create_app(outbreath: Outbreath, home_network: HomeNetwork | None = None) -> FastAPI:
    """The application for one installation; it works on unfinished entries for as long as it runs.

    ``home_network``: where paired phones are let in.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(outbreath.resume)
        except OutbreathError as error:
            # Locked, or its key is gone: sessions play all the same, and whoever asks for the journal is told.
            _log.warning("the journal is not open: %s", error.code)
        yield
        await app.state.live_entries.close()

    app = FastAPI(
        title="Outbreath",
        version=version("outbreath"),
        description="Guided sessions and spoken reflections, all on this machine.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # FastAPI can report requests and exceptions to whoever the environment names. Never ours.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.outbreath = outbreath
    app.state.home_network = home_network
    app.state.encoded_sessions = EncodedSessions(outbreath.places.session_audio)
    app.state.live_entries = LiveEntries(outbreath)
    # Before the entries, whose addresses would take "live" for an id.
    rooms = (health, lock, settings, sessions, playback, live, entries, recordings)
    for room in (*rooms, unsent, search, tags, vocabulary, phones):
        app.include_router(room.router, prefix=PREFIX, responses={"default": {"model": ErrorBody}})
    app.include_router(page.router)
    app.include_router(installing.router)
    app.include_router(phones.pages)
    app.mount("/static", GZipMiddleware(RevalidatedFiles(directory=STATIC)), name="static")
    app.add_middleware(BodyLimit)
    errors.install(app)
    # Made here: were it made by two requests that come first at once, each would know its own visitors only.
    app.add_middleware(Locked, lock=outbreath.page_lock, is_spoken=lambda entry_id: entry_id in app.state.live_entries)
    port = home_network.https_port if home_network else None
    app.add_middleware(PairedOnly, phones=lambda: outbreath.phones.paired, port=port)
    app.add_middleware(OwnPagesOnly, configured_host=outbreath.settings.host)
    return app


class RevalidatedFiles(StaticFiles):
    """Files of the page: kept by the browser, which asks each time whether they are still the same."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response
