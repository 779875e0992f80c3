"""``doctor``: what works here."""

from __future__ import annotations

from typing import Annotated

import typer

from outbreath import doctor as examination
from outbreath import wiring
from outbreath.present import AsJson, print_json


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(doctor)


def doctor(
    try_it: Annotated[bool, typer.Option("--try", help="Speak a line, hear it, tag it, store it and find it.")] = False,
    as_json: AsJson = False,
) -> int:
    """What works here. ``--try`` goes the whole way once, in a journal that is thrown away."""
    findings = examination.examine(wiring.from_environment(), whole_way=try_it)
    if as_json:
        print_json({"works": examination.works(findings), "checks": findings})
    else:
        for finding in findings:
            optional = "" if finding.works or not finding.optional else " (optional)"
            typer.echo(f"{'works' if finding.works else 'no   '}  {finding.name:18} {finding.detail}{optional}")
            if finding.next_step:
                typer.echo(f"       {finding.next_step}")
    return 0 if examination.works(findings) else 1
