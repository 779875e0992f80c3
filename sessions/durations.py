"""How long the lines of the shipped library take with the voices that have a name.

With these a shipped session is planned before a word of it is spoken, and begins to sound at once. The table is made
by ``python -m benchmarks.line_durations``; a test speaks the library and compares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from sessions.breathing import PATTERNS
from sessions.guide import BREATHE_INVITATION
from sessions.script import Ask, Line
from sessions.script_files import shipped_scripts

TABLE_FILE = "durations.json"


def planned_seconds(voice_name: str) -> Mapping[str, float]:
    """Seconds by line, multiples of 0.1; empty for a voice that is not in the table."""
    return _table().get(voice_name, MappingProxyType({}))


@cache
def _table() -> Mapping[str, Mapping[str, float]]:
    text = resources.files("sessions.library").joinpath(TABLE_FILE).read_text(encoding="utf-8")
    return MappingProxyType({voice: MappingProxyType(lines) for voice, lines in json.loads(text).items()})


def shipped_lines() -> tuple[str, ...]:
    """All that a voice may be asked to say in a shipped session, at any guidance, each once."""
    return tuple(dict.fromkeys(_lines()))


def _lines() -> Iterator[str]:
    for script in shipped_scripts().values():
        for step in script.steps():
            if isinstance(step, Line):
                yield step.text
            elif isinstance(step, Ask) and step.prompt:
                yield step.prompt
    yield BREATHE_INVITATION
    yield "Hold."
    yield "Rest."
    for pattern in PATTERNS.values():
        yield from (phase.caption for phase in pattern.phases)
