"""The command line and HTTP are two doors to the same rooms: what one shows, the other shows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.server import create_app
from core import settings
from outbreath.cli import run
from outbreath.wiring import build

API = "/api/v1"
TEXT = "I felt calm after the meeting with my colleagues."

Get = Callable[[str], Any]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Get:
    monkeypatch.setenv("OUTBREATH_HOME", str(tmp_path))
    monkeypatch.setenv("OUTBREATH_KEY_STORE", "file")

    def answer(line: str) -> Any:
        run([*line.split(), "--json"])
        printed = capsys.readouterr()
        return json.loads(printed.out) if printed.out else printed.err.splitlines()

    return answer


@pytest.fixture
def http(command: Get) -> Iterator[TestClient]:
    with build(settings.load()) as parts, TestClient(create_app(parts), base_url="http://127.0.0.1:8765") as client:
        yield client


@pytest.fixture
def entry_id(command: Get, http: TestClient) -> str:
    response = http.post(f"{API}/entries", json={"text": TEXT})
    assert response.status_code == 202
    return str(response.json()["id"])


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("sessions", "/sessions"),
        ("timeline free --minutes 3 --voice hibari", "/sessions/free/timeline?minutes=3&voice=hibari"),
        ("show ID", "/entries/ID"),
        ("entries --limit 5", "/entries?limit=5"),
        ("entries colleagues --tag calm --from 2026-01-01", "/entries?q=colleagues&tag=calm&from=2026-01-01"),
        ("search calm", "/search?q=calm"),
        ("search from:2026-01-01", "/search?q=from:2026-01-01"),
        ("related ID", "/entries/ID/related"),
        ("lessons", "/lessons"),
        ("related ID --limit 3", "/entries/ID/related?limit=3"),
        ("tags", "/tags"),
        ("tags calm", "/tags/calm"),
        ("tags calm --by week", "/tags/calm?by=week"),
        ("vocabulary", "/vocabulary"),
        ("phones", "/phones"),
    ],
)
def test_both_doors_show_the_same(command: Get, http: TestClient, entry_id: str, line: str, address: str) -> None:
    by_http = http.get(API + address.replace("ID", entry_id))
    assert by_http.status_code == 200
    assert command(line.replace("ID", entry_id)) == by_http.json()


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("timeline no-such-session", "/sessions/no-such-session/timeline"),
        ("timeline coherent-breathing --minutes 1e9", "/sessions/coherent-breathing/timeline?minutes=1e9"),
        ("timeline coherent-breathing --voice nobody", "/sessions/coherent-breathing/timeline?voice=nobody"),
        ("timeline coherent-breathing --bed traffic", "/sessions/coherent-breathing/timeline?bed=traffic"),
        ("show nothing", "/entries/nothing"),
        ("related nothing", "/entries/nothing/related"),
        ("tags unknown", "/tags/unknown"),
    ],
)
def test_both_doors_refuse_in_the_same_words(command: Get, http: TestClient, line: str, address: str) -> None:
    refused = http.get(API + address)
    assert 400 <= refused.status_code < 500
    error = refused.json()["error"]
    assert command(line) == [error["message"], error["next_step"]]


def test_what_one_door_changes_the_other_shows(command: Get, http: TestClient, entry_id: str) -> None:
    command(f"tag {entry_id} +night -calm")
    tags = {tag["name"] for tag in http.get(f"{API}/entries/{entry_id}").json()["tags"]}
    assert "night" in tags
    assert "calm" not in tags
    assert http.put(f"{API}/vocabulary/metoprolol").json() == command("vocabulary +Anneliese")[:1] == ["metoprolol"]
    assert http.delete(f"{API}/vocabulary/metoprolol").json() == command("vocabulary") == ["Anneliese"]
    assert http.delete(f"{API}/entries/{entry_id}").status_code == 204
    assert command("entries")["total"] == 0
