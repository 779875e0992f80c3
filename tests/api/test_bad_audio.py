"""Damaged, hostile and odd sound files from the test suites of audio libraries, sent as recordings."""

from __future__ import annotations

import csv
from pathlib import Path

from starlette.testclient import TestClient

from tests.api.conftest import settled

ENTRIES = "/api/v1/entries"


def listed(folder: Path) -> list[tuple[Path, str]]:
    with (folder / "manifest.tsv").open(encoding="utf-8") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(folder / row["file"], row["expect"]) for row in rows]


def test_sound_becomes_an_entry_and_everything_else_an_error_with_a_next_step(
    client: TestClient, shared_data: Path
) -> None:
    files = listed(shared_data / "badaudio")
    assert len(files) > 100
    kept: list[str] = []
    surprises: list[str] = []
    for path, expect in files:
        with path.open("rb") as file:
            response = client.post(ENTRIES, files={"audio": (path.name, file)})
        if response.status_code == 202:
            kept.append(response.json()["id"])
        else:
            assert response.status_code == 422, (path, response.text)
            assert response.json()["error"]["code"] == "unreadable_audio"
        if (response.status_code == 202) != (expect == "decodes"):
            surprises.append(path.name)
    assert len(surprises) <= len(files) // 50, surprises
    assert client.get(ENTRIES).json()["total"] == len(kept)
    for entry_id in kept:
        assert client.get(f"{ENTRIES}/{entry_id}/audio", headers={"Range": "bytes=0-9"}).status_code == 206


def test_what_was_kept_comes_to_an_end(client: TestClient, shared_data: Path) -> None:
    smallest = sorted(
        (path for path, expect in listed(shared_data / "badaudio") if expect == "decodes"),
        key=lambda path: path.stat().st_size,
    )
    for path in smallest[:12]:
        with path.open("rb") as file:
            entry_id = client.post(ENTRIES, files={"audio": (path.name, file)}).json()["id"]
        assert settled(client, entry_id)["state"] in ("ready", "no_speech", "failed")
