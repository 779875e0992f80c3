from __future__ import annotations

import asyncio
import gc
import itertools
from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from api import ranges
from api.ranges import Content, ranged_response
from core.errors import RangeNotSatisfiable

BYTES = bytes(range(100))


def reading(start: int) -> Generator[bytes, None, None]:
    for offset in range(start, len(BYTES), 7):
        yield BYTES[offset : offset + 7]


def answer(request: Request) -> Response:
    return ranged_response(request, Content(len(BYTES), '"one"', "audio/wav", "no-store", reading))


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[Route("/", answer, methods=["GET", "HEAD"])]))


def test_the_whole_has_its_length_and_says_that_parts_can_be_had(client: TestClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.content == BYTES
    assert response.headers["content-length"] == "100"
    assert response.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=90-", 90, 100),
        ("bytes=90-5000", 90, 100),
        ("bytes=-1", 99, 100),
        ("bytes=-500", 0, 100),
        ("Bytes = 3 - 4", 3, 5),
    ],
)
def test_a_part(client: TestClient, asked: str, start: int, end: int) -> None:
    response = client.get("/", headers={"Range": asked})
    assert response.status_code == 206
    assert response.content == BYTES[start:end]
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/100"
    assert response.headers["content-length"] == str(end - start)


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=", "bytes=-", "bytes=1-2,5-6", "seconds=1-2", "bytes=" + "9" * 99 + "-", "bytes=٣-"]
)
def test_a_range_that_makes_no_sense_is_ignored(client: TestClient, asked: str) -> None:
    response = client.get("/", headers={"Range": asked.encode()})
    assert response.status_code == 200
    assert response.content == BYTES


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_behind_the_end_says_where_the_end_is(asked: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as refused:
        ranges.parse_range(asked, 100)
    assert refused.value.size_bytes == 100


def test_a_range_of_other_bytes_gets_the_whole(client: TestClient) -> None:
    assert client.get("/", headers={"Range": "bytes=0-4", "If-Range": '"other"'}).status_code == 200
    assert client.get("/", headers={"Range": "bytes=0-4", "If-Range": '"one"'}).status_code == 206


@pytest.mark.parametrize("known", ['"one"', 'W/"one"', '"zero", "one"', "*"])
def test_what_the_client_has_is_not_sent_again(client: TestClient, known: str) -> None:
    response = client.get("/", headers={"If-None-Match": known})
    assert response.status_code == 304
    assert response.content == b""


def test_head_has_the_headers_of_get_and_reads_nothing(client: TestClient) -> None:
    head = client.head("/", headers={"Range": "bytes=10-19"})
    assert (head.status_code, head.content) == (206, b"")
    assert head.headers == client.get("/", headers={"Range": "bytes=10-19"}).headers


@given(start=st.integers(0, 99), length=st.integers(1, 200))
def test_parts_put_together_are_the_whole(start: int, length: int) -> None:
    part = ranges.parse_range(f"bytes={start}-{start + length - 1}", 100)
    assert part == (start, min(start + length, 100))


def test_reading_stops_when_enough_was_read_and_is_closed() -> None:
    closed = []

    def endless() -> Generator[bytes, None, None]:
        try:
            while True:
                yield b"abc"
        finally:
            closed.append(True)

    assert b"".join(ranges.exactly(endless(), 7)) == b"abcabca"
    assert closed == [True]


def test_when_the_client_goes_the_work_stops() -> None:
    chunks_taken: list[int] = []
    closed: list[bool] = []

    def endless(_: int) -> Generator[bytes, None, None]:
        try:
            for number in itertools.count():
                chunks_taken.append(number)
                yield b"x" * 10
        finally:
            closed.append(True)

    async def go() -> None:
        enough = asyncio.Event()
        scope = {"type": "http", "asgi": {"spec_version": "2.3"}, "method": "GET", "headers": []}

        async def receive() -> dict[str, str]:
            await enough.wait()
            return {"type": "http.disconnect"}

        async def send(_: object) -> None:
            if len(chunks_taken) > 3:
                enough.set()
                await asyncio.Event().wait()  # nobody reads any more

        content = Content(10**9, '"one"', "audio/wav", "no-store", endless)
        await ranged_response(Request(scope), content)(scope, receive, send)
        while not closed:  # Python closes what was left behind in a turn of the loop soon after
            gc.collect()
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(go(), 30))
    assert len(chunks_taken) < 10
