from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.server import create_app
from core import settings
from outbreath.wiring import Outbreath, build
from tests.api.conftest import HERE
from tests.fakes.recogniser import CountingRecogniser

PASSPHRASE = "a kitchen window at dusk"


def test_it_says_what_there_is(client: TestClient) -> None:
    health = client.get("/api/v1/health").json()
    assert health["journal"] == "open"
    assert {"joe", "hibari"} <= set(health["voices"])
    assert {"joe", "hibari", "base", "tiny.en"} <= set(health["models"])
    assert "rain" in health["beds"]
    assert health["defaults"] == {"voice": "hibari", "guidance": "normal", "bed": None}
    assert {"wav", "mp3", "opus"} <= set(health["formats"])


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Outbreath]:
    environment = {"OUTBREATH_HOME": str(tmp_path / "locked"), "OUTBREATH_KEY_STORE": "file"}
    configured = settings.load(environment=environment)
    with build(configured) as before:
        before.notebook.write("behind a passphrase")
        before.keys.set_passphrase(before.data_key, PASSPHRASE)
    with build(configured, recogniser=CountingRecogniser()) as parts:
        yield parts


def test_a_locked_journal_opens_with_its_passphrase(locked: Outbreath) -> None:
    with TestClient(create_app(locked), HERE) as client:
        assert client.get("/api/v1/health").json()["journal"] == "locked"
        for method, path in (
            ("GET", "/entries"),
            ("GET", "/search?q=a"),
            ("GET", "/tags"),
            ("GET", "/entries/x/events"),
        ):
            refused = client.request(method, f"/api/v1{path}")
            assert (refused.status_code, refused.json()["error"]["code"]) == (423, "journal_locked")
        assert client.post("/api/v1/entries", json={"text": "a"}).status_code == 423
        assert client.get("/api/v1/sessions").status_code == 200

        wrong = client.post("/api/v1/unlock", json={"passphrase": "open sesame"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (403, "wrong_key")
        assert "sesame" not in wrong.text

        assert client.post("/api/v1/unlock", json={"passphrase": PASSPHRASE}).json()["journal"] == "open"
        assert client.get("/api/v1/entries").json()["total"] == 1
        assert client.post("/api/v1/entries", json={"text": "a"}).status_code == 202


def test_a_voice_that_is_not_installed_is_not_offered(without_kokoro: None, client: TestClient) -> None:
    assert "kokoro" not in client.get("/api/v1/health").json()["voices"]


def test_a_session_with_it_says_how_to_add_it(without_kokoro: None, tmp_path: Path) -> None:
    configured = settings.load(environment={"OUTBREATH_HOME": str(tmp_path / "home"), "OUTBREATH_KEY_STORE": "file"})
    with build(configured, recogniser=CountingRecogniser()) as parts, TestClient(create_app(parts), HERE) as client:
        answer = client.get("/api/v1/sessions/body-scan/timeline", params={"voice": "kokoro"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "voice_not_installed")
        other = client.get("/api/v1/sessions/body-scan/timeline", params={"voice": "somebody"})
        assert (other.status_code, other.json()["error"]["code"]) == (404, "unknown_voice")
