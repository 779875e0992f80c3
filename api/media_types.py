"""Kinds of sound that come in and go out.

What a sender claims is not repeated to a browser unless it names sound: a "recording" of type text/html would
otherwise be shown as a page of ours.
"""

from __future__ import annotations

import mimetypes
import re

UNKNOWN = "application/octet-stream"

_SOUND = re.compile(r"(?:audio|video)/[a-z0-9][a-z0-9.+-]{0,60}|application/ogg", re.ASCII)


def media_type_of(claimed: str, filename: str = "") -> str:
    """The kind of a recording, from its header or else from the ending of its name."""
    for candidate in (claimed, mimetypes.guess_type(filename)[0] or ""):
        plain = candidate.partition(";")[0].strip().lower()
        if _SOUND.fullmatch(plain):
            return plain
    return UNKNOWN
