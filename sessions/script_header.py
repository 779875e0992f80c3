"""The header of a session script: a small piece of YAML between two lines of ``---``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

import yaml

from audio.beds import BED_NAMES
from sessions.script import LONGEST_MINUTES, Fault, Kind, Minutes

LONGEST_HEADER_CHARACTERS = 4_000
DEEPEST_NESTING = 5
LONGEST_TITLE_CHARACTERS = 100
REQUIRED = ("title", "kind", "minutes")
STAND_IN_MINUTES = Minutes(default=10, min=1, max=LONGEST_MINUTES)


@dataclass(slots=True)
class Header:
    """The fields, with stand-ins where the script has none or a faulty one, so that it can still be listed.

    ``minutes_line`` is where the minutes stand in the script.
    """

    title: str = ""
    kind: Kind = "meditation"
    minutes: Minutes = STAND_IN_MINUTES
    minutes_line: int = 1
    basis: str = ""
    bed: str = "none"
    warnings: tuple[str, ...] = ()


class _Wrong(Exception):
    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


class _Loader(yaml.SafeLoader):
    """Safe YAML without aliases, a few of which unfold to gigabytes, and without deep nesting."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent) or self._depth > DEEPEST_NESTING:
            raise yaml.YAMLError("more than a header needs")
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


def read_header(text: str, first_line: int, faults: list[Fault]) -> Header:
    """Reads the header and appends what is wrong with it to ``faults``.

    Args:
        text: what stands between the two lines of ``---``.
        first_line: line number of the first line of ``text`` in the script.
        faults: receives every fault found.
    """
    header = Header()
    if len(text) > LONGEST_HEADER_CHARACTERS:
        faults.append(Fault(first_line, "the header is too long", "keep it to title, kind, minutes, basis and so on"))
        return header
    seen: set[str] = set()
    try:
        for name, value, line in _fields(text):
            line_number = first_line + line
            if name in seen:
                faults.append(Fault(line_number, f"{name} stands there twice", "keep one of them"))
            seen.add(name)
            if name == "minutes":
                header.minutes_line = line_number
            try:
                setattr(header, name, _reader(name)(value))
            except _Wrong as wrong:
                faults.append(Fault(line_number, wrong.problem, wrong.hint))
    except (yaml.YAMLError, ValueError) as fault:
        mark = getattr(fault, "problem_mark", None)
        line_number = first_line + (mark.line if mark else 0)
        faults.append(Fault(line_number, "the header isn't YAML", "write one `name: value` a line; quote odd values"))
        return header
    faults.extend(
        Fault(1, f"the header has no {name}", f"add a line such as {_EXAMPLES[name]}")
        for name in REQUIRED
        if name not in seen
    )
    return header


def _fields(text: str) -> Iterator[tuple[str, Any, int]]:
    """Name, value and line (from 0) of each field."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            raise yaml.YAMLError("not a mapping")
        for key, value in node.value:
            yield str(loader.construct_document(key)), loader.construct_document(value), key.start_mark.line
    finally:
        loader.dispose()


def _reader(name: str) -> Callable[[Any], Any]:
    reader = _READERS.get(name)
    if reader is None:
        near = get_close_matches(name, _READERS, 1)
        hint = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(_READERS)}"
        raise _Wrong(f"{_short(name)} is no header field", hint)
    return reader


def _title(value: Any) -> str:
    title = value.strip() if isinstance(value, str) else ""
    if not 0 < len(title) <= LONGEST_TITLE_CHARACTERS or "\n" in title:
        raise _Wrong("the title can't be used", "write a short title; quote it if it holds a colon")
    return title


def _kind(value: Any) -> Kind:
    kinds: tuple[Kind, ...] = get_args(Kind)
    for kind in kinds:
        if value == kind:
            return kind
    raise _Wrong("the kind can't be used", f"use one of {', '.join(kinds)}")


def _minutes(value: Any) -> Minutes:
    allowed = {"default", "min", "max", "open"}
    if not isinstance(value, dict) or "default" not in value or not set(value) <= allowed:
        raise _Wrong("the minutes can't be used", f"write {_EXAMPLES['minutes']}")
    values = dict(value)
    is_open = values.pop("open", False)
    if not all(_is_length(length) for length in values.values()) or not isinstance(is_open, bool):
        raise _Wrong("the minutes can't be used", f"use numbers above 0 and up to {LONGEST_MINUTES:g}")
    default = values["default"]
    minutes = Minutes(
        default=default,
        min=values.get("min", min(1.0, default)),
        max=values.get("max", LONGEST_MINUTES),
        open=is_open,
    )
    if not minutes.min <= minutes.default <= minutes.max:
        raise _Wrong("the minutes are out of order", "min comes first, then default, then max")
    return minutes


def _is_length(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and 0 < value <= LONGEST_MINUTES


def _basis(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong("the basis can't be used", "say in a few words what the session rests on, in quotes")
    return value.strip()


def _bed(value: Any) -> str:
    if not isinstance(value, str) or value not in BED_NAMES:
        raise _Wrong("there is no bed of that name", f"use one of {', '.join(BED_NAMES)}")
    return value


def _warnings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Wrong("the warnings can't be used", f"write a list such as {_EXAMPLES['warnings']}")
    return tuple(item.strip() for item in value)


def _short(name: str) -> str:
    return name if len(name) <= 30 else name[:29] + "…"


_READERS: dict[str, Callable[[Any], Any]] = {
    "title": _title,
    "kind": _kind,
    "minutes": _minutes,
    "basis": _basis,
    "bed": _bed,
    "warnings": _warnings,
}
_EXAMPLES = {
    "title": "title: Between clients",
    "kind": "kind: meditation",
    "minutes": "minutes: {default: 10, min: 3, max: 60}",
    "warnings": 'warnings: ["Not while driving."]',
}
