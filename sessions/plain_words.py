"""Takes the marks of Markdown out of words that are to be spoken and shown. Pure.

Voices read such marks by name, or stumble over them: "asterisk asterisk feel". Words without them stay as they are.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST_CHARACTERS: Final = 3_000
"""What is longer is no line that can be spoken, and stays as it is."""

_LINK: Final = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_ADDRESS: Final = re.compile(r"\b(?:https?://|www\.)\S", re.IGNORECASE)
_CODE: Final = re.compile(r"(`+)([^`]+)\1")
# Each opening sign looks for its other one, so how far is limited.
# Within a word or a sum (snake_case, 3*4) such a sign is no mark; behind a backslash neither.
_EMPHASIS: Final = re.compile(r"(?<![\w*_~\\])(\*{1,3}|_{1,3}|~~)(?=\S)(.{1,300}?)(?<![\s\\])\1(?![\w*_~])")
# One half of a pair whose other half stands behind a cue.
_HALF: Final = re.compile(r"(?<![\w\\])[*_]+(?=[^\W\d_])|(?<=[^\W\d_]|[.,;:!?…])[*_]+(?!\w)")
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])|\\(?=\s|\Z)")
_PICTURE: Final = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55]")


def plain(text: str) -> str:
    """The words alone: of a link its text, of emphasis what is emphasised."""
    if len(text) > LONGEST_CHARACTERS:
        return " ".join(text.split())
    words = _CODE.sub(r"\2", _LINK.sub(r"\1", text))
    # One layer at a time.
    for _ in range(3):
        words = _EMPHASIS.sub(_emphasised, words)
    return " ".join(_ESCAPED.sub(r"\1", _HALF.sub("", words)).split())


def _emphasised(found: re.Match[str]) -> str:
    """What stands between the signs; a row of them with nothing between is a gap to be filled in."""
    return found[2] if any(map(str.isalnum, found[2])) else found[0]


def has_link(text: str) -> bool:
    """Whether it holds the address of a page, as a link or as it stands."""
    return bool(_LINK.search(text) or _ADDRESS.search(text))


def has_picture(text: str) -> bool:
    """Whether an emoji stands in it."""
    return bool(_PICTURE.search(text))
