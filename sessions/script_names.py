"""Which files are scripts, and by what names the library knows them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

ENDING: Final = ".md"
TEXT_ENDING: Final = ".txt"
"""Some editors save nothing else. What has it is a script only if it begins like one."""

_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n(?:[^\n]*\n)*?kind:")
_HEADER_BYTES = 4_000


def slug_of(name: str) -> str:
    """The slug for a file name without its ending: ``My Session`` becomes ``my-session``."""
    # The small letter of the dotted I keeps its dot as a sign of its own, which nobody types.
    small = unicodedata.normalize("NFC", name.lower().replace("i\u0307", "i"))
    kept = ""
    for sign in small:
        # Signs that combine with a letter belong to it: without them Hindi or Thai falls into pieces.
        belongs = unicodedata.category(sign).startswith("M") and kept and kept[-1] != "-"
        kept += sign if sign.isalnum() or belongs else "-"
    return re.sub("-+", "-", kept).strip("-") or "unnamed"


def same_slug(typed: str) -> str:
    """A slug that somebody typed, however the keyboard composes its letters."""
    return unicodedata.normalize("NFC", typed)


def script_paths(folder: Path) -> list[Path]:
    """The scripts in a folder; of those with one slug the one comes first that is named by it.

    Raises:
        OSError: the folder is missing or not ours to read.
    """
    return sorted((path for path in folder.iterdir() if _is_script(path)), key=_by_slug)


def _by_slug(path: Path) -> tuple[str, bool, str]:
    slug = slug_of(path.stem)
    return slug, path.name != f"{slug}{ENDING}", path.name


def _is_script(path: Path) -> bool:
    ending = path.suffix.lower()
    if path.name.startswith(".") or ending not in (ENDING, TEXT_ENDING) or not path.is_file():
        return False
    return ending == ENDING or _begins_like_a_script(path)


def _begins_like_a_script(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _HEADER.match(file.read(_HEADER_BYTES)) is not None
    except OSError:
        return False
