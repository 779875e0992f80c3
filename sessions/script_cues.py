"""What may stand in braces: ``pause``, ``rest``, ``bell`` and so on, with what follows, and the marks of rounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from enum import Enum
from typing import get_args

from core.errors import BadValue
from sessions.breathing import PATTERNS, BreathPattern, pattern
from sessions.plain_words import plain
from sessions.script import Ask, Bell, BellKind, Breathe, Importance, Pause, Play, Rest, Step

LONGEST_PAUSE_SECONDS = 600.0
MOST_BREATHS = 1_000
HEAVIEST_REST = 1_000.0

_DURATION = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)\s*(s|sec|seconds?|m|min|minutes?)")
_NUMBER = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?")
_BREATHS = re.compile(r"([0-9]{1,4})\s*breaths?")
_QUOTES = "\"'“”„‘’«»"
_BARE_FILE = re.compile(r"[^/\\.:*?\"<>|\s][^/\\:*?\"<>|]*")


class RoundMark(Enum):
    """Where a round of a passage begins, or the passage ends."""

    ROUND = "round"
    GO_ON = "go on"
    AGAIN = "again"


class CueFault(Exception):
    """A cue that makes no sense as written."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


def read_mark(body: str) -> RoundMark | None:
    """The mark that stands between the braces, if it is one."""
    words = " ".join(body.lower().split())
    return next((mark for mark in RoundMark if mark.value == words), None)


def read_cue(body: str, mark: Importance, after_text: bool, line_number: int) -> Step:
    """The step that a cue stands for.

    A mark at the beginning of a line holds for its cues too. On a line without a mark, a pause that follows words and
    a recorded line go where the words go; every other cue takes place at every setting, so that fewer words leave
    more silence, not less session.

    Args:
        body: what stands between the braces.
        mark: the mark of the line it stands on.
        after_text: whether words come before it on that line.
        line_number: counted from 1.

    Raises:
        CueFault: an unknown cue, or an argument it cannot take.
    """
    name, _, argument = body.strip().partition(" ")
    name, argument = name.lower(), argument.strip()
    reader = _READERS.get(name)
    if reader is None:
        words = " ".join(body.lower().split())
        mark_before = next((each.value for each in RoundMark if words.startswith(f"{each.value} ")), None)
        if mark_before:
            raise CueFault(f"{{{_short(words)}}}: nothing may follow {mark_before}", f"write {{{mark_before}}}")
        known = (*_READERS, *(each.value for each in RoundMark))
        near = get_close_matches(name, known, 1, cutoff=0.5)
        hint = f"did you mean {{{near[0]}}}?" if near else f"the cues are {', '.join(known)}"
        raise CueFault(f"{{{_short(name)}}} is no cue", hint)
    follows_words = name == "play" or (name == "pause" and after_text)
    importance = mark if mark is not Importance.PLAIN or follows_words else Importance.ESSENTIAL
    try:
        return reader(argument, importance, line_number)
    except CueFault as fault:
        # A line may hold several cues, and a script many of one kind.
        raise CueFault(f"{{{_short(' '.join(body.split()))}}}: {fault.problem}", fault.hint) from None


def _pause(argument: str, importance: Importance, line_number: int) -> Pause:
    seconds = _seconds(argument)
    if seconds is None or not 0 < seconds <= LONGEST_PAUSE_SECONDS:
        raise CueFault("the pause has no usable length", "write it like {pause 4s}, up to ten minutes")
    return Pause(seconds=seconds, importance=importance, line_number=line_number)


def _rest(argument: str, importance: Importance, line_number: int) -> Rest:
    weight = float(argument) if _NUMBER.fullmatch(argument) else 0.0
    if argument and not 0 < weight <= HEAVIEST_REST:
        raise CueFault("the rest has no usable weight", "write a number without a unit, like {rest 2}")
    return Rest(weight=weight if argument else 1.0, importance=importance, line_number=line_number)


def _bell(argument: str, importance: Importance, line_number: int) -> Bell:
    wanted = argument.lower() or "bell"
    kinds: tuple[BellKind, ...] = get_args(BellKind)
    for kind in kinds:
        if wanted == kind:
            return Bell(kind=kind, importance=importance, line_number=line_number)
    raise CueFault("there is no bell of that kind", "use {bell}, {bell low} or {bell end}")


def _breathe(argument: str, importance: Importance, line_number: int) -> Breathe:
    name, _, amount = argument.partition(" ")
    if not name:
        raise CueFault("the breath has no pattern", "write it like {breathe coherent-breathing 6 breaths}")
    breath = _named_pattern(name.lower())
    return Breathe(
        pattern=breath, breaths=_breaths(amount.strip(), breath), importance=importance, line_number=line_number
    )


def _named_pattern(name: str) -> BreathPattern:
    try:
        return pattern(name)
    except BadValue:
        begun = [each for each in PATTERNS if each.startswith(name)]
        near = begun or get_close_matches(name, PATTERNS, 1, cutoff=0.5)
        known = f"did you mean {near[0]}?" if near else f"use one of {', '.join(PATTERNS)}."
        raise CueFault(
            f"{_short(name)} is no breath pattern",
            f"{known} Or give seconds of in, hold, out and rest, like 4-7-8-0",
        ) from None


def _breaths(amount: str, breath: BreathPattern) -> int | None:
    """A number of breaths, as many whole ones as fit into a time, or None for as many as there is room for."""
    if not amount:
        return None
    counted = _BREATHS.fullmatch(amount)
    if counted:
        breaths = int(counted[1])
    else:
        seconds = _seconds(amount) if not _NUMBER.fullmatch(amount) else None
        breaths = 0 if not seconds else max(1, int(seconds / breath.seconds + 1e-9))
    if not 1 <= breaths <= MOST_BREATHS:
        raise CueFault("the breath has no usable length", "say how long, like 6 breaths or 2m")
    return breaths


def _ask(argument: str, importance: Importance, line_number: int) -> Ask:
    return Ask(prompt=plain(argument), written=argument, importance=importance, line_number=line_number)


def _play(argument: str, importance: Importance, line_number: int) -> Play:
    if len(argument) > 2 and argument[0] in _QUOTES and argument[-1] in _QUOTES:
        raise CueFault("the recording stands in quotes", f"write {{play {_short(argument[1:-1])}}}, without quotes")
    if not _BARE_FILE.fullmatch(argument) or len(argument) > 200:
        raise CueFault("the recording can't be used", "name a file that lies beside the script, without folders")
    return Play(file=argument, importance=importance, line_number=line_number)


def _seconds(text: str) -> float | None:
    """Seconds of a length such as 4s, 1.5 min or 4; None if it is none."""
    if _NUMBER.fullmatch(text):
        return float(text)
    length = _DURATION.fullmatch(text.lower())
    if length is None:
        return None
    return float(length[1]) * (60 if length[2].startswith("m") else 1)


def _short(name: str) -> str:
    return name if len(name) <= 30 else name[:29] + "…"


_READERS: dict[str, Callable[[str, Importance, int], Step]] = {
    "pause": _pause,
    "rest": _rest,
    "bell": _bell,
    "breathe": _breathe,
    "ask": _ask,
    "play": _play,
}
