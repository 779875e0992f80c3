"""The page, its sounds, and the documentation of the rest, all from this machine."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import escape
from starlette.responses import HTMLResponse

from api import shell
from audio import files
from audio.tones import InterfaceTone, interface_tone

TONE_RATE_HZ = 24_000
# Nothing of the person is in these; the browser may keep them but asks whether they are still the same.
REUSABLE = {"Cache-Control": "no-cache"}

router = APIRouter(include_in_schema=False)

SENTENCES: Final[dict[str, Any]] = tomllib.loads(shell.SENTENCES_FILE.read_text(encoding="utf-8"))
"""What the page says, by the screen on which it does."""

_templates = Environment(
    loader=FileSystemLoader(shell.TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["say"] = SENTENCES
_templates.filters["fill"] = lambda sentence, **values: escape(sentence).format(**values)


def template(name: str) -> Template:
    """One of the pages to be filled in."""
    return _templates.get_template(name)


@router.get("/")
def page() -> HTMLResponse:
    """The page: everything a person does with Outbreath in a browser."""
    content = template("index.html").render(modules=shell.modules())
    return HTMLResponse(content, headers={**REUSABLE, shell.VERSION_HEADER: shell.version()})


@router.get("/api/v1/docs")
def documentation(request: Request) -> HTMLResponse:
    """The operations of the HTTP interface, for reading."""
    described = request.app.openapi()
    shown = template("docs.html").render(api=described, operations=list(_operations(described)))
    return HTMLResponse(shown, headers=REUSABLE)


@router.get("/tones/{name}.wav")
def tone(name: Annotated[InterfaceTone, PathParameter()]) -> Response:
    """One of the soft tones, the same as in the terminal."""
    return Response(_tone(name), media_type="audio/wav", headers=REUSABLE)


@cache
def _tone(name: InterfaceTone) -> bytes:
    assert name in get_args(InterfaceTone)
    return files.wav_bytes(interface_tone(name, TONE_RATE_HZ))


def _operations(described: dict[str, Any]) -> Any:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {})
            yield {
                "method": method.upper(),
                "path": path,
                "summary": operation.get("description") or operation["summary"],
                "parameters": operation.get("parameters", []),
                "bodies": {kind: _fields(described, content["schema"]) for kind, content in body.items()},
                "answers": [status for status in operation["responses"] if status != "default"],
            }


def _fields(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, str]:
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return {name: field.get("description", "") for name, field in schema.get("properties", {}).items()}
