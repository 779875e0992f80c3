"""``voices``: who can speak the sessions."""

from __future__ import annotations

from typing import Annotated

import typer

from outbreath import wiring
from outbreath.keyboard import playback_keys
from outbreath.present import AsJson, print_json
from voice.voices import NAMED, SAMPLE


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(voices)


def voices(
    name: Annotated[str | None, typer.Argument(help="One to listen to: a name, or the path of a Piper voice.")] = None,
    as_json: AsJson = False,
) -> None:
    """The voices there are; with a name, that one speaks two sentences on the sound card."""
    outbreath = wiring.from_environment()
    if name is not None:
        clip = outbreath.narrator(name).line(SAMPLE)
        with playback_keys() as control:
            outbreath.speaker.play([clip], control.playing(0.0))
        return
    present = outbreath.models.present
    listed = [
        {"name": each, "installed": each in present, "chosen": each == outbreath.settings.voice} for each in NAMED
    ]
    if as_json:
        print_json(listed)
        return
    for voice in listed:
        chosen = "chosen" if voice["chosen"] else ""
        typer.echo(f"{voice['name']:10} {chosen if voice['installed'] else 'not installed'}".rstrip())
    typer.echo("Or the path of a Piper voice of your own: its folder, or its .onnx with the .onnx.json beside it.")
