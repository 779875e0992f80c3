"""Brings a database to the newest schema, step by step. With ``env.py`` and the steps, the door to ``alembic``."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from core.errors import JournalTooNew


def migrate(connection: Connection, at: str | None) -> None:
    """Runs the steps that are missing, all in the transaction of ``connection``.

    Args:
        connection: to the database, in a transaction.
        at: the step the database is at; None for an empty one.

    Raises:
        JournalTooNew: ``at`` is none of our steps.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # Alembic reads a percent sign as the start of a variable.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if at is not None and at not in known:
        raise JournalTooNew
    command.upgrade(config, "head")
