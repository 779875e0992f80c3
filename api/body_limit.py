"""How much a request may hold. Recordings have a limit of their own, kept where they are taken in."""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEGABYTE = 1_000_000

LONGEST_BODY_MB = 32
"""The longest text of an entry, every character of it escaped, is 24 MB of JSON."""


class BodyLimit:
    """Stops reading a body that is longer than any text could be. Forms pass: their sound is never in memory."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_form(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        received_bytes = 0

        async def limited() -> Message:
            nonlocal received_bytes
            message = await receive()
            received_bytes += len(message.get("body", b""))
            if received_bytes > LONGEST_BODY_MB * MEGABYTE:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self.app(scope, limited, send)


def is_form(headers: Headers) -> bool:
    """True for a body in parts."""
    return headers.get("content-type", "").lower().startswith("multipart/")
