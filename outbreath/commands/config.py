"""``config``: each setting, its value, and where it came from."""

from __future__ import annotations

import typer

from outbreath import wiring
from outbreath.present import AsJson, print_json


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(config)


def config(as_json: AsJson = False) -> None:
    """Each setting, its value, and where it came from."""
    configuration = wiring.configuration()
    settings = configuration.settings
    if as_json:
        rows = [
            {
                "name": name,
                "value": value,
                "source": configuration.sources[name],
                "about": type(settings).model_fields[name].description,
            }
            for name, value in settings
        ]
        print_json({"settings_file": str(configuration.places.settings_file), "settings": rows})
        return
    typer.echo(f"{configuration.places.settings_file}\n")
    for name, value in settings:
        shown = "(unset)" if value is None else value
        typer.echo(f"{name:24} {shown!s:16} {configuration.sources[name]}")
