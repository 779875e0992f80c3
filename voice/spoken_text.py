"""Writes out what is short on paper, so that every voice says it alike: `4-7-8`, `10 min`, `Dr. Lee`, `e.g.`, `1/2`.

Voices read plain words and plain numbers well, each by rules of its own. Of what is written short they make different
things: "ten men", "one slash two", or a sentence that ends after "Dr.". Only such marks are touched here; a line of
plain words stays as it is, so that what was spoken and measured of it stays right. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

TITLES: Final = {"Dr": "Doctor", "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Prof": "Professor", "St": "Saint"}
"""Before a name."""

SHORT: Final = {
    "e.g.": "for example",
    "i.e.": "that is",
    "vs.": "versus",
    "approx.": "about",
    "incl.": "including",
}
"""Never at the end of a sentence, so their point is no full stop."""

UNITS: Final = {
    "second": ("s", "sec", "secs"),
    "minute": ("min", "mins"),
    "hour": ("h", "hr", "hrs"),
    "milligram": ("mg",),
    "millilitre": ("ml",),
    "kilogram": ("kg",),
}
"""After a number."""

FRACTIONS: Final = {
    "1/2": "one half",
    "1/3": "one third",
    "2/3": "two thirds",
    "1/4": "one quarter",
    "3/4": "three quarters",
    "½": "one half",
    "¼": "one quarter",
    "¾": "three quarters",
}

_SMALL: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

_UNIT_OF: Final = {short: unit for unit, shorts in UNITS.items() for short in shorts}

# The point of an abbreviation; as a group where it ends the sentence too: nothing follows it, or what begins another.
_POINT: Final = r"(?:(\.)(?=\s*$|[\"”’)]|\s+[\"“‘(]?[A-Z])|\.)?"
_HALF_OF_THE_DAY: Final = rf"\s?([aApP])\.?[mM]\b{_POINT}"


def written_out(text: str) -> str:
    """The text as it is to be said."""
    for pattern, written in _RULES:
        text = pattern.sub(written, text)
    return text


def number_words(number: int) -> str:
    """A number below a hundred in words."""
    if number < len(_SMALL):
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")


def _pattern(match: re.Match[str]) -> str:
    """Seconds of a breath: in, hold, out, rest."""
    return " ".join(number_words(int(number)) for number in match[0].split("-"))


def _range(match: re.Match[str]) -> str:
    """Only from less to more; two equal numbers may be a pattern of breath."""
    return f"{match[1]} to {match[2]}" if float(match[1]) < float(match[2]) else match[0]


def _fraction(match: re.Match[str]) -> str:
    return f"{match[1]} and {FRACTIONS[match[2]]}" if match[1] else FRACTIONS[match[2]]


def _time(match: re.Match[str]) -> str:
    hour, minute = number_words(int(match[1])), int(match[2])
    half = f" {match[3].upper()}M{match[4] or ''}" if match[3] else ""
    if not minute:
        return hour + (half or " o'clock")
    return f"{hour} {'oh ' if minute < 10 else ''}{number_words(minute)}{half}"


def _unit(match: re.Match[str]) -> str:
    number, gap, short, point = match.groups()
    if short == "s" and not gap and re.fullmatch(r"\d+0", number):
        return match[0]  # the nineties
    return f"{number} {_UNIT_OF[short]}{'' if number == '1' else 's'}{point or ''}"


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_RULES: Final[tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"\.{3,}|\.(?: \.){2,}"), "…"),
    (re.compile(r"…(?=\w)"), "… "),
    (re.compile(rf"\b({_any(TITLES)})(?:\. (?=\w)| (?=[A-Z]))"), lambda match: f"{TITLES[match[1]]} "),
    (re.compile(r"\b[Nn]o\. ?(?=\d)"), "number "),
    (re.compile(rf"(?<![\w.])({_any(SHORT)})(?=[\s,:;])", re.IGNORECASE), lambda match: SHORT[match[1].lower()]),
    (re.compile(rf"\betc\b{_POINT}"), lambda match: f"et cetera{match[1] or ''}"),
    (re.compile(r"(?<![\w.-])\d{1,2}(?:-\d{1,2}){2,3}(?![\w-])"), _pattern),
    (re.compile(r"(?<![\w.–-])(\d{1,3}(?:\.\d+)?)\s?[-–]\s?(\d{1,3}(?:\.\d+)?)(?![\d–-]|\.\d)"), _range),
    (re.compile(r"\b24/7\b"), "twenty-four seven"),
    (re.compile(rf"(?:(?<![\w.])(\d+)(?:\s|(?=[½¼¾]))|(?<![\w/.]))({_any(FRACTIONS)})(?![\w/])"), _fraction),
    (re.compile(rf"(?<![\w:.])([01]?\d|2[0-3]):([0-5]\d)(?![:\d])(?:{_HALF_OF_THE_DAY})?"), _time),
    # With a point it is a time only if the half of the day says so: 3.30 may be a price or an amount.
    (re.compile(rf"(?<![\w:.])([01]?\d|2[0-3])\.([0-5]\d){_HALF_OF_THE_DAY}"), _time),
    (
        re.compile(rf"(?<![\w:.])(1[0-2]|[1-9]){_HALF_OF_THE_DAY}"),
        lambda match: f"{match[1]} {match[2].upper()}M{match[3] or ''}",
    ),
    (re.compile(rf"(?<![\w.])(\d+(?:\.\d+)?)(\s?)({_any(_UNIT_OF)})\b{_POINT}(?!/)"), _unit),
    (re.compile(r"(?<=\d)\s?%"), " percent"),
    (re.compile(r"\s&\s"), " and "),
)
