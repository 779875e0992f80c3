"""``vocabulary``: words of the person's own that the recogniser should expect."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from outbreath import wiring
from outbreath.present import AsJson, print_json


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    # `-word` would be taken for an option, so unknown options come through as arguments.
    app.command(context_settings={"ignore_unknown_options": True})(vocabulary)


def vocabulary(
    changes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[+word -word]", help="Words to expect, and to expect no longer; `-` reads them."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Your own words: ward names, drugs, colleagues. The recogniser expects them more than it otherwise would.

    They lie in the encrypted journal. `-` reads one +word or -word per line from standard input, so that no name stands
    in the list of running programs.
    """
    given = [line.rstrip("\n") for line in sys.stdin] if changes == ["-"] else changes or []
    given = [change for change in given if change.strip()]
    if not all(change[0] in "+-" and change[1:].strip() for change in given):
        raise typer.BadParameter("write each word as +word or -word")
    words = wiring.from_environment().notebook.vocabulary
    for change in given:
        (words.add if change[0] == "+" else words.remove)(change[1:])
    if as_json:
        print_json(words.words())
        return
    for word in words.words():
        typer.echo(word)
