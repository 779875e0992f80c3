"""Paced breathing: which phases a breath has and how long each one takes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Literal

from core.errors import BadValue

Phase = Literal["in", "hold", "out", "rest"]

LONGEST_PHASE_SECONDS = 60.0
SHORTEST_BREATH_SECONDS = 2.0
"""Thirty breaths a minute; quicker than that is hyperventilation and nothing to be paced."""

_NUMBERS = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2})?(?:-[0-9]{1,2}(?:\.[0-9]{1,2})?){3}")


@dataclass(frozen=True, slots=True)
class BreathPhase:
    """One part of a breath. ``caption`` is what the page shows and what the voice says at the beginning."""

    phase: Phase
    seconds: float
    caption: str


@dataclass(frozen=True, slots=True)
class BreathPattern:
    """The phases of one breath, in order, each longer than nothing."""

    name: str
    phases: tuple[BreathPhase, ...]

    @property
    def seconds(self) -> float:
        """Length of one breath."""
        return sum(phase.seconds for phase in self.phases)

    @property
    def breaths_per_minute(self) -> float:
        return 60 / self.seconds

    @property
    def fullness(self) -> tuple[tuple[float, float], ...]:
        """How full the breath is at the start and end of each phase, from 0 to 1; a second breath in fills the rest."""
        inhaled_seconds = sum(phase.seconds for phase in self.phases if phase.phase == "in")
        levels = [0.0]
        for phase in self.phases:
            change = phase.seconds / inhaled_seconds if phase.phase == "in" else 0.0
            levels.append(0.0 if phase.phase in ("out", "rest") else min(1.0, levels[-1] + change))
        return tuple(pairwise(levels))


def pattern(name: str) -> BreathPattern:
    """The pattern of that name, or one written as seconds of in, hold, out and rest, such as ``4-7-8-0``.

    Raises:
        BadValue: neither a known name nor four numbers that make a breath.
    """
    known = PATTERNS.get(name)
    if known is not None:
        return known
    if _NUMBERS.fullmatch(name):
        breath_in, hold, breath_out, rest = (float(number) for number in name.split("-"))
        if _breathable(breath_in, hold, breath_out, rest):
            return _pattern(name, breath_in, hold, breath_out, rest)
    raise BadValue(
        "pattern",
        f"one of {', '.join(PATTERNS)}, or the seconds of in, hold, out and rest, such as 4-7-8-0",
    )


def _breathable(breath_in: float, hold: float, breath_out: float, rest: float) -> bool:
    phases = (breath_in, hold, breath_out, rest)
    return (breath_in > 0 and breath_out > 0 and max(phases) <= LONGEST_PHASE_SECONDS) and sum(
        phases
    ) >= SHORTEST_BREATH_SECONDS


def _pattern(name: str, breath_in: float, hold: float, breath_out: float, rest: float) -> BreathPattern:
    phases = (
        BreathPhase("in", breath_in, "Breathe in."),
        BreathPhase("hold", hold, "Hold."),
        BreathPhase("out", breath_out, "Breathe out."),
        BreathPhase("rest", rest, "Rest."),
    )
    return BreathPattern(name, tuple(phase for phase in phases if phase.seconds > 0))


# Rates: coherent breathing at six a minute as pooled by Shao (2024). Cyclic sighing as described by Balban (2023):
# a breath in through the nose, a second short one on top, a long breath out; the seconds are ours.
PATTERNS: Mapping[str, BreathPattern] = MappingProxyType(
    {
        made.name: made
        for made in (
            _pattern("coherent-breathing", 5, 0, 5, 0),
            BreathPattern(
                "cyclic-sighing",
                (
                    BreathPhase("in", 2.5, "Breathe in."),
                    BreathPhase("in", 1.5, "A little more."),
                    BreathPhase("out", 6, "Breathe out."),
                ),
            ),
            _pattern("extended-exhale", 4, 0, 6, 0),
            _pattern("box-breathing", 4, 4, 4, 4),
            _pattern("four-seven-eight", 4, 7, 8, 0),
        )
    }
)
