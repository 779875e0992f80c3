"""What a locked page may still ask for: itself, the sessions, and the end of what it is recording."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import SAFE_METHODS, closed
from api.errors import answer
from core.errors import PageLocked
from outbreath.page_lock.lock import PageLock

# Nothing in these is the person's own: files, sounds, the library, and the lock itself.
FOR_ANYBODY: Final = frozenset(
    {
        "/",
        "/manifest.webmanifest",
        "/service-worker.js",
        "/pair",
        "/api/v1/docs",
        "/api/v1/openapi.json",
        "/api/v1/health",
        "/api/v1/sessions",
    }
)
FOLDERS_FOR_ANYBODY: Final = ("/static/", "/tones/", "/api/v1/sessions/")
FOR_ANYBODY_TO_CHANGE: Final = frozenset({"/api/v1/lock", "/api/v1/lock/open", "/pair"})
"""Each asks for a secret itself: the passcode, or the code of a phone that can't have given the passcode yet."""
LIVE: Final = "/api/v1/entries/live"
PAGES: Final = "/phones"


class Locked:
    """Keeps the journal, the settings and the phones from pages that are locked.

    Args:
        is_spoken: whether an entry of that id is being spoken.
    """

    def __init__(self, app: ASGIApp, lock: PageLock, is_spoken: Callable[[str], bool]) -> None:
        self.app = app
        self._lock = lock
        self._is_spoken = is_spoken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or _is_for_anybody(scope):
            await self.app(scope, receive, send)
            return
        token, lock = token_of(scope), self._lock
        if lock.is_open(token):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            goes_on = lock.was_open(token) and self._is_recording(scope)
            await (self.app if goes_on else closed)(scope, receive, send)
        elif scope["path"].startswith(PAGES):  # its forms too: whoever sends one sees what is answered
            await RedirectResponse("/", 303)(scope, receive, send)
        else:
            await answer(PageLocked())(scope, receive, send)

    def _is_recording(self, scope: Scope) -> bool:
        """A line that broke comes back to the entry that is spoken over it, locked or not. A new one does not begin."""
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("entry", [""])
        return scope["path"] == LIVE and self._is_spoken(asked[-1])


def token_of(scope: Scope) -> str:
    """What the browser was given when it gave the passcode."""
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    name = _cookie(scope)
    return cookies[name].value if name in cookies else ""


def hand_out(token: str, scope: Scope, response: Response) -> None:
    """Gives the browser its token, until it is closed. No script sees it, and no other site sends it."""
    secure = scope["scheme"] == "https"
    response.set_cookie(_cookie(scope), token, path="/", secure=secure, httponly=True, samesite="strict")


def _cookie(scope: Scope) -> str:
    # Browsers send cookies to every port of a machine: two Outbreaths would take each other's away.
    return "__Host-outbreath-page" if scope["scheme"] in ("https", "wss") else f"outbreath-page-{scope['server'][1]}"


def _is_for_anybody(scope: Scope) -> bool:
    path = scope["path"]
    if path in FOR_ANYBODY_TO_CHANGE:
        return True
    safe = scope["type"] == "http" and scope["method"] in SAFE_METHODS
    return safe and (path in FOR_ANYBODY or path.startswith(FOLDERS_FOR_ANYBODY))
