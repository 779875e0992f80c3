from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from api.access import CONTENT_SECURITY_POLICY, HEADERS, OwnPagesOnly

HERE = "http://127.0.0.1:8765"


def client(configured_host: str = "127.0.0.1", base_url: str = HERE) -> TestClient:
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("in"), methods=["GET", "POST", "DELETE"])])
    return TestClient(OwnPagesOnly(app, configured_host), base_url)


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST:8765"])
def test_our_own_names_are_let_in(host: str) -> None:
    assert client().get("/", headers={"Host": host}).text == "in"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8765",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1.evil.example:8765",
        "",
        "a@127.0.0.1:8765",
        "127.0.0.1:x",
        "[::1:8765",
        "10.0.0.5:8765",
    ],
)
def test_other_names_are_not(host: str) -> None:
    response = client().get("/", headers={"Host": host})
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "not_allowed"


def test_a_configured_name_is_ours() -> None:
    assert client("box.local").get("/", headers={"Host": "box.local:8765"}).text == "in"


def test_the_address_that_was_connected_to_is_ours() -> None:
    assert client("0.0.0.0", "http://10.0.0.5:8765").get("/").text == "in"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:3000", "https://127.0.0.1:8765"])
def test_other_pages_read_nothing(method: str, origin: str) -> None:
    assert client().request(method, "/", headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000"},
        {"Origin": "https://127.0.0.1:8765"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": HERE},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_other_pages_change_nothing(method: str, headers: dict[str, str]) -> None:
    assert client().request(method, "/", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": HERE}, {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_our_page_and_programs_may(headers: dict[str, str]) -> None:
    assert client().post("/", headers=headers).text == "in"


def test_other_pages_may_link_here_but_not_embed_or_read() -> None:
    cross = {"Sec-Fetch-Site": "cross-site"}
    for headers in ({}, {"Origin": "null"}):
        assert client().get("/", headers=cross | headers | {"Sec-Fetch-Mode": "navigate"}).status_code == 200
    assert client().get("/", headers=cross | {"Sec-Fetch-Mode": "no-cors"}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "evil.example"])
def test_every_answer_has_the_headers_refusals_too(host: str) -> None:
    response = client().get("/", headers={"Host": host})
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    for loophole in ("unsafe", "http", "*", "data:"):
        assert loophole not in CONTENT_SECURITY_POLICY
