"""``config``: each setting, its value, and where it came from; changing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from core import settings as settings_files
from core.errors import BadSettings, BadValue
from core.settings import Configuration, Settings
from outbreath import wiring
from outbreath.present import AsJson, print_json


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(config)


def config(
    changes: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME=VALUE", help="Keep this setting from now on; nothing behind the = unsets it."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Each setting, its value, and where it came from; also which of them cannot be used.

    A server that runs takes up a change when it is started again; what is chosen on its page holds at once.
    """
    if changes:
        wiring.from_environment().choose(dict(map(_change, changes)))
    configuration, faults = settings_files.load_what_can_be_used()
    if as_json:
        _print_json(configuration, faults)
    else:
        _print(configuration, faults)
    for fault in faults.values():
        typer.echo(f"{fault.message}\n{fault.next_step}", err=True)
    return 1 if faults else 0


def _change(text: str) -> tuple[str, str | None]:
    name, separator, value = text.partition("=")
    if not separator:
        raise BadValue("config", "NAME=VALUE, such as guidance=less")
    return name.strip(), value.strip() or None


def _print_json(configuration: Configuration, faults: Mapping[str, BadSettings]) -> None:
    rows = [
        {
            "name": name,
            "value": None if name in faults else value,
            "source": configuration.sources[name],
            "about": Settings.model_fields[name].description,
        }
        for name, value in configuration.settings
    ]
    print_json(
        {
            "settings_file": str(configuration.places.settings_file),
            "settings": rows,
            "faults": [{"name": name} | fault.as_json() for name, fault in faults.items()],
        }
    )


def _print(configuration: Configuration, faults: Mapping[str, BadSettings]) -> None:
    typer.echo(f"{configuration.places.settings_file}\n")
    for name, value in configuration.settings:
        shown = "(can't be used)" if name in faults else "(unset)" if value is None else value
        typer.echo(f"{name:24} {shown!s:16} {configuration.sources[name]}")
