from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.shell import STATIC

MOST_SCRIPT_BYTES = 120_000
LEAST_COMPRESSED_BYTES = 500


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", ["/", "/api/v1/docs"])
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(client: TestClient, path: str) -> None:
    for tag, attributes in Elements(client.get(path).text).found:
        assert tag not in ("style", "iframe", "object", "base")
        assert tag != "script" or attributes.get("src") or attributes["type"] == "application/json"  # data, never run
        for name, value in attributes.items():
            assert name != "style"
            assert not name.startswith("on")
            if name in ("src", "href", "action"):
                assert value
                assert value.startswith(("/", "#"))
                assert not value.startswith("//")


def test_everything_the_page_names_is_there(client: TestClient) -> None:
    named = [attributes.get("src") or attributes.get("href") for _, attributes in Elements(client.get("/").text).found]
    local = [path for path in named if path and path.startswith("/static/")]
    css = (STATIC / "outbreath.css").read_text()
    local += [f"/static/{path}" for path in re.findall(r'url\("([^"]+)"\)', css)]
    for module in (STATIC / "js").iterdir():
        local += [f"/static/js/{path}" for path in re.findall(r'from "\./([^"]+)"', module.read_text())]
    assert len(local) > 12
    for path in local:
        response = client.get(path)
        assert response.status_code == 200, path
        assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("file", [*(STATIC / "js").iterdir(), STATIC / "outbreath.css"], ids=lambda path: path.name)
def test_no_script_or_style_knows_another_address(file: Path) -> None:
    content = file.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//[a-z]+\.[a-z]|innerHTML|eval\(|setAttribute\(\"style\"", content)


def test_vendored_files_are_the_ones_that_were_looked_at() -> None:
    folder = STATIC / "vendor"
    listed = dict(reversed(line.split()) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert set(listed) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("name", ["listening", "saved", "next", "finished"])
def test_the_tones_of_the_terminal(client: TestClient, name: str) -> None:
    response = client.get(f"/tones/{name}.wav")
    assert response.headers["content-type"] == "audio/wav"
    assert response.content[:4] == b"RIFF"


def test_there_is_no_other_tone(client: TestClient) -> None:
    assert client.get("/tones/alarm.wav").status_code == 422


@pytest.mark.parametrize(
    "path", ["/static/../server.py", "/static/%2e%2e/server.py", "/static/js", "/static/", "/nothing"]
)
def test_only_what_is_meant_to_be_served_is(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_the_documentation_lists_every_operation(client: TestClient) -> None:
    shown = client.get("/api/v1/docs").text
    described = client.get("/api/v1/openapi.json").json()
    for path, methods in described["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in shown


def test_scripts_travel_small(client: TestClient) -> None:
    """A phone loads them over a wireless network."""
    sent = 0
    for script in (STATIC / "js").glob("*.js"):
        with client.stream("GET", f"/static/js/{script.name}", headers={"Accept-Encoding": "gzip"}) as answer:
            sent += sum(map(len, answer.iter_raw()))
        assert answer.headers.get("content-encoding") == "gzip" or script.stat().st_size < LEAST_COMPRESSED_BYTES
    assert sent < MOST_SCRIPT_BYTES


def test_all_scripts_are_asked_for_at_once(client: TestClient) -> None:
    page = client.get("/").text
    preloaded = set(re.findall(r'rel="modulepreload" fetchpriority="low" href="([^"]+)"', page))
    imported = {
        f"/static/js/{name}"
        for script in (STATIC / "js").glob("*.js")
        for name in re.findall(r'from "\./([^"]+)"', script.read_text())
    }
    assert preloaded == imported | {"/static/js/app.js"}
