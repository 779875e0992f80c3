"""``phones``: which phones are paired; forgetting one."""

from __future__ import annotations

from typing import Annotated

import typer

from outbreath import wiring
from outbreath.present import AsJson, print_json


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(phones)


def phones(
    forget: Annotated[
        str | None, typer.Option(metavar="NAME", help="Forget this phone, by name or id: it is let in no more.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The paired phones. One more is paired by: outbreath serve --lan"""
    paired = wiring.from_environment().phones.paired
    if forget is not None:
        paired.forget(forget)
    if as_json:
        print_json(paired.all())
        return
    for phone in paired.all():
        typer.echo(f"{phone.id}  {phone.paired_at:%Y-%m-%d}  {phone.name}")
