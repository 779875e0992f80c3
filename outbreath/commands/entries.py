"""``entries``, ``show``, ``edit``, ``delete``: reading and correcting the journal."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from core.errors import BadValue
from journal.entry import MOODS
from outbreath import wiring
from outbreath.present import AsJson, entry_line, print_entry, print_json
from outbreath.times import day

EntryId = Annotated[str, typer.Argument(metavar="ID", help="An entry's id, as `outbreath entries` shows it.")]
Mood = Annotated[str | None, typer.Option(metavar="1-5|none", help="1 (heavy) to 5 (light); none takes it away.")]

NO_MOOD = "none"


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    for command in (entries, show, edit, delete):
        app.command()(command)


def entries(
    query: Annotated[str | None, typer.Argument(help="Words that the entries hold.")] = None,
    tag: Annotated[str | None, typer.Option(help="Only entries with this tag.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day, such as 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, such as 2026-11-30.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """The journal, newest first."""
    notebook = wiring.from_environment().notebook
    page = notebook.entries(query, tag, since=day("--from", since), until=day("--to", until), limit=limit)
    if as_json:
        print_json(page)
        return
    for entry in page.entries:
        typer.echo(entry_line(entry))
        typer.echo(f"    {_first_words(entry.text)}")
    if not page.entries:
        typer.echo("Nothing here yet." if query is None else "Nothing found.")


def show(entry_id: EntryId, as_json: AsJson = False) -> None:
    """One entry, whole."""
    entry = wiring.from_environment().notebook.entry(entry_id)
    if as_json:
        print_json(entry)
    else:
        print_entry(entry)


def edit(
    entry_id: EntryId,
    text: Annotated[str | None, typer.Option(help="The corrected text; `-` reads it from standard input.")] = None,
    mood_before: Mood = None,
    mood_after: Mood = None,
    as_json: AsJson = False,
) -> None:
    """Corrects an entry. What was first heard is kept beside it."""
    notebook = wiring.from_environment().notebook
    if text == "-":
        text = sys.stdin.read()
    elif text is None and mood_before is None and mood_after is None:
        raise typer.BadParameter("say what to change, with --text, --mood-before or --mood-after")
    entry = notebook.edit(
        entry_id,
        text=text,
        mood_before=_mood("--mood-before", mood_before),
        mood_after=_mood("--mood-after", mood_after),
        clear=[name for name, mood in zip(MOODS, (mood_before, mood_after), strict=True) if mood == NO_MOOD],
    )
    if as_json:
        print_json(entry)
    else:
        print_entry(entry)


def _mood(name: str, text: str | None) -> int | None:
    if text is None or text == NO_MOOD:
        return None
    if text not in ("1", "2", "3", "4", "5"):
        raise BadValue(name, "a whole number from 1 to 5, or none")
    return int(text)


def delete(
    entry_id: EntryId,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Deletes an entry with its recording, words and tags, everywhere."""
    notebook = wiring.from_environment().notebook
    entry = notebook.entry(entry_id)
    if not yes and sys.stdin.isatty():
        typer.confirm(f"Delete the entry of {entry_line(entry)} for good?", abort=True, err=True)
    notebook.delete(entry_id)
    if as_json:
        print_json({"deleted": entry_id})
    else:
        typer.echo("Deleted, with its recording.")


def _first_words(text: str, longest: int = 100) -> str:
    line = " ".join(text[: longest * 4].split())
    return line if len(line) <= longest else line[: longest - 1].rsplit(" ", 1)[0] + "…"
