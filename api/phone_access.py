"""Who may ask over the home network: paired phones, and anybody for the page that pairs."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import closed
from api.errors import answer
from core.errors import NotAllowed, NotPaired, TooManyTries
from outbreath.phones.paired import PairedPhones

COOKIE: Final = "__Host-outbreath-phone"
"""A cookie of that prefix is only ever taken, and sent, over https (RFC 6265bis, 4.1.3.2)."""

PUBLIC_FILES: Final = frozenset({"/manifest.webmanifest", "/static/outbreath.css", "/static/icon.svg"})
FONTS: Final = "/static/vendor/"
ICONS: Final = "/static/icons/"
FOR_THIS_MACHINE_ONLY: Final = ("/phones", "/api/v1/phones")

PER_SECOND: Final = 40.0
AT_ONCE: Final = 400.0
"""A page and its player ask for some dozens of files when they start; more is a program that tries doors."""

PER_SECOND_UNPAIRED: Final = 1.0
AT_ONCE_UNPAIRED: Final = 30.0
MOST_ADDRESSES: Final = 1_000


class PairedOnly:
    """Keeps everybody else out at one port; at others it does nothing.

    Args:
        port: of the home network; None if there is none.
    """

    def __init__(self, app: ASGIApp, phones: Callable[[], PairedPhones], port: int | None) -> None:
        self.app = app
        self._phones = phones
        self._port = port
        self._paired = Allowance(PER_SECOND, AT_ONCE)
        self._unpaired = Allowance(PER_SECOND_UNPAIRED, AT_ONCE_UNPAIRED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._port is None or scope["type"] == "lifespan" or scope["server"][1] != self._port:
            await self.app(scope, receive, send)
            return
        app = self._for(scope)
        if app is not self.app and scope["type"] == "websocket":
            app = closed
        await app(scope, receive, send)

    def _for(self, scope: Scope) -> ASGIApp:
        client = scope["client"][0] if scope["client"] else ""
        paired = self._phones().admits(_token(scope))
        path: str = scope["path"]
        # What the page that pairs looks like: it comes along with each try, and is none.
        along = path in PUBLIC_FILES or path.startswith((FONTS, ICONS))
        if not (self._paired if paired or along else self._unpaired).allows(client):
            return answer(TooManyTries(), {"Retry-After": "2"})
        if path.startswith(FOR_THIS_MACHINE_ONLY):
            return answer(NotAllowed())
        if paired or along or path == "/pair":
            return self.app
        return RedirectResponse("/pair", 303) if path == "/" else answer(NotPaired())


class Allowance:
    """How often each address may ask: so many at once, and so many more each second (a token bucket)."""

    def __init__(self, per_second: float, at_once: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._at_once = at_once
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Whether it may ask now; if so, that counts."""
        now = self._clock()
        left, at = self._left.pop(address, (self._at_once, now))
        left = min(self._at_once, left + (now - at) * self._per_second)
        self._left[address] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return left >= 1


def _token(scope: Scope) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""
