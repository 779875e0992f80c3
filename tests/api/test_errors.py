from __future__ import annotations

import inspect
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from api import errors as http
from core import errors
from core.errors import OutbreathError

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, OutbreathError)]
SECRET = "Mrs K cried"


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    minutes: float = Field(gt=0)


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    http.install(app)

    @app.get("/bug")
    def bug() -> None:
        raise RuntimeError(SECRET)

    @app.get("/late")
    def late() -> StreamingResponse:
        def chunks():
            yield b"some"
            raise RuntimeError(SECRET)

        return StreamingResponse(chunks())

    @app.post("/body")
    def body(_: Body) -> None: ...

    @app.get("/number/{number}")
    def number(number: int) -> None: ...

    return TestClient(app)


def test_a_server_that_cannot_start_says_so_and_ends(caplog: pytest.LogCaptureFixture) -> None:
    @asynccontextmanager
    async def broken(_: FastAPI) -> AsyncIterator[None]:
        raise RuntimeError(SECRET)
        yield

    app = FastAPI(lifespan=broken)
    http.install(app)
    with pytest.raises(SystemExit):
        uvicorn.run(app, port=0, log_config=None)
    assert "bug: RuntimeError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_has_a_status_and_only_bugs_are_a_500(kind: type[OutbreathError]) -> None:
    status = next(http.STATUS[base] for base in kind.__mro__ if base in http.STATUS)
    assert (status == 500) == (kind in (OutbreathError, errors.Bug))


def test_one_shape() -> None:
    import json

    response = http.answer(errors.UnknownEntry())
    assert response.status_code == 404
    assert set(json.loads(response.body)["error"]) == {"code", "message", "next_step"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing/here", 404, "not_found"),
        ("POST", "/bug", 405, "wrong_method"),
        ("GET", "/number/abc", 422, "bad_value"),
    ],
)
def test_what_the_framework_refuses_has_the_shape_too(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    if status == 405:
        assert response.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"{" + SECRET.encode(), 400, "bad_request"),
        (f'{{"minutes": "{SECRET}"}}'.encode(), 422, "bad_value"),
        (f'{{"minutes": 1, "{SECRET}": 1}}'.encode(), 422, "bad_value"),
        (f'["{SECRET}"]'.encode(), 422, "bad_value"),
        (b"", 422, "bad_value"),
        (b"\xff\xfe", 400, "bad_request"),
    ],
)
def test_what_was_sent_is_not_repeated(client: TestClient, content: bytes, status: int, code: str) -> None:
    response = client.post("/body", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert SECRET not in response.text


def test_the_field_is_named_and_what_it_may_be(client: TestClient) -> None:
    error = client.post("/body", json={"minutes": -1}).json()["error"]
    assert error == {
        "code": "bad_value",
        "message": "The value for minutes can't be used.",
        "next_step": "Use a value greater than 0.",
    }


def test_a_bug_says_so_without_words_in_answer_or_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        response = client.get("/bug")
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "bug"
    assert SECRET not in response.text + caplog.text
    assert "RuntimeError" in caplog.text
    assert "test_errors.py" in caplog.text


def test_a_bug_in_the_middle_of_an_answer_has_no_words_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/late")
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text
