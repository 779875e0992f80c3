"""The one plain page: how a phone comes to trust this machine, and nothing else."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.trust_page import CERTIFICATE, create_trust_app
from outbreath.phones.home_network import HomeNetwork

NETWORK = HomeNetwork("192.168.1.5", 8766, 8767)


@pytest.fixture
def client() -> TestClient:
    app = create_trust_app(NETWORK, lambda: b"DER", "AA:BB")
    return TestClient(app, NETWORK.trust_page, follow_redirects=False)


def test_it_tells_how_hands_out_the_certificate_and_leads_on(client: TestClient) -> None:
    page = client.get("/")
    for word in ("iPhone", "Android", NETWORK.page, "AA:BB", CERTIFICATE):
        assert word in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    certificate = client.get(CERTIFICATE)
    assert certificate.content == b"DER"
    assert certificate.headers["content-type"] == "application/x-x509-ca-cert"
    assert client.get("/static/outbreath.css").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/health", "/pair", "/phones", "/static/js/app.js", "/static/../api/app.py"])
def test_everything_else_leads_back_to_it(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_it_answers_to_its_own_address_only(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
