"""``search``: finding it again."""

from __future__ import annotations

from typing import Annotated

import typer

from outbreath import wiring
from outbreath.present import AsJson, entry_line, print_json


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(search)


def search(
    query: Annotated[str, typer.Argument(help="Words, “a phrase”, or tag:name.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Finds entries by their words and tags, best first."""
    found = wiring.from_environment().notebook.search(query, limit=limit)
    if as_json:
        print_json(found)
        return
    for result in found.results:
        typer.echo(entry_line(result.entry))
        typer.echo(f"    {result.snippet}")
    if not found.results:
        typer.echo("Nothing found.")
