"""A session script in memory: sections of steps, each of them a line to speak or a cue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.settings import Guidance
from sessions.breathing import BreathPattern

Kind = Literal["meditation", "breathing", "reflection"]
BellKind = Literal["bell", "low", "end"]

LONGEST_MINUTES = 60.0


class Importance(StrEnum):
    """At which guidance a step takes place."""

    OPTIONAL = "optional"
    PLAIN = "plain"
    ESSENTIAL = "essential"

    def included(self, guidance: Guidance) -> bool:
        return self in _INCLUDED[guidance]


_INCLUDED: dict[Guidance, tuple[Importance, ...]] = {
    "less": (Importance.ESSENTIAL,),
    "normal": (Importance.ESSENTIAL, Importance.PLAIN),
    "more": (Importance.ESSENTIAL, Importance.PLAIN, Importance.OPTIONAL),
}


class Minutes(BaseModel):
    """The lengths a session can have."""

    model_config = ConfigDict(frozen=True)

    default: float = Field(description="Length if none is asked for.")
    min: float = Field(description="Shortest length.")
    max: float = Field(description="Longest length.")
    open: bool = Field(
        default=False, description="True if no end is meant: a reflection that takes as long as it takes."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What takes place next. ``line_number`` counts from 1 in the script's text; 0 for a step made by the program."""

    importance: Importance = Importance.ESSENTIAL
    line_number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Step):
    """Words to speak. ``written`` is how the author wrote them, with the marks that nobody says."""

    text: str
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Step):
    """Silence of a fixed length."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest(Step):
    """Silence that stretches: all rests share, by weight, what the asked length leaves over."""

    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell(Step):
    """A bell."""

    kind: BellKind = "bell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breathe(Step):
    """Paced breaths. ``breaths`` None means as many whole breaths as the asked length leaves room for."""

    pattern: BreathPattern
    breaths: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Step):
    """A prompt, then listening until the person goes on. An empty prompt only listens."""

    prompt: str = ""
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play(Step):
    """A recorded line: the name of a file that lies beside the script."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds(Step):
    """A passage for long sessions: as many of its rounds take place, in order, as the asked length has room for.

    With ``again`` they may all come more than once.
    """

    rounds: tuple[tuple[Step, ...], ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter. ``title`` is empty for what comes before the first heading."""

    title: str
    steps: tuple[Step, ...]

    def all_steps(self) -> Iterator[Step]:
        """In order, whatever the guidance and the length; those of rounds once."""
        for step in self.steps:
            if isinstance(step, Rounds):
                yield from chain.from_iterable(step.rounds)
            else:
                yield step


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a script, where, and how to mend it."""

    line: int
    problem: str
    hint: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem} ({self.hint})"


@dataclass(frozen=True, slots=True)
class Script:
    """A session as its author wrote it."""

    slug: str
    title: str
    kind: Kind
    minutes: Minutes
    basis: str
    bed: str
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    minutes_line: int = field(default=1, compare=False)
    """Where the minutes stand in the script's text, counted from 1."""

    def steps(self) -> Iterator[Step]:
        """All steps in order, whatever the guidance and the length; those of rounds once."""
        for section in self.sections:
            yield from section.all_steps()

    @property
    def prompts(self) -> tuple[str, ...]:
        """The questions of a reflection."""
        return tuple(step.prompt for step in self.steps() if isinstance(step, Ask) and step.prompt)
