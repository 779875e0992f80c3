"""What makes the page one that can be installed on a phone, and opens when the machine is out of reach."""

from __future__ import annotations

import json
from typing import Final

from fastapi import APIRouter, Response

from api import shell
from api.routes.page import REUSABLE, SENTENCES, template

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
        "lang": SENTENCES["language"],
        "name": SENTENCES["page"]["title"],
        "short_name": SENTENCES["page"]["title"],
        "description": SENTENCES["page"]["about"],
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
    content = template("service-worker.js").render(
        version=shell.version(), version_header=shell.VERSION_HEADER, files=shell.addresses()
    )
    return Response(content, media_type="text/javascript", headers=REUSABLE)
