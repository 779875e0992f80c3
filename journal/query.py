"""What a person types to find something. Any text is a valid query.

Words are found in any form ("listening" finds "listened"); the last one may be unfinished. Words in quotes must stand
side by side. These narrow a search, and each may have a minus before it to leave such entries out:

    tag:sad  tag:"moral distress"    entries with this tag
    from:2026-10  to:2026-11-05      shift days, by year, month or day, both ends included
    on:2026-10                       the same for both ends at once
    kind:spoken  kind:typed          how they came
    guide:evening-reflection         what they followed

A quote that is not closed goes on to the end. -from:2026 is all before it, -to:2026 all after it. What looks like one
of these and is none, such as ``from:home``, are words. Of dates the last one counts.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from core.errors import BadValue
from journal.written_text import cleaned, tag_name

LONGEST_QUERY_CHARACTERS: Final = 1_000
MOST_TERMS: Final = 40
SHORTEST_PREFIX_CHARACTERS: Final = 2
KINDS: Final = ("spoken", "typed")

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_PIECE = re.compile(
    r"(?P<minus>-?)"
    r'(?:(?P<field>tag|from|to|on|kind|guide):(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<plain>[^\s"]+))'
    r'|"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))',
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
# Pictures are words of their own: the index takes symbols for letters and would glue them to the word before.
_PICTURE = (
    "[\u00a6\u00a9\u00ae\u00b0\u2100-\u214f\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001ffff]"
)
_JOINTS = re.compile(f"(?<=[^\\s\u200d])(?={_PICTURE})|(?<={_PICTURE})(?=[^\\s\u200d\ufe0f])")

# Words that nearly every entry has; of a question they are not what it is about.
_FUNCTION_WORDS = """
    a about all am an and any are as at be been but by can could did do does for from had has have he her him his how
    i if in into is it its me my no not of on or our say said she so some that the their them there they this to up
    was we were what when where which who why will with would you your
"""
is_function_word = frozenset(re.findall(r"\w+", _FUNCTION_WORDS)).__contains__


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or a phrase of words side by side; as a prefix, its last word may go on.

    ``endings``: what it goes on with may be the rest of an ending that has begun, as in "ignori".
    """

    text: str
    prefix: bool = False
    phrase: bool = False
    endings: bool = True


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What entries must have; of each that is empty, anything goes. Days are shift days, both ends included."""

    tags: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    kinds: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    without_terms: tuple[Term, ...] = ()
    without_tags: tuple[str, ...] = ()
    without_kinds: tuple[str, ...] = ()
    without_guides: tuple[str, ...] = ()
    without_days: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart; ``blank`` if nothing at all was typed."""

    terms: tuple[Term, ...] = ()
    narrowing: Narrowing = field(default_factory=Narrowing)
    blank: bool = False

    @property
    def finds_nothing(self) -> bool:
        """There is nothing in it to look for, such as three exclamation marks."""
        return not self.terms and self.narrowing == Narrowing()

    @property
    def telling_terms(self) -> tuple[Term, ...]:
        """The terms without function words, unless it has no others."""
        telling = tuple(term for term in self.terms if term.phrase or not is_function_word(term.text.lower()))
        return telling or self.terms

    @property
    def meaning(self) -> str | None:
        """What it is about, to be found in other words too; None if it asks for exact words or tells nothing."""
        if any(term.phrase for term in self.terms):
            return None
        words = " ".join(term.text for term in self.terms)
        telling = any(re.search(r"[^\W\d_]{2}", term.text) for term in self.telling_terms)
        return words if telling else None


class _Pieces:
    """What the pieces of a query gather up to."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self.lists: dict[str, list[str]] = {name: [] for name in ("tag", "kind", "guide")}
        self.without: dict[str, list[str]] = {name: [] for name in ("tag", "kind", "guide")}
        self.without_terms: list[Term] = []
        self.days: dict[str, date] = {}
        self.without_days: list[tuple[date, date]] = []

    def narrow(self, name: str, value: str, *, minus: bool) -> bool:
        """Takes a piece such as ``tag:sad``; False if it is none after all."""
        if name in ("from", "to", "on"):
            return self._narrow_days(name, value, minus=minus)
        if name == "tag":
            value = _tag(value)
        elif name == "kind" and value.lower() not in KINDS:
            return False
        if value:
            (self.without if minus else self.lists)[name].append(value if name == "tag" else value.lower())
        return True

    def _narrow_days(self, name: str, value: str, *, minus: bool) -> bool:
        days = _days(value)
        if days is None:
            return False
        if minus:
            first = date.min if name == "to" else days[0]
            self.without_days.append((first, date.max if name == "from" else days[1]))
            return True
        if name != "to":
            self.days["since"] = days[0]
        if name != "from":
            self.days["until"] = days[1]
        return True

    def query(self, *, blank: bool) -> Query:
        def unique(found: list[str]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(found))

        narrowing = Narrowing(
            unique(self.lists["tag"]),
            self.days.get("since"),
            self.days.get("until"),
            unique(self.lists["kind"]),
            unique(self.lists["guide"]),
            tuple(self.without_terms[:MOST_TERMS]),
            unique(self.without["tag"]),
            unique(self.without["kind"]),
            unique(self.without["guide"]),
            tuple(dict.fromkeys(self.without_days)),
        )
        return Query(tuple(self.terms[:MOST_TERMS]), narrowing, blank)


def parse(text: str) -> Query:
    """Takes a query apart; of one that is too long, the beginning counts."""
    text = cleaned(text[:LONGEST_QUERY_CHARACTERS]).translate(_QUOTES)
    pieces = _Pieces()
    for piece in _PIECE.finditer(text):
        minus, word, phrase = bool(piece["minus"]), piece["word"], piece["phrase"]
        if piece["field"]:
            value = piece["quoted"] if piece["plain"] is None else piece["plain"]
            if pieces.narrow(piece["field"].lower(), value, minus=minus):
                continue
            word = f"{piece['field']}:{value}".replace('"', "")
        if any(map(_is_indexed, phrase or word or "")):
            unfinished = phrase is None and piece.end() == len(text) and len(word) >= SHORTEST_PREFIX_CHARACTERS
            term = Term(set_apart(phrase or word), unfinished and not minus, phrase is not None)
            (pieces.without_terms if minus else pieces.terms).append(term)
    return pieces.query(blank=not text.strip())


def words_of(text: str) -> list[str]:
    """What of a term are words: "ward's lead," is three."""
    return re.findall(r"[^\W\d_]+", text)


def set_apart(text: str) -> str:
    """The text with pictures (emoji) parted from the words around them, as index and query both need it."""
    return _JOINTS.sub(" ", text)


def _is_indexed(character: str) -> bool:
    """Of a term without such a character the index knows nothing, so it must not ask for it."""
    return character.isalnum() or unicodedata.category(character) == "So"


def _tag(name: str) -> str:
    try:
        return tag_name(name)
    except BadValue:
        return ""


def _days(text: str) -> tuple[date, date] | None:
    """The first and the last day of a year, a month or a day; None if it is none of them."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (None if part is None else int(part) for part in found.groups())
    try:
        if month is None:
            return date(year or 0, 1, 1), date(year or 0, 12, 31)
        if day is None:
            return date(year or 0, month, 1), date(year or 0, month, monthrange(year or 0, month)[1])
        return (date(year or 0, month, day),) * 2
    except ValueError:
        return None
