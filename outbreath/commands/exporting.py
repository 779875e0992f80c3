"""``export`` and ``import``: leaving, and coming back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from outbreath import wiring
from outbreath.present import AsJson, print_json


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command("export")(export)
    app.command("import")(import_)


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")], as_json: AsJson = False
) -> None:
    """Writes the whole journal as Markdown, JSON and sound files, readable without Outbreath."""
    from journal import exporting

    summary = exporting.export(wiring.from_environment().notebook, folder)
    if as_json:
        print_json(summary)
    else:
        typer.echo(f"Written: {summary.entries} entries. They are not encrypted there; keep the folder safe.")
        if summary.damaged:
            typer.echo(f"Recordings of which a part or all is damaged or missing: {summary.damaged}.")


def import_(
    folder: Annotated[Path, typer.Argument(metavar="PATH", help="A folder that `outbreath export` made.")],
    as_json: AsJson = False,
) -> None:
    """Brings back what was exported. Entries that are already here stay as they are."""
    from journal import importing

    summary = importing.import_(wiring.from_environment().notebook, folder)
    if as_json:
        print_json(summary)
    else:
        typer.echo(f"Brought back: {summary.added} entries. Already here: {summary.present}.")
