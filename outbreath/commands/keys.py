"""``passphrase``, ``passcode`` and ``recovery-key``: who can open the journal and its page."""

from __future__ import annotations

from typing import Annotated

import typer

from journal.keys import DATABASE_FILE
from outbreath import wiring
from outbreath.keyboard import ask_passphrase
from outbreath.page_lock.passcode import Passcode
from outbreath.present import AsJson, print_json


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(passphrase)
    app.command()(passcode)
    app.command("recovery-key")(recovery_key)


def passphrase(
    remove: Annotated[bool, typer.Option("--remove", help="Open the journal without one from now on.")] = False,
    as_json: AsJson = False,
) -> None:
    """Sets, changes or removes the passphrase that opens the journal. It is asked for, or read from standard input."""
    outbreath = wiring.from_environment()
    key = outbreath.data_key
    if remove:
        outbreath.keys.remove_passphrase(key)
        said = "The journal opens without a passphrase on this machine."
    else:
        outbreath.keys.set_passphrase(key, ask_passphrase("New passphrase", twice=True))
        said = (
            "From now on the journal opens only with this passphrase, or with your recovery key.\n"
            "If you have not written the recovery key down yet: outbreath recovery-key"
        )
    _tell(outbreath, said, as_json)


def passcode(
    remove: Annotated[bool, typer.Option("--remove", help="Let the page in without one from now on.")] = False,
    as_json: AsJson = False,
) -> None:
    """Sets, changes or removes the passcode that the page asks for after a while. Also when it is forgotten."""
    outbreath = wiring.from_environment()
    kept = Passcode(outbreath.places.passcode)
    if remove:
        kept.remove()
        said = "The page asks for no passcode."
    else:
        kept.set(ask_passphrase("New passcode", twice=True))
        minutes = outbreath.settings.lock_after_minutes
        said = f"The page asks for this passcode after {minutes} min without a touch."
    if as_json:
        print_json({"passcode": not remove})
    else:
        typer.echo(said)


def recovery_key(
    use: Annotated[
        bool, typer.Option("--use", help="Open the journal with a recovery key, and set a new way in.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Shows the key that opens the journal when everything else is lost. Write it on paper."""
    outbreath = wiring.from_environment()
    if use:
        key = outbreath.keys.open_with_recovery_key(ask_passphrase("Recovery key"))
        # Only a key that really opens the journal becomes the new way in.
        from journal.store import Store  # see the wiring

        Store.open(outbreath.places.journal / DATABASE_FILE, key).close()
        outbreath.keys.keep(key)
        _tell(outbreath, "The journal is open again.", as_json)
        return
    text = outbreath.keys.recovery_key(outbreath.data_key)
    if as_json:
        print_json({"recovery_key": text})
    else:
        typer.echo(text)


def _tell(outbreath: wiring.Outbreath, said: str, as_json: bool) -> None:
    if as_json:
        print_json({"protection": outbreath.keys.protection})
    else:
        typer.echo(said)
