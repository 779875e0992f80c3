"""What a person types to find something. Any text is a valid query.

Words must all occur, in any form ("listening" finds "listened"); the last one may be unfinished. Words in quotes must
stand side by side. ``tag:sad`` or ``tag:"moral distress"`` asks for a tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import BadValue
from journal.written_text import cleaned, tag_name

LONGEST_QUERY_CHARACTERS = 1_000
MOST_TERMS = 40
SHORTEST_PREFIX_CHARACTERS = 2

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_PIECE = re.compile(r'tag:"([^"]*)"|tag:([^\s"]+)|"([^"]*)"|([^\s"]+)', re.IGNORECASE)
# Pictures are words of their own: FTS5 takes newer ones for letters and would glue them to the word before.
_PICTURE = "[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001ffff]"
_JOINTS = re.compile(f"(?<=[^\\s\u200d])(?={_PICTURE})|(?<={_PICTURE})(?=[^\\s\u200d\ufe0f])")
_SEARCHABLE = re.compile(f"[^\\W_]|{_PICTURE}")

# Words that nearly every entry has; of a question they are not what it is about.
_FUNCTION_WORDS = """
    a about all am an and any are as at be been but by can could did do does for from had has have he her him his how
    i if in into is it its me my no not of on or our say said she so some that the their them there they this to up
    was we were what when where which who why will with would you your
"""
_IS_FUNCTION_WORD = frozenset(re.findall(r"\w+", _FUNCTION_WORDS)).__contains__


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a phrase of words side by side; as a prefix, its last word may go on."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart; ``blank`` if nothing at all was typed."""

    terms: tuple[Term, ...] = ()
    tags: tuple[str, ...] = ()
    blank: bool = False

    @property
    def finds_nothing(self) -> bool:
        """There is nothing in it to look for, such as three exclamation marks."""
        return not self.terms and not self.tags

    @property
    def telling_terms(self) -> tuple[Term, ...]:
        """The terms without function words, unless it has no others."""
        return tuple(term for term in self.terms if not _IS_FUNCTION_WORD(term.text.lower())) or self.terms


def parse(text: str) -> Query:
    """Takes a query apart; of one that is too long, the beginning counts."""
    text = cleaned(text[:LONGEST_QUERY_CHARACTERS]).translate(_QUOTES)
    terms: list[Term] = []
    tags: list[str] = []
    for piece in _PIECE.finditer(text):
        quoted_tag, plain_tag, phrase, word = piece.groups()
        if quoted_tag is not None or plain_tag is not None:
            tags += _tag(quoted_tag or plain_tag or "")
        elif _SEARCHABLE.search(phrase or word or ""):
            unfinished = word is not None and piece.end() == len(text) and len(word) >= SHORTEST_PREFIX_CHARACTERS
            terms.append(Term(set_apart(phrase or word), unfinished))
    return Query(tuple(terms[:MOST_TERMS]), tuple(dict.fromkeys(tags)), blank=not text.strip())


def set_apart(text: str) -> str:
    """The text with pictures (emoji) parted from the words around them, as index and query both need it."""
    return _JOINTS.sub(" ", text)


def _tag(name: str) -> list[str]:
    try:
        return [tag_name(name)]
    except BadValue:
        return []
