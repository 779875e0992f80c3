"""Over the home network only paired phones come in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api.phone_access import AT_ONCE_UNPAIRED, COOKIE, Allowance
from api.server import create_app
from outbreath.phones.home_network import HomeNetwork
from outbreath.phones.pairing import MOST_TRIES
from outbreath.wiring import Outbreath
from tests.api.conftest import HERE

NETWORK = HomeNetwork("192.168.1.5", 8766, 8767)
PHONE = "https://192.168.1.5:8766"


@pytest.fixture
def here(outbreath: Outbreath) -> Iterator[TestClient]:
    """The browser of the machine itself."""
    with TestClient(create_app(outbreath, NETWORK), HERE) as opened:
        yield opened


@pytest.fixture
def phone(here: TestClient) -> TestClient:
    """A browser elsewhere in the home network."""
    return TestClient(here.app, PHONE, follow_redirects=False)


def code(here: TestClient) -> str:
    shown: str = here.post("/api/v1/phones/code").json()["code"]
    return shown


def pair(here: TestClient, phone: TestClient, name: str = "Kitchen") -> None:
    answer = phone.post("/pair", data={"code": code(here), "name": name})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/"), answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/health",
        "/api/v1/entries",
        "/api/v1/docs",
        "/api/v1/sessions/free/audio",
        "/static/js/app.js",
        "/x",
    ],
)
def test_unpaired_nothing_is_served(phone: TestClient, path: str) -> None:
    answer = phone.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_paired")


def test_but_the_page_that_pairs(phone: TestClient) -> None:
    assert phone.get("/").headers["location"] == "/pair"
    page = phone.get("/pair")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert phone.get("/static/outbreath.css").status_code == 200


def test_unpaired_no_web_socket_opens(phone: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), phone.websocket_connect("wss://192.168.1.5:8766/api/v1/entries/live"):
        pass


def test_paired_it_may_do_what_this_machine_may(here: TestClient, phone: TestClient) -> None:
    pair(here, phone)
    assert phone.get("/").status_code == 200
    entry = phone.post("/api/v1/entries", json={"text": "Said on the way home."})
    assert entry.status_code == 202
    assert here.get("/api/v1/entries").json()["total"] == 1


def test_its_cookie_is_seen_by_nobody_else(here: TestClient, phone: TestClient) -> None:
    cookie = phone.post("/pair", data={"code": code(here)}).headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE.lower())
    for word in ("secure", "httponly", "samesite=strict", "path=/"):
        assert word in cookie
    assert "domain" not in cookie


def test_a_paired_phone_pairs_no_others(here: TestClient, phone: TestClient) -> None:
    pair(here, phone)
    for asked in ("GET /phones", "POST /phones", "GET /api/v1/phones", "POST /api/v1/phones/code"):
        assert phone.request(*asked.split()).status_code == 403


def test_forgotten_it_is_let_in_no_more(here: TestClient, phone: TestClient) -> None:
    pair(here, phone)
    (known,) = here.get("/api/v1/phones").json()
    assert known["name"] == "Kitchen"
    assert here.delete(f"/api/v1/phones/{known['id']}").status_code == 204
    assert phone.get("/api/v1/health").status_code == 401
    assert here.delete("/api/v1/phones/Kitchen").status_code == 404


@pytest.mark.parametrize("cookie", ["", "x", "a" * 5000, '"\\', ";;=;"])
def test_no_made_up_cookie_lets_in(here: TestClient, phone: TestClient, cookie: str) -> None:
    pair(here, TestClient(here.app, PHONE, follow_redirects=False))
    assert phone.get("/api/v1/health", headers={"cookie": f"{COOKIE}={cookie}"}).status_code == 401


def test_guessing_ends_the_code(here: TestClient, phone: TestClient) -> None:
    shown = code(here)
    wrong = f"{(int(shown) + 1) % 1_000_000:06d}"
    for _ in range(MOST_TRIES):
        assert phone.post("/pair", data={"code": wrong}).status_code == 403
    answer = phone.post("/pair", data={"code": shown})
    assert answer.status_code == 403
    assert "tried too often" in answer.text


@pytest.mark.parametrize("body", [b"", b"\xff" * 10, b"code=" + b"1" * 2_000, b"&" * 900, b"code=1&" * 100])
def test_no_odd_form_breaks_anything(here: TestClient, phone: TestClient, body: bytes) -> None:
    code(here)
    assert phone.post("/pair", content=body).status_code == 403


def test_who_asks_without_end_is_put_off(phone: TestClient) -> None:
    statuses = {phone.get("/api/v1/health").status_code for _ in range(int(AT_ONCE_UNPAIRED) + 10)}
    assert statuses == {401, 429}


def test_what_the_page_that_pairs_looks_like_counts_as_no_try(phone: TestClient) -> None:
    assert {phone.get("/static/outbreath.css").status_code for _ in range(int(AT_ONCE_UNPAIRED) + 10)} == {200}
    assert phone.get("/pair").status_code == 200


def test_after_a_wrong_code_the_name_need_not_be_typed_again(here: TestClient, phone: TestClient) -> None:
    code(here)
    assert 'value="&#34;Küche&#34;"' in phone.post("/pair", data={"code": "1", "name": '"Küche"'}).text
    assert 'value=""' in phone.get("/pair").text


def test_forgetting_a_phone_twice_from_its_page_is_no_fault(here: TestClient, phone: TestClient) -> None:
    pair(here, phone)
    (known,) = here.get("/api/v1/phones").json()
    for _ in range(2):
        answer = here.post(f"/phones/{known['id']}/forget", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/phones")


def test_an_allowance_grows_back_and_is_each_address_s_own() -> None:
    now = 0.0
    allowance = Allowance(per_second=2.0, at_once=3.0, clock=lambda: now)
    assert [allowance.allows("a") for _ in range(4)] == [True, True, True, False]
    assert allowance.allows("b")
    now = 0.6
    assert [allowance.allows("a") for _ in range(2)] == [True, False]


def test_this_machine_is_not_asked_for_anything(here: TestClient) -> None:
    assert here.get("/").status_code == 200
    assert all(here.get("/api/v1/health").status_code == 200 for _ in range(60))


def test_the_page_of_phones_shows_a_code_only_when_asked(here: TestClient) -> None:
    assert "Pair a phone" in here.get("/phones").text
    shown = here.post("/phones")
    assert NETWORK.trust_page in shown.text
    picture = here.get("/phones/address.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "<svg" in picture.text


def test_without_lan_no_code_is_given(outbreath: Outbreath) -> None:
    with TestClient(create_app(outbreath), HERE) as client:
        assert client.post("/api/v1/phones/code").status_code == 403
        assert "serve --lan" in client.get("/phones").text
        assert client.get("/pair", follow_redirects=False).headers["location"] == "/phones"


def test_a_name_is_shown_as_text(here: TestClient, phone: TestClient) -> None:
    pair(here, phone, "<script>alert(1)</script>")
    assert "<script" not in here.get("/phones").text
