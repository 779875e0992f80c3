"""``cache``: what is kept so that sessions start at once. Never the person's words."""

from __future__ import annotations

from typing import Annotated

import typer

from outbreath import wiring
from outbreath.present import AsJson, print_json
from voice.speech_cache import SpeechCache

MEGABYTE = 1_000_000


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(cache)


def cache(
    clear: Annotated[
        bool, typer.Option("--clear", help="Throw it away; sessions are spoken anew when played.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Shows how much spoken and rendered sound of sessions is kept, and clears it."""
    from api.session_audio import EncodedSessions  # with the parts of a server, which no other command waits for

    outbreath = wiring.from_environment()
    kept: dict[str, SpeechCache | EncodedSessions] = {
        "spoken_lines": outbreath.spoken_lines,
        "session_audio": EncodedSessions(outbreath.places.session_audio),
    }
    if clear:
        for each in kept.values():
            each.clear()
    sizes = {name: {"bytes": each.total_bytes, "limit_bytes": each.limit_bytes} for name, each in kept.items()}
    if as_json:
        print_json(sizes)
        return
    for name, size in sizes.items():
        used, limit = size["bytes"] / MEGABYTE, size["limit_bytes"] / MEGABYTE
        typer.echo(f"{name.replace('_', ' ').capitalize():14} {used:7.1f} of at most {limit:.0f} MB")
