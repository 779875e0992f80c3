"""What may stand in an entry, a tag or a query."""

from __future__ import annotations

import unicodedata

from core.errors import BadValue, EmptyText, TooMuchText
from journal.entry import LONGEST_TEXT_CHARACTERS

LONGEST_TAG_CHARACTERS = 64

_JOINERS = "\u200c\u200d"
_VARIATIONS = "\ufe0e\ufe0f"
# Letters, marks and symbols by their category, and yet nothing to see.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE0E))))


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


def new_tag_name(name: str) -> str:
    """The name of a tag that is not in use yet: as ``tag_name``, and one that can be read and asked for.

    Two names that look alike are not two tags, so nothing invisible is in a name, and nothing that turns it around.

    Raises:
        BadValue: it cannot be a name, or not a new one.
    """
    name = tag_name(name)
    if name in (".", ".."):  # an address that ends with these leads elsewhere
        raise BadValue("the tag", "a name of more than dots")
    around = zip(f" {name}", name, f"{name[1:]} ", strict=False)
    if '"' in name or any(_is_hidden(*three) for three in around):
        raise BadValue("the tag", "a name of characters that can be seen, without quotation marks")
    return name


def _is_hidden(before: str, character: str, after: str) -> bool:
    """Nobody sees that it is there, or what it does."""
    if character in _JOINERS:  # hold some emoji together, and letters of some scripts apart
        return any(beside.isascii() or "LATIN" in unicodedata.name(beside, "") for beside in (before, after))
    if character in _VARIATIONS:  # make a picture of a sign
        return before.isalpha() or before.isspace()
    return character in _INVISIBLE or unicodedata.category(character) == "Cf"


def _visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"


def _visible_or_space(character: str) -> bool:
    # Joiners (category Cf) hold some emoji together.
    return character == " " or unicodedata.category(character) not in ("Cc", "Cn", "Co", "Cs", "Zl", "Zp")
