"""Logging rules: what happened and to which id, never a word of the person.

Libraries that log inputs (statements with their values, texts to be spoken, paths of recordings) are held at WARNING
whatever level is asked for.
"""

from __future__ import annotations

import logging

# These write the texts they are given, or the values of statements, at INFO or DEBUG.
TALKATIVE = (
    "faster_whisper",
    "piper",
    "sqlalchemy",
    "alembic",
    "dbos",
    "multipart",
    "python_multipart",
    "libav",
    "filelock",
    "pydub",
    "asyncio",
    "httpx",
)


def configure(level: str) -> None:
    """Sends Outbreath's own log lines to standard error at ``level``."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
