"""What makes the page one that can be installed."""

from __future__ import annotations

import json
import re
import struct

from starlette.testclient import TestClient

from api.shell import STATIC, VERSION_HEADER


def test_the_manifest_names_icons_of_the_size_they_have(client: TestClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        image = client.get(icon["src"]).content
        width, height = struct.unpack(">II", image[16:24])
        assert icon["sizes"] == f"{width}x{height}"


def test_the_worker_keeps_all_that_the_page_consists_of(client: TestClient) -> None:
    worker = client.get("/service-worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    named = re.search(r"const FILES = (\[.*\]);", worker.text)
    assert named
    files = json.loads(named.group(1))
    assert all(client.get(file).status_code == 200 for file in files)
    assert {f"/static/js/{module.name}" for module in (STATIC / "js").iterdir()} < set(files)
    assert "/" in files


def test_the_worker_is_told_whether_the_page_is_of_its_version(client: TestClient) -> None:
    worker = client.get("/service-worker.js").text
    version = client.get("/").headers[VERSION_HEADER]
    assert version
    assert f'VERSION = "{version}"' in worker
    assert f'"{VERSION_HEADER}"' in worker


def test_of_the_person_s_own_words_it_keeps_nothing(client: TestClient) -> None:
    worker = client.get("/service-worker.js").text
    patterns = re.findall(r"= /(.+)/;", worker)
    assert len(patterns) == 3, "the library, and sound and words of sessions"
    for path in ("/api/v1/entries", "/api/v1/entries/x", "/api/v1/search", "/api/v1/tags", "/api/v1/entries/x/audio"):
        assert not any(re.match(pattern.replace("\\/", "/"), path) for pattern in patterns), path
