"""``speak``: a reflection at the microphone."""

from __future__ import annotations

from typing import Annotated

import typer

from outbreath import wiring
from outbreath.keyboard import enter_presses
from outbreath.present import AsJson, minutes_and_seconds, print_entry, print_json
from sessions.events import Event, Listening, Prompted, Saved


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(speak)


def speak(
    guide: Annotated[str, typer.Option(help="The reflection to follow; `free` asks nothing.")] = "free",
    as_json: AsJson = False,
) -> None:
    """Records a reflection. Enter goes on, and ends it after the last question; so does Ctrl+C, and nothing is lost."""
    outbreath = wiring.from_environment()
    with enter_presses() as presses:
        entry = outbreath.reflections.speak(guide, presses, lambda event: _show(event, as_json))
    entry = outbreath.processing.work_until_settled(entry.id)
    if as_json:
        print_json(entry)
    else:
        typer.echo("Filed. Go gently.\n" if entry.failure is None else "Your recording is kept.\n")
        print_entry(entry)


def _show(event: Event, as_json: bool) -> None:
    # Standard output belongs to the result; what happens meanwhile goes to standard error.
    match event:
        case Prompted(prompt=prompt) if prompt:
            typer.echo(f"\n{prompt}", err=True)
        case Listening():
            typer.echo("Listening. Press Enter to go on.", err=True)
        case Saved(seconds=seconds):
            if not as_json:
                typer.echo(f"\rSafe: {minutes_and_seconds(seconds)}.  ", nl=False, err=True)
