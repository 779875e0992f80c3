"""``script check`` and ``script new``: session scripts of the person's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from outbreath import wiring
from outbreath.present import AsJson, print_json, print_json_line
from sessions import new_script
from sessions.script_files import examine_file
from voice.voices import NAMED, can_speak


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    scripts = typer.Typer(help="Session scripts of your own.", no_args_is_help=True)
    for command in (check, new):
        scripts.command()(command)
    app.add_typer(scripts, name="script")


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Script files, wherever they lie.")],
    voice: Annotated[
        str | None, typer.Option(help="Who is to speak it; the voice of the settings if not given.")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Tells every fault in a script, with its line and a hint; and what may not sound as it was meant.

    A script with faults can't be played; one with remarks can.
    """
    configuration = wiring.configuration()
    if voice is not None and voice not in NAMED:
        wiring.from_environment().models.piper(voice)  # a mistyped name would seem to speak everything
    speaks = can_speak(voice or configuration.settings.voice)
    sessions = [(file, examine_file(file, speaks, configuration.places.scripts)) for file in files]
    for file, session in sessions:
        if as_json:
            print_json_line({"file": str(file), "session": session})
        elif not session.faults:
            typer.echo(f"{file}: {session.title} can be played.")
        for told in (*session.faults, *session.remarks) if not as_json else ():
            typer.echo(f"{file}, line {told.line}: {told.problem} ({told.hint})")
    return 1 if any(session.faults for _, session in sessions) else 0


def new(
    title: Annotated[str, typer.Argument(help='What it is called, such as "Before the ward round".')],
    as_json: AsJson = False,
) -> None:
    """Begins a script in your scripts folder; it is in the library at once."""
    path = new_script.begin(wiring.from_environment().places.scripts, title)
    if as_json:
        print_json({"file": str(path), "slug": path.stem})
    else:
        typer.echo(f"Written: {path}\nOpen it in any editor; play it with: outbreath play {path.stem}")
