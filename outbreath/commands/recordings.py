"""``add``, ``write``, ``retry``: entries that were not spoken at this microphone."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from core.errors import OutbreathError
from outbreath import wiring
from outbreath.present import AsJson, print_entry, print_json, print_json_line, tell_failure
from outbreath.times import moment

Guide = Annotated[str | None, typer.Option(help="The reflection it follows.")]
At = Annotated[str | None, typer.Option("--at", help="When it was spoken, such as 2026-11-23T20:15; now if not given.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    for command in (add, write, retry):
        app.command()(command)


def add(
    files: Annotated[list[Path], typer.Argument(help="Recordings in any format that a phone or browser makes.")],
    guide: Guide = None,
    at: At = None,
    as_json: AsJson = False,
) -> int:
    """Files recordings that were made elsewhere."""
    outbreath = wiring.from_environment()
    spoken_at = moment("--at", at)
    # The work is taken on once for all files.
    with outbreath.processing:
        outcomes = [_add(outbreath, file, guide, spoken_at, as_json) for file in files]
    return 0 if all(outcomes) else 1


def _add(outbreath: wiring.Outbreath, file: Path, guide: str | None, spoken_at: datetime | None, as_json: bool) -> bool:
    try:
        entry = outbreath.reflections.add_file(file, guide, spoken_at)
    except OutbreathError as error:
        tell_failure(file, error, as_json)
        return False
    entry = outbreath.processing.work_until_settled(entry.id)
    if as_json:
        print_json_line(entry)
    else:
        print_entry(entry)
    return entry.failure is None


def write(
    text: Annotated[str, typer.Argument(help="The words; `-` reads them from standard input.")],
    guide: Guide = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    """Files a typed entry."""
    words = sys.stdin.read() if text == "-" else text
    entry = wiring.from_environment().write(words, guide=guide, spoken_at=moment("--at", at))
    if as_json:
        print_json(entry)
    else:
        print_entry(entry)


def retry(
    entry_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
) -> int:
    """Tries again to transcribe an entry that failed."""
    outbreath = wiring.from_environment()
    outbreath.processing.retry(entry_id)
    entry = outbreath.processing.work_until_settled(entry_id)
    if as_json:
        print_json(entry)
    else:
        print_entry(entry)
    return 1 if entry.failure else 0
