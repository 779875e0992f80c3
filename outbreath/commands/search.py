"""``search``, ``related``: finding it again."""

from __future__ import annotations

from typing import Annotated

import typer

from journal.entry import SearchResult
from outbreath import wiring
from outbreath.commands.entries import EntryId
from outbreath.present import AsJson, entry_line, minutes_and_seconds, print_json


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(search)
    app.command()(related)


def search(
    query: Annotated[
        str, typer.Argument(help="Words, “a phrase”, tag:name, from:2026-10, to:2026-11-05, kind:typed, guide:name.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Finds entries by their words, their meaning and tags, best first. A minus before a word or tag leaves it out."""
    found = wiring.from_environment().notebook.search(query, limit=limit)
    if as_json:
        print_json(found)
        return
    _print(found.results)


def related(
    entry_id: EntryId,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Other entries about the same, the nearest first."""
    found = wiring.from_environment().notebook.related(entry_id, limit=limit)
    if as_json:
        print_json(found)
        return
    _print(found.results)


def _print(results: tuple[SearchResult, ...]) -> None:
    for result in results:
        at = f" at {minutes_and_seconds(result.at_seconds)}" if result.at_seconds is not None else ""
        typer.echo(f"{entry_line(result.entry)}  ({', '.join(result.matched)}{at})")
        typer.echo(f"    {result.snippet}")
    if not results:
        typer.echo("Nothing found.")
