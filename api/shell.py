"""What the page consists of, and one name for all of it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final, get_args

from audio.tones import InterfaceTone

API_FOLDER: Final = Path(__file__).resolve().parent
STATIC: Final = API_FOLDER / "static"
TEMPLATES: Final = API_FOLDER / "templates"
SENTENCES_FILE: Final = API_FOLDER / "translations" / "en.toml"
"""What the page says."""

VERSION_HEADER: Final = "Outbreath-Shell"
"""Tells the browser's worker whether the page it gets is of the version whose files it keeps."""

_KEPT: Final = (".js", ".css", ".woff2", ".svg", ".png")


@cache
def version() -> str:
    """A name that changes with any file of the page."""
    parts = [*_static_files(), *sorted(TEMPLATES.iterdir()), SENTENCES_FILE]
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]


@cache
def addresses() -> tuple[str, ...]:
    """Everything that the page needs to open, itself first."""
    tones = [f"/tones/{name}.wav" for name in get_args(InterfaceTone)]
    return "/", *(_address(file) for file in _static_files()), *tones


@cache
def modules() -> tuple[str, ...]:
    """The scripts that the page imports; worklets come by another way."""
    scripts = [file for file in _static_files() if file.suffix == ".js" and not file.stem.endswith("-worklet")]
    return tuple(map(_address, scripts))


def _static_files() -> list[Path]:
    return sorted(file for file in STATIC.rglob("*") if file.suffix in _KEPT)


def _address(file: Path) -> str:
    return f"/static/{file.relative_to(STATIC).as_posix()}"
