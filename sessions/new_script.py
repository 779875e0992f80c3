"""A script to begin with, in the person's own folder."""

from __future__ import annotations

from pathlib import Path

from core.errors import BadValue, UnwritableFile
from sessions.script_files import ENDING, shipped_scripts, slug_of
from sessions.script_header import LONGEST_TITLE_CHARACTERS

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
    """
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE_CHARACTERS or any(sign in title for sign in '"\\'):
        raise BadValue("title", "a short title without quotation marks")
    if any(ord(sign) < ord(" ") for sign in title):
        raise BadValue("title", "a title of letters, numbers and signs")
    if slug_of(title) in shipped_scripts():
        raise BadValue("title", "one that no session has yet")
    path = folder / f"{slug_of(title)}{ENDING}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(BEGINNING.format(title=title))
    except FileExistsError:
        raise BadValue("title", "one that no script has yet") from None
    except OSError:
        raise UnwritableFile from None
    return path
