"""A phrase that occurs nowhere else goes every way there is, at debug level; then it is looked for everywhere."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.privacy.conftest import SPOKEN_WORDS
from tests.privacy.installation import Installation
from tests.privacy.visit import visit

PHRASE = "marzipanlocomotive"


def traces(word: str) -> list[bytes]:
    """The ways in which a word could lie in a file."""
    return [
        word.encode(),
        word.upper().encode(),
        word.encode("utf-16-le"),
        word.encode().hex().encode(),
        base64.b64encode(word.encode())[:-4],
    ]


def files_with(folder: Path, word: str) -> list[Path]:
    return [
        path
        for path in folder.rglob("*")
        if (path.is_file() and any(trace in path.read_bytes() for trace in traces(word))) or word in path.name
    ]


@pytest.fixture
def aside(tmp_path: Path) -> Path:
    """Where files lie that are the person's own: what was recorded elsewhere, what was exported."""
    folder = tmp_path / "aside"
    folder.mkdir()
    return folder


def left_behind(installation: Installation) -> list[Path]:
    return [path for word in (PHRASE, *SPOKEN_WORDS) for path in files_with(installation.folder, word)]


def told(installation: Installation) -> str:
    return "\n".join(installation.told).lower()


@pytest.mark.model
def test_the_command_line_leaves_no_word(installation: Installation, aside: Path, spoken: Path) -> None:
    run = installation.run
    typed = json.loads(run("write", "-", "--json", typed=f"I felt calm. {PHRASE}"))["id"]
    heard = json.loads(run("add", spoken, "--json"))
    assert any(word in heard["text"].lower() for word in SPOKEN_WORDS)
    assert PHRASE in run("show", typed)
    run("edit", typed, "--text", "-", typed=f"{PHRASE} again")
    run("tag", typed, f"+{PHRASE}")
    run("tags")
    assert typed in run("search", PHRASE)
    assert typed in run("entries", PHRASE, "--tag", PHRASE)
    run("transcribe", spoken)
    run("suggest-tags", "-", typed=f"I felt calm. {PHRASE}\n")
    run("export", aside / "exported")
    run("delete", typed, "--yes")
    run("import", aside / "exported")
    assert typed in run("search", PHRASE)
    # Wrong in ways that could repeat what was given.
    run("show", PHRASE, code=1)
    run("search", f'"{PHRASE} AND (')
    run("edit", typed, "--mood-before", PHRASE, code=2)
    assert files_with(aside, PHRASE), "an export is plain, so that this test would see the phrase"
    assert not left_behind(installation)
    assert not [word for word in SPOKEN_WORDS if word in told(installation)]


@pytest.mark.model
def test_the_server_leaves_no_word(installation: Installation, spoken: Path) -> None:
    with installation.server() as address:
        statuses = visit(address, PHRASE, spoken)
    assert max(statuses) < 500
    assert not left_behind(installation)
    assert not [word for word in (PHRASE, *SPOKEN_WORDS) if word in told(installation)]
