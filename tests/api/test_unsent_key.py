"""The key under which a page keeps what it could not send yet."""

from __future__ import annotations

from base64 import b64decode

from starlette.testclient import TestClient

from journal.ids import new_id
from outbreath.wiring import Outbreath
from tests.api.conftest import HERE


def key_of(client: TestClient, entry_id: str) -> bytes:
    return b64decode(client.get(f"/api/v1/entries/{entry_id}/unsent-key").json()["key"])


def test_each_entry_has_its_own_and_keeps_it(client: TestClient, outbreath: Outbreath) -> None:
    one, other = (outbreath.notebook.write("A quiet day.").id for _ in range(2))
    assert len(key_of(client, one)) == 32
    assert key_of(client, one) == key_of(client, one)
    assert key_of(client, one) != key_of(client, other)


def test_an_entry_of_which_nothing_was_saved_has_one_too(client: TestClient, outbreath: Outbreath) -> None:
    dropped = new_id(outbreath.notebook.write("A quiet day.").spoken_at)
    assert len(key_of(client, dropped)) == 32


def test_what_is_no_id_has_none(client: TestClient) -> None:
    refused = client.get("/api/v1/entries/nothing/unsent-key")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "unknown_entry")


def test_no_cache_keeps_it_and_no_other_page_reads_it(client: TestClient, outbreath: Outbreath) -> None:
    path = f"{HERE}/api/v1/entries/{outbreath.notebook.write('A quiet day.').id}/unsent-key"
    assert client.get(path).headers["cache-control"] == "no-store"
    refused = client.get(path, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"})
    assert refused.status_code == 403
