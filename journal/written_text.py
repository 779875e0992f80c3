"""What may stand in an entry, a tag or a query."""

from __future__ import annotations

import unicodedata

from core.errors import BadValue, EmptyText, TooMuchText
from journal.entry import LONGEST_TEXT_CHARACTERS

LONGEST_TAG_CHARACTERS = 64


def cleaned(text: str) -> str:
    """The text without what no text can hold: NULs go, half characters pair up again or become U+FFFD."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def entry_text(text: str) -> str:
    """A cleaned text that an entry can hold.

    Raises:
        TooMuchText: it is longer than an entry holds.
        EmptyText: it has not a single visible character.
    """
    if len(text) > LONGEST_TEXT_CHARACTERS:
        raise TooMuchText(LONGEST_TEXT_CHARACTERS)
    text = cleaned(text)
    if not any(_visible(character) for character in text):
        raise EmptyText
    return text


def tag_name(name: str) -> str:
    """A tag's name in its one spelling: lower case, single spaces, composed characters.

    Raises:
        BadValue: it is empty, too long, or has characters that no name needs.
    """
    # A megabyte need not be looked through to be refused.
    name = " ".join(unicodedata.normalize("NFC", cleaned(name[:1000])).lower().split())
    if not 0 < len(name) <= LONGEST_TAG_CHARACTERS or "/" in name or not all(map(_visible_or_space, name)):
        raise BadValue("the tag", f"a name of 1 to {LONGEST_TAG_CHARACTERS} characters without a slash")
    return name


def _visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"


def _visible_or_space(character: str) -> bool:
    # Joiners (category Cf) hold some emoji together.
    return character == " " or unicodedata.category(character) not in ("Cc", "Cn", "Co", "Cs", "Zl", "Zp")
