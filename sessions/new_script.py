"""A script to begin with, in the person's own folder."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from core.errors import BadValue, UnwritableFile
from journal.durable_files import disk_full_is_said
from sessions.script_files import shipped_scripts
from sessions.script_header import LONGEST_TITLE_CHARACTERS
from sessions.script_names import ENDING, script_paths, slug_of

LONGEST_NAME_BYTES = 140
"""What every disk takes, one encrypted by eCryptfs, too; a letter has up to four."""

BEGINNING = """---
title: "{title}"
kind: meditation
minutes: {{default: 5, min: 2, max: 60}}
basis: ""
bed: none
warnings: []
---
# Arriving
{{bell}}
! Sit in a way that you can stay in for a while. Eyes closed, or open and resting.
{{rest 2}}
Feel your feet on the floor.
> Notice whether they are warm or cool.
{{rest 3}}
{{round}}
Stay with the next breath, from its start to its end.
{{rest 4}}
{{round}}
Listen to what can be heard from here.
{{rest 4}}
{{again}}

# Going on
! When you are ready, look up.
{{bell end}}
"""


def begin(folder: Path, title: str) -> Path:
    """Writes a short script that plays at any length, to be changed line by line.

    Raises:
        BadValue: a title that cannot be one, or that a script has already, which stays as it is.
        UnwritableFile: the folder cannot be written to.
        DiskFull: there is no room for it; nothing is left behind.
    """
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE_CHARACTERS or any(sign in title for sign in '"\\'):
        raise BadValue("title", "a short title without quotation marks")
    if not all(map(_can_be_written, title)):
        raise BadValue("title", "a title of letters, numbers and signs")
    if slug_of(title) in shipped_scripts():
        raise BadValue("title", "one that no session has yet")
    name = slug_of(title).encode()[: LONGEST_NAME_BYTES - len(ENDING)].decode(errors="ignore").rstrip("-")
    path = folder / f"{name}{ENDING}"
    try:
        with disk_full_is_said():
            folder.mkdir(parents=True, exist_ok=True)
            taken = any(slug_of(other.stem) == name for other in script_paths(folder))
            if taken or path.exists():
                raise BadValue("title", "one that no script has yet")
            _write(path, BEGINNING.format(title=title))
    except OSError:
        raise UnwritableFile from None
    return path


def _can_be_written(sign: str) -> bool:
    """Whether YAML and UTF-8 know it: no control character, and no byte of a terminal that is no UTF-8."""
    return unicodedata.category(sign) not in ("Cc", "Cs") and sign not in "\ufffe\uffff"


def _write(path: Path, text: str) -> None:
    """A new file with all of the text, or none."""
    file = path.open("x", encoding="utf-8")
    try:
        with file:
            file.write(text)
    except OSError:
        path.unlink(missing_ok=True)
        raise
