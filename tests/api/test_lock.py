"""A page with a passcode: after a while without a touch it sees nothing of the journal, whatever it asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from api.page_lock import FOLDERS_FOR_ANYBODY, FOR_ANYBODY, FOR_ANYBODY_TO_CHANGE
from api.server import create_app
from core import settings
from outbreath.cli import run
from outbreath.page_lock.lock import FREE_TRIES
from outbreath.wiring import Outbreath, build
from tests.api.conftest import HERE
from tests.api.test_phones import NETWORK, PHONE, pair
from tests.fakes.clock import HandClock
from tests.fakes.recogniser import CountingRecogniser

API = "/api/v1"
CODE = "kettle 47"
LIVE = "ws://127.0.0.1:8765/api/v1/entries/live"
IDLE_SECONDS = 300.0


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def outbreath(tmp_path: Path, clock: HandClock) -> Iterator[Outbreath]:
    configured = settings.load(environment={"OUTBREATH_HOME": str(tmp_path), "OUTBREATH_KEY_STORE": "file"})
    with build(configured, clock=clock, recogniser=CountingRecogniser()) as parts:
        yield parts


@pytest.fixture
def here(outbreath: Outbreath) -> Iterator[TestClient]:
    with TestClient(create_app(outbreath, NETWORK), HERE, follow_redirects=False) as opened:
        yield opened


def closed_with(client: TestClient, code: str = CODE, current: str | None = None) -> dict[str, Any]:
    answer = client.put(f"{API}/lock/passcode", json={"passcode": code, "current": current})
    assert answer.status_code == 200, answer.text
    state: dict[str, Any] = answer.json()
    return state


def is_locked(client: TestClient) -> bool:
    answer = client.get(f"{API}/entries")
    assert answer.status_code in (200, 423)
    return answer.status_code == 423


def test_without_a_passcode_nothing_changes(here: TestClient, clock: HandClock) -> None:
    assert here.get(f"{API}/lock").json() == {
        "passcode": False,
        "locked": False,
        "idle_seconds": IDLE_SECONDS,
        "seconds_left": None,
    }
    clock.seconds += 10**6
    assert not is_locked(here)
    assert here.post(f"{API}/lock/touch").status_code == 200
    opened = here.post(f"{API}/lock/open", json={"passcode": "anything"})
    assert (opened.status_code, opened.cookies) == (200, {})


def test_a_page_locks_after_a_while_and_opens_by_its_passcode(here: TestClient, clock: HandClock) -> None:
    state = closed_with(here)
    assert (state["passcode"], state["locked"], state["seconds_left"]) == (True, False, IDLE_SECONDS)
    clock.seconds += IDLE_SECONDS - 1
    assert here.post(f"{API}/lock/touch").json()["seconds_left"] == IDLE_SECONDS
    clock.seconds += IDLE_SECONDS
    refused = here.get(f"{API}/entries")
    assert (refused.status_code, refused.json()["error"]["code"]) == (423, "page_locked")
    assert here.post(f"{API}/lock/touch").status_code == 423
    assert here.get(f"{API}/lock").json()["locked"] is True
    opened = here.post(f"{API}/lock/open", json={"passcode": CODE})
    assert (opened.status_code, opened.json()["locked"]) == (200, False)
    assert not is_locked(here)


def test_what_the_page_does_by_itself_does_not_keep_it_open(here: TestClient, clock: HandClock) -> None:
    closed_with(here)
    for _ in range(10):
        clock.seconds += IDLE_SECONDS / 9
        here.get(f"{API}/entries")
        here.get(f"{API}/lock")
    assert is_locked(here)


def test_a_locked_page_gets_nothing_but_itself_and_the_sessions(here: TestClient) -> None:
    closed_with(here)
    stranger = TestClient(here.app, HERE, follow_redirects=False)
    described = here.get(f"{API}/openapi.json").json()["paths"]
    asked = [(method.upper(), path) for path, methods in described.items() for method in methods]
    asked += [("GET", "/phones"), ("POST", "/phones"), ("POST", "/phones/x/forget"), ("GET", "/phones/address.svg")]
    let_in = set()
    for method, path in asked:
        answer = stranger.request(method, path.replace("{", "").replace("}", ""))
        if answer.status_code not in (423, 303):
            let_in.add((method, path))
    assert let_in == {
        ("GET", "/api/v1/health"),
        ("GET", "/api/v1/lock"),
        ("POST", "/api/v1/lock/open"),
        *((method, path) for method, path in asked if method == "GET" and path.startswith("/api/v1/sessions")),
    }


@pytest.mark.parametrize("path", ["//api/v1/entries", "/api/v1/sessions/../entries", "/static/../api/v1/entries"])
def test_no_odd_address_leads_round_the_lock(here: TestClient, path: str) -> None:
    closed_with(here)
    stranger = TestClient(here.app, HERE)
    for written in (path, path.replace("..", "%2e%2e"), "/" + path[1:].replace("/", "%2f")):
        assert stranger.request("GET", HERE + written).status_code in (404, 423)


def test_the_page_itself_still_comes(here: TestClient) -> None:
    closed_with(here)
    stranger = TestClient(here.app, HERE)
    for path in ("/", "/static/js/app.js", "/tones/saved.wav", "/service-worker.js", f"{API}/docs"):
        assert stranger.get(path).status_code == 200
    assert {"/pair"} == FOR_ANYBODY & FOR_ANYBODY_TO_CHANGE
    assert all(folder.endswith("/") for folder in FOLDERS_FOR_ANYBODY)


def test_the_cookie_is_seen_by_no_script_and_no_other_server(here: TestClient) -> None:
    cookie = here.put(f"{API}/lock/passcode", json={"passcode": CODE}).headers["set-cookie"].lower()
    assert cookie.startswith("outbreath-page-8765=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age" not in cookie


def test_a_paired_phone_is_locked_too_and_opens_by_itself(here: TestClient) -> None:
    phone = TestClient(here.app, PHONE, follow_redirects=False)
    pair(here, phone)
    closed_with(here)
    assert is_locked(phone)
    assert phone.get("/").status_code == 200
    opened = phone.post(f"{API}/lock/open", json={"passcode": CODE})
    assert opened.headers["set-cookie"].startswith("__Host-outbreath-page=")
    assert "secure" in opened.headers["set-cookie"].lower()
    assert not is_locked(phone)
    here.post(f"{API}/lock/close")
    assert is_locked(here)
    assert not is_locked(phone)


def test_a_phone_is_paired_though_it_never_gave_the_passcode_and_then_asks_for_it(here: TestClient) -> None:
    here.put(f"{API}/lock/passcode", json={"passcode": CODE})
    phone = TestClient(here.app, PHONE, follow_redirects=False)
    pair(here, phone)
    assert is_locked(phone)


@pytest.mark.parametrize("form", ["/phones", "/phones/x/forget"])
def test_a_form_that_is_sent_too_late_leads_to_the_lock(here: TestClient, form: str) -> None:
    closed_with(here)
    answer = TestClient(here.app, HERE, follow_redirects=False).post(form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_an_unpaired_phone_is_not_even_asked(here: TestClient) -> None:
    phone = TestClient(here.app, PHONE, follow_redirects=False)
    closed_with(here)
    assert phone.post(f"{API}/lock/open", json={"passcode": CODE}).status_code == 401


def test_wrong_tries_have_to_wait(here: TestClient, clock: HandClock) -> None:
    closed_with(here)
    stranger = TestClient(here.app, HERE)
    for _ in range(FREE_TRIES + 1):
        wrong = stranger.post(f"{API}/lock/open", json={"passcode": "kettle 48"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (403, "wrong_passcode")
    put_off = stranger.post(f"{API}/lock/open", json={"passcode": CODE})
    assert (put_off.status_code, put_off.headers["retry-after"]) == (429, "5")
    assert put_off.json()["error"]["next_step"] == "Wait 5 s, then try again."
    clock.seconds += 5
    assert stranger.post(f"{API}/lock/open", json={"passcode": CODE}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"passcode": None}, {"passcode": 1}, {"passcode": "x" * 5000}, {"passcode": CODE, "more": 1}, [], "x"],
    ids=str,
)
def test_odd_bodies_open_nothing_and_repeat_nothing(here: TestClient, body: Any) -> None:
    closed_with(here)
    answer = TestClient(here.app, HERE).post(f"{API}/lock/open", json=body)
    assert answer.status_code == 422
    assert "xxx" not in answer.text


@pytest.mark.parametrize("code", ["", "    ", "\u202e\u0000", "x" * 4000, "🫖" * 900])
def test_odd_passcodes_are_wrong_and_no_fault(here: TestClient, code: str) -> None:
    closed_with(here)
    assert TestClient(here.app, HERE).post(f"{API}/lock/open", json={"passcode": code}).status_code == 403


def test_half_a_character_is_no_fault_either(here: TestClient) -> None:
    body, headers = b'{"passcode": "\\ud800\\ud800\\ud800\\ud800"}', {"Content-Type": "application/json"}
    assert here.put(f"{API}/lock/passcode", content=body, headers=headers).status_code in (200, 422)
    assert here.post(f"{API}/lock/open", content=body, headers=headers).status_code in (200, 403, 422)


@pytest.mark.parametrize("code", ["", "123", " " * 9, "x" * 201])
def test_what_is_no_passcode_is_not_set(here: TestClient, code: str) -> None:
    answer = here.put(f"{API}/lock/passcode", json={"passcode": code})
    assert (answer.status_code, answer.json()["error"]["next_step"]) == (422, "Use 4 to 200 characters.")
    assert here.get(f"{API}/lock").json()["passcode"] is False


def test_changing_and_taking_it_away_needs_the_one_there_is(here: TestClient) -> None:
    closed_with(here)
    for new in ("another one", None):
        refused = here.put(f"{API}/lock/passcode", json={"passcode": new, "current": "wrong"})
        assert refused.json()["error"]["code"] == "wrong_passcode"
    closed_with(here, "another one", CODE)
    taken = here.put(f"{API}/lock/passcode", json={"passcode": None, "current": "another one"})
    assert taken.json()["passcode"] is False
    assert not is_locked(TestClient(here.app, HERE))


def test_a_locked_page_sets_no_passcode(here: TestClient) -> None:
    closed_with(here)
    stranger = TestClient(here.app, HERE)
    assert stranger.put(f"{API}/lock/passcode", json={"passcode": None, "current": CODE}).status_code == 423


def test_a_server_that_starts_anew_is_locked(here: TestClient, outbreath: Outbreath, clock: HandClock) -> None:
    closed_with(here)
    with build(outbreath.configuration, clock=clock) as again:
        restarted = TestClient(create_app(again, NETWORK), HERE, cookies=here.cookies)
        assert is_locked(restarted)


def test_the_time_is_a_setting(here: TestClient, clock: HandClock) -> None:
    closed_with(here)
    assert here.patch(f"{API}/settings", json={"lock_after_minutes": 1}).status_code == 200
    clock.seconds += 60
    assert is_locked(here)


# --- What is being recorded ---------------------------------------------------------------------------------------


def listening(line: Any) -> str:
    while (event := line.receive_json())["type"] != "listening":
        pass
    return str(event["entry"])


def test_a_recording_goes_on_when_its_page_locks_and_comes_back_when_its_line_breaks(
    here: TestClient, clock: HandClock
) -> None:
    closed_with(here)
    with here.websocket_connect(LIVE) as line:
        entry = listening(line)
        clock.seconds += IDLE_SECONDS
        assert is_locked(here)
        line.send_bytes(bytes(32_000))
        while line.receive_json()["type"] != "saved":
            pass
        line.close(4000)
    with here.websocket_connect(f"{LIVE}?entry={entry}&saved=1") as line:
        assert listening(line) == entry
        line.send_bytes(bytes(32_000))
        line.send_text("end")
        while (event := line.receive_json())["type"] not in ("ready", "filed"):
            pass
    assert event["entry"]["duration_seconds"] == pytest.approx(2.0)


def test_a_locked_page_begins_no_recording_and_takes_over_none(here: TestClient, clock: HandClock) -> None:
    closed_with(here)
    stranger = TestClient(here.app, HERE)
    with here.websocket_connect(LIVE) as line:
        entry = listening(line)
        clock.seconds += IDLE_SECONDS
        for client, query in ((here, ""), (here, "?entry=x"), (stranger, ""), (stranger, f"?entry={entry}")):
            with pytest.raises(WebSocketDisconnect), client.websocket_connect(LIVE + query):
                pass
        line.send_text("end")


# --- When it is forgotten -----------------------------------------------------------------------------------------


def test_the_machine_takes_it_away(
    here: TestClient, outbreath: Outbreath, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed_with(here)
    stranger = TestClient(here.app, HERE)
    assert is_locked(stranger)
    monkeypatch.setenv("OUTBREATH_HOME", str(outbreath.places.data.parent))
    assert run(["passcode", "--remove"]) == 0
    assert "no passcode" in capsys.readouterr().out
    assert not is_locked(stranger)


def test_no_passcode_is_ever_logged(here: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    closed_with(here)
    stranger = TestClient(here.app, HERE)
    stranger.post(f"{API}/lock/open", json={"passcode": f"{CODE} wrong"})
    stranger.post(f"{API}/lock/open", json={"passcode": [CODE]})
    stranger.post(f"{API}/lock/open", json={"passcode": CODE})
    assert "kettle" not in caplog.text
