"""Turn-taking in a reflection: what is asked when, and which part of the recording answers it. No clock, no sound."""

from __future__ import annotations

from dataclasses import dataclass

from journal.entry import Answer
from sessions.script import Ask, Line, Script

KEPT = "Thank you. It is kept."
"""Said once all of it is on file, before the closing words of the script: it isn't true of one that is only played."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What is said to the person before it is their turn: lines, then the prompt, which may be empty."""

    lines: tuple[str, ...]
    prompt: str

    @property
    def spoken(self) -> tuple[str, ...]:
        """All that is said aloud, in order."""
        return (*self.lines, self.prompt) if self.prompt else self.lines


@dataclass(frozen=True, slots=True)
class Plan:
    """The turns of a reflection, at least one, and what is said at its end."""

    turns: tuple[Turn, ...]
    closing: tuple[str, ...]
    timebox_seconds: float | None

    @classmethod
    def of(cls, script: Script) -> Plan:
        """The plan of a script. One that asks nothing says its lines, then listens, and ends without a word."""
        turns: list[Turn] = []
        lines: list[str] = []
        for step in script.steps():
            if isinstance(step, Line) and step.importance.included("normal"):
                lines.append(step.text)
            elif isinstance(step, Ask):
                turns.append(Turn(tuple(lines), step.prompt))
                lines = []
        timebox = None if script.minutes.open else script.minutes.default * 60
        if not turns:
            return cls((Turn(tuple(lines), ""),), (), timebox)
        return cls(tuple(turns), (KEPT, *lines), timebox)


LISTEN_ONLY = Plan((Turn((), ""),), (), None)
"""Without a guide nothing is said."""


class Conversation:
    """Where a reflection stands. Times are seconds of the recording, in which only the person is heard."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.index = 0
        self._asked_at = 0.0
        self._closed: list[Answer] = []

    @property
    def turn(self) -> Turn:
        """Whose answer is being listened to."""
        return self.plan.turns[self.index]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What was answered by now; the last one, which goes on, ends where it starts."""
        return (*self._closed, *self._answer(self._asked_at))

    def next(self, at_seconds: float) -> bool:
        """The person goes on. False when there is no other turn: then it is time to ``end``."""
        return self._go(self.index + 1, at_seconds)

    def skip(self, at_seconds: float) -> bool:
        """The person leaves a question out: what was said since it was asked is no answer to it. Else as ``next``."""
        self._asked_at = at_seconds
        return self._go(self.index + 1, at_seconds)

    def back(self, at_seconds: float) -> bool:
        """The question before is asked again; at the first one, that one. What was said to it stays. Always True."""
        return self._go(max(0, self.index - 1), at_seconds)

    def end(self, at_seconds: float) -> tuple[Answer, ...]:
        """The person is done, whatever was still to be asked; gives all answers."""
        self._close(at_seconds)
        return tuple(self._closed)

    def _go(self, index: int, at_seconds: float) -> bool:
        if index == len(self.plan.turns):
            return False
        self._close(at_seconds)
        self.index = index
        return True

    def _close(self, at_seconds: float) -> None:
        if at_seconds > self._asked_at:
            self._closed.extend(self._answer(at_seconds))
        self._asked_at = at_seconds

    def _answer(self, at_seconds: float) -> tuple[Answer, ...]:
        prompt = self.turn.prompt
        return (Answer(prompt=prompt, start=self._asked_at, end=at_seconds),) if prompt else ()
