"""How a script fills a long session: rounds of its passages join, one by one, until no silence is too long. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, cycle, islice
from types import MappingProxyType
from typing import Final

from core.settings import Guidance
from sessions.script import Bell, Breathe, Line, Play, Rounds, Script, Section, Step

LONGEST_SILENCE_SECONDS: Final[Mapping[Guidance, float]] = MappingProxyType(
    {"less": 180.0, "normal": 75.0, "more": 55.0}
)
"""A silence that would be longer calls for another round, if the script has any."""

MOST_ROUNDS: Final = 400
"""More than one round in each ten seconds of an hour."""


def unfoldings(script: Script, guidance: Guidance) -> Iterator[Script]:
    """The script without its rounds, then with one more each time, dealt out to its passages in turn.

    A round in which nothing sounds at this guidance is left out.
    """
    passages = [
        _sounding(step, guidance) for section in script.sections for step in section.steps if isinstance(step, Rounds)
    ]
    room = [len(each.rounds) if not each.again else MOST_ROUNDS * bool(each.rounds) for each in passages]
    for shares in _dealt(room):
        heard = [tuple(islice(cycle(each.rounds), share)) for each, share in zip(passages, shares, strict=True)]
        yield _with_rounds(script, heard)


def _with_rounds(script: Script, heard: Sequence[tuple[tuple[Step, ...], ...]]) -> Script:
    """The script with these rounds in place of its passages."""
    passages = iter(heard)
    sections = []
    for section in script.sections:
        steps: list[Step] = []
        for step in section.steps:
            steps += chain.from_iterable(next(passages)) if isinstance(step, Rounds) else (step,)
        sections.append(Section(section.title, tuple(steps)))
    return replace(script, sections=tuple(sections))


def _sounding(passage: Rounds, guidance: Guidance) -> Rounds:
    heard = tuple(
        each
        for each in passage.rounds
        if any(isinstance(step, Line | Play | Bell | Breathe) and step.importance.included(guidance) for step in each)
    )
    return replace(passage, rounds=heard)


def _dealt(room: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """How many rounds each passage has, of as many as ``room`` says: first none, then one more each time."""
    shares = [0] * len(room)
    yield tuple(shares)
    for _ in range(MOST_ROUNDS):
        for at, most in enumerate(room):
            if shares[at] < most:
                shares[at] += 1
                yield tuple(shares)
