"""Who may ask: this machine's own pages and programs, by the address the server listens on.

A page from elsewhere can make a browser send requests to 127.0.0.1, and by DNS rebinding even read the answers. So the
name that was asked for must be ours (Host), and so must the page that asks (Origin, Sec-Fetch-Site). Programs such as
curl send neither of the latter two and are let in.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer
from core.errors import NotAllowed

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
PAGE_SCHEMES = {"ws": "http", "wss": "https"}

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
    # What a person said must not stay in a browser's cache; answers without their words say otherwise themselves.
    "Cache-Control": "no-store",
}


class OwnPagesOnly:
    """Refuses requests meant for another name or sent by another site, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, configured_host: str) -> None:
        self.app = app
        self.names = LOOPBACK_NAMES | {configured_host.lower().strip("[]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # Browsers let any page open a web socket to anywhere: only its Origin says whose page it is.
            await (self.app if self.allowed(scope) else closed)(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        app = self.app if self.allowed(scope) else answer(NotAllowed())
        await app(scope, receive, send_with_headers)

    def allowed(self, scope: Scope) -> bool:
        """True when both the name asked for and the page that asks are ours."""
        headers = Headers(scope=scope)
        return self._is_our_name(scope, headers) and _is_our_page(scope, headers)

    def _is_our_name(self, scope: Scope, headers: Headers) -> bool:
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            return False
        asked = _name_and_port(f"//{hosts[0]}", scope["scheme"])
        address, port = scope["server"]
        names = self.names
        # When listening on every address, the one that was connected to is ours too. A number cannot be rebound.
        if _is_number(address):
            names = names | {address}
        return asked is not None and asked[0] in names and asked[1] == port


async def closed(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answers the opening of a web socket with 403."""
    await receive()
    await send({"type": "websocket.close"})


def _is_our_page(scope: Scope, headers: Headers) -> bool:
    safe = scope["type"] == "http" and scope["method"] in SAFE_METHODS
    site = headers.get("sec-fetch-site", "same-origin")
    followed_a_link = safe and headers.get("sec-fetch-mode") == "navigate"
    if site not in ("same-origin", "none") and not followed_a_link:
        return False
    origin = headers.get("origin")
    scheme = PAGE_SCHEMES.get(scope["scheme"], scope["scheme"])
    return followed_a_link or origin is None or origin == f"{scheme}://{headers['host']}"


def _name_and_port(url: str, scheme: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(url)
        if not parts.hostname or parts.username is not None or parts.path:
            return None
        return parts.hostname, parts.port or DEFAULT_PORTS[scheme]
    except ValueError:
        return None


def _is_number(address: str) -> bool:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True
