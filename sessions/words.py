"""What a voice may say in a session. A session can be planned once it is known how long each of its lines takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.settings import Guidance
from sessions.line_lengths import usual_seconds
from sessions.script import Ask, Breathe, Line, Script
from voice.narrator import Narrator


@dataclass(frozen=True, slots=True)
class Words:
    """Lines, each once, and the voice that is to say them."""

    lines: tuple[str, ...]
    narrator: Narrator

    @property
    def unknown(self) -> tuple[str, ...]:
        """Those of which nobody knows yet how long they take."""
        return tuple(line for line in self.lines if self.narrator.known_seconds(line) is None)

    @property
    def seconds_to_learn(self) -> float:
        """About so long does the voice take here to say what is unknown."""
        return sum(map(usual_seconds, self.unknown)) * self.narrator.real_time_factor

    def learned(self) -> Iterator[str]:
        """Has the unknown lines spoken, one by one as they are taken; afterwards their lengths are known.

        Raises:
            ModelMissing, ModelDamaged: the voice cannot speak.
        """
        for line in self.unknown:
            self.narrator.line(line)
            yield line


def spoken_texts(script: Script, guidance: Guidance) -> Iterator[str]:
    """What a voice is asked to say at this guidance, at any length."""
    for step in script.steps():
        if not step.importance.included(guidance):
            continue
        match step:
            case Line():
                yield step.text
            case Ask() if step.prompt:
                yield step.prompt
            case Breathe():
                yield from (phase.caption for phase in step.pattern.phases)
