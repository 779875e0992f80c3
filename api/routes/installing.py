"""What makes the page one that can be installed on a phone, and opens when the machine is out of reach."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Final, get_args

from fastapi import APIRouter, Response

from api.routes.page import API_FOLDER, REUSABLE, template
from audio.tones import InterfaceTone

STATIC: Final = API_FOLDER / "static"
ICONS: Final = (
    ("outbreath-192.png", "192x192", "any"),
    ("outbreath-512.png", "512x512", "any"),
    ("outbreath-maskable-512.png", "512x512", "maskable"),
)
GROUND: Final = "#121c26"

router = APIRouter(include_in_schema=False)


@router.get("/manifest.webmanifest")
def manifest() -> Response:
    """How the installed page is called and looks (W3C Web Application Manifest)."""
    described = {
        "id": "/",
        "name": "Outbreath",
        "short_name": "Outbreath",
        "description": "A private voice companion. Everything stays on your own machine.",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            {"src": f"/static/icons/{file}", "sizes": sizes, "type": "image/png", "purpose": purpose}
            for file, sizes, purpose in ICONS
        ],
    }
    return Response(json.dumps(described), media_type="application/manifest+json", headers=REUSABLE)


@router.get("/service-worker.js")
def service_worker() -> Response:
    """The worker that keeps the page in the browser."""
    version, files = _shell()
    content = template("service-worker.js").render(version=version, files=files)
    return Response(content, media_type="text/javascript", headers=REUSABLE)


@cache
def _shell() -> tuple[str, list[str]]:
    """Everything the page consists of, and a name that changes with any of it."""
    found = sorted(file for file in STATIC.rglob("*") if file.suffix in (".js", ".css", ".woff2", ".svg", ".png"))
    parts = [*found, *sorted((API_FOLDER / "templates").iterdir())]
    version = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]
    tones = [f"/tones/{name}.wav" for name in get_args(InterfaceTone)]
    return version, ["/", *(f"/static/{file.relative_to(STATIC).as_posix()}" for file in found), *tones]
