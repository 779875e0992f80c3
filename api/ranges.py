"""Sound as an answer: its length known before, any part of it on request (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from core.errors import RangeNotSatisfiable

ONE_RANGE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)", re.IGNORECASE | re.ASCII)
LONGEST_OFFSET_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that can be read from anywhere.

    ``etag``: quoted; the same bytes have the same one, others another.
    ``read_from``: yields the bytes from an offset on, in order; closing it frees what it holds.
    """

    size_bytes: int
    etag: str
    media_type: str
    cache_control: str
    read_from: Callable[[int], Generator[bytes, None, None]]


def ranged_response(request: Request, content: Content) -> Response:
    """The whole, the asked part, or word that the client has it already.

    Raises:
        RangeNotSatisfiable: the asked part begins behind the end.
    """
    headers = {"ETag": content.etag, "Accept-Ranges": "bytes", "Cache-Control": content.cache_control}
    if _has_it_already(request.headers, content.etag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    part = _asked_part(request.headers, content)
    start, end = part or (0, content.size_bytes)
    headers["Content-Length"] = str(end - start)
    status = HTTPStatus.OK
    if part:
        status = HTTPStatus.PARTIAL_CONTENT
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{content.size_bytes}"
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=content.media_type)
    chunks = in_threads(exactly(content.read_from(start), end - start))
    return StreamingResponse(chunks, status, headers, content.media_type)


def parse_range(value: str, size_bytes: int) -> tuple[int, int] | None:
    """First and behind-last offset of a ``Range`` header; None where it is to be ignored, as a list of ranges may be.

    Raises:
        RangeNotSatisfiable: the range begins behind the end.
    """
    match = ONE_RANGE.fullmatch(value.strip())
    if match is None or max(len(number) for number in match.groups()) > LONGEST_OFFSET_DIGITS:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:
        start, end = max(0, size_bytes - int(last)), size_bytes
    else:
        start, end = int(first), min(int(last) + 1, size_bytes) if last else size_bytes
        if last and int(last) < start:
            return None
    if start >= size_bytes:
        raise RangeNotSatisfiable(size_bytes)
    return start, end


def _asked_part(headers: Headers, content: Content) -> tuple[int, int] | None:
    asked = headers.get("range")
    # A range that belongs to other bytes than these is answered with the whole.
    if asked is None or headers.get("if-range", content.etag) != content.etag:
        return None
    return parse_range(asked, content.size_bytes)


def _has_it_already(headers: Headers, etag: str) -> bool:
    known = [each.strip().removeprefix("W/") for each in headers.get("if-none-match", "").split(",")]
    return etag in known or "*" in known


def exactly(chunks: Generator[bytes, None, None], size_bytes: int) -> Generator[bytes, None, None]:
    """The first ``size_bytes`` of ``chunks``, which is closed afterwards, however this ends."""
    left = size_bytes
    try:
        while left > 0 and (chunk := next(chunks, None)) is not None:
            yield chunk[:left]
            left -= len(chunk)
    finally:
        chunks.close()


async def in_threads(chunks: Generator[bytes, None, None]) -> AsyncIterator[bytes]:
    """Pulls each chunk in a worker thread when the client is ready for it; when the client goes, so does the work."""
    try:
        while (chunk := await run_in_threadpool(next, chunks, None)) is not None:
            yield chunk
    finally:
        chunks.close()
