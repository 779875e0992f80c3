"""What there is to see at a second of a session. Pure."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sessions.timeline import Cue, Timeline

# Between breaths the circle swells very slowly by itself, as it does on the page.
RESTING_FULLNESS = 0.55
SWELL = 0.12
SWELL_SECONDS = 2.2

A_COUNT_BEGINS_EARLY_SECONDS = 0.01
"""Less than anybody sees; without it a rounded start would show one second too many for a moment."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What there is to see."""

    phase: str
    """What to do with the breath; empty between breaths."""
    count: int | None
    """Seconds left of the phase, as a person counts them: 4, 3, 2, 1."""
    line: str
    """What is said between breaths; empty while breathing."""
    fullness: float
    """How full the breath is, from 0 to 1."""
    breaths_done: int
    breaths: int
    """All breaths of the session; 0 in one that paces none."""
    passed: float
    """The part of the time that has passed, from 0 to 1."""
    left_seconds: float
    section_follows: bool
    """Whether there is a next section to go to."""


class Course:
    """A session as it goes by."""

    def __init__(self, timeline: Timeline) -> None:
        self._cues = timeline.cues
        self._duration_seconds = timeline.duration_seconds
        self._last_section = max((chapter.start for chapter in timeline.chapters), default=0.0)
        self._starts = [cue.start for cue in timeline.cues]
        self._begun = list(_breaths_begun(timeline.cues))
        self._lines = list(_lines(timeline.cues, timeline.title))

    def at(self, seconds: float) -> Moment:
        """What there is to see ``seconds`` into the session."""
        seconds = min(max(seconds, 0.0), self._duration_seconds)
        place = max(bisect_right(self._starts, seconds) - 1, 0)
        cue, begun = self._cues[place], self._begun[place]
        return Moment(
            phase=cue.text.rstrip(".") if cue.phase else "",
            count=_count(cue.end - seconds) if cue.phase else None,
            line=self._lines[place],
            fullness=_fullness(cue, seconds),
            breaths_done=begun - 1 if cue.phase else begun,
            breaths=self._begun[-1],
            passed=seconds / self._duration_seconds,
            left_seconds=self._duration_seconds - seconds,
            section_follows=seconds < self._last_section,
        )


def _count(left_seconds: float) -> int:
    return max(1, math.ceil(left_seconds - A_COUNT_BEGINS_EARLY_SECONDS))


def _fullness(cue: Cue, seconds: float) -> float:
    if cue.travel is None:
        return RESTING_FULLNESS + SWELL * math.sin(seconds / SWELL_SECONDS)
    part = min(1.0, (seconds - cue.start) / (cue.end - cue.start))
    eased = 0.5 - 0.5 * math.cos(math.pi * part)
    return cue.travel["from"] + (cue.travel["to"] - cue.travel["from"]) * eased


def _breaths_begun(cues: Sequence[Cue]) -> Iterator[int]:
    """At each cue, how many breaths have begun; a second breath in on top of the first begins none."""
    begun, before = 0, None
    for cue in cues:
        begun += cue.phase == "in" and before != "in"
        before = cue.phase
        yield begun


def _lines(cues: Iterable[Cue], title: str) -> Iterator[str]:
    """At each cue, the line to be read: the last one said, until a breath takes its place; first of all the title."""
    line = title
    for cue in cues:
        if cue.phase:
            line = ""
        elif cue.text:
            line = cue.text
        yield line
