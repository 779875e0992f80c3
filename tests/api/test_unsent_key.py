"""The keys under which a page keeps what it could not send yet."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
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


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def machines_point(client: TestClient) -> bytes:
    return b64decode(client.get("/api/v1/unsent-keys").json()["public_key"])


def agreed(client: TestClient, public_key: bytes) -> bytes:
    asked = client.post("/api/v1/unsent-keys", json={"public_key": b64encode(public_key).decode()})
    return b64decode(asked.json()["key"])


def test_a_page_and_the_machine_agree_on_a_key_without_a_word_between_them(client: TestClient) -> None:
    """The page's side as browsers have it."""
    machine, page = machines_point(client), ec.generate_private_key(ec.SECP256R1())
    shared = page.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), machine))
    info = b"outbreath unsent sound, machine away"
    derived = HKDF(algorithm=SHA256(), length=32, salt=machine + point(page), info=info).derive(shared)
    assert agreed(client, point(page)) == derived
    assert agreed(client, point(ec.generate_private_key(ec.SECP256R1()))) != derived


def test_the_machines_half_stays_the_same_and_opens_nothing(client: TestClient) -> None:
    assert machines_point(client) == machines_point(client)
    page = ec.generate_private_key(ec.SECP256R1())
    assert agreed(client, point(page)) not in (machines_point(client)[1:33], point(page)[1:33])


@pytest.mark.parametrize(
    "public_key",
    ["", "no base64 at all", *(b64encode(point).decode() for point in (b"\4" * 65, bytes(65), bytes(33)))],
)
def test_what_is_no_point_of_the_curve_is_refused(client: TestClient, public_key: str) -> None:
    refused = client.post("/api/v1/unsent-keys", json={"public_key": public_key})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_value")
