"""How many frames each step of a script takes, and how those that stretch share what is left over. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from core.settings import Guidance
from sessions.breathing import BreathPattern
from sessions.line_lengths import readable_seconds
from sessions.script import Ask, Bell, BellKind, Breathe, Line, Pause, Play, Rest, Script, Step

SAMPLE_RATE_HZ = 48_000

CueKind = Literal["line", "recording", "bell", "breath", "pause", "rest", "listen"]

BELL_SECONDS: dict[BellKind, float] = {"bell": 4.0, "low": 5.0, "end": 8.0}
"""Until the next cue may begin; a bell goes on ringing under it. The last one has time to ring out."""

LINE_GAP_SECONDS = 0.8
"""Between two lines, or a line and a paced breath, with no cue between them."""

LEAD_IN_SECONDS = 1.0
"""Before a session that begins with words, so that a waking loudspeaker swallows none."""

LEAD_OUT_SECONDS = 1.5
"""After a session that ends with words."""

SHORTEST_REST_SECONDS = 1.0
SHORTEST_LISTENING_SECONDS = 5.0
LISTENING_WEIGHT = 10.0
"""Time to answer a prompt, measured against a rest of weight 1."""

SPOKEN_BREATHS: dict[Guidance, int] = {"less": 1, "normal": 3, "more": 6}
"""For so many breaths the voice says in and out; then the tones lead alone."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of the session. ``weight`` above 0, or ``stretching`` breaths, may become longer than ``frames``."""

    kind: CueKind
    frames: int
    section: int | None = None
    weight: float = 0.0
    text: str = ""
    spoken: bool = False
    bell: BellKind | None = None
    file: str | None = None
    breaths: Breaths | None = None

    def parts(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Frames and the fields of the cue, for each cue that the slot is made of."""
        if self.breaths is not None:
            yield from self.breaths.parts()
        else:
            yield (
                self.frames,
                {
                    "kind": self.kind,
                    "text": self.text,
                    "spoken": self.spoken,
                    "bell": self.bell,
                    "file": self.file,
                },
            )


@dataclass(frozen=True, slots=True)
class Breaths:
    """Whole breaths of one pattern, the first ``spoken`` of them with words where these fit."""

    pattern: BreathPattern
    count: int
    stretching: bool
    spoken: int
    fitting: tuple[bool, ...]

    @property
    def frames_each(self) -> int:
        return sum(_frames(phase.seconds) for phase in self.pattern.phases)

    def parts(self) -> Iterator[tuple[int, dict[str, Any]]]:
        details = tuple(zip(self.pattern.phases, self.pattern.fullness, self.fitting, strict=True))
        for breath in range(self.count):
            for phase, (first, last), fits in details:
                yield (
                    _frames(phase.seconds),
                    {
                        "kind": "breath",
                        "text": phase.caption,
                        "spoken": fits and breath < self.spoken,
                        "phase": phase.phase,
                        "travel": {"from": first, "to": last},
                    },
                )


def laid_out(
    script: Script,
    guidance: Guidance,
    seconds_of: Callable[[str], float],
    seconds_of_file: Callable[[str], float],
) -> list[Slot]:
    """A slot for each step that takes place at this guidance, each at its shortest.

    What is left out leaves no hole: of the rests before and behind it only the longest takes place.
    """
    slots: list[Slot] = []
    left_out = False
    for place, section in enumerate(script.sections):
        for step in section.steps:
            if not step.importance.included(guidance):
                left_out = left_out or isinstance(step, Line | Play)
                continue
            for slot in _slots(step, place, guidance, seconds_of, seconds_of_file):
                if slot.kind == "rest" and left_out and slots and slots[-1].kind == "rest":
                    slots[-1] = max(slots[-1], slot, key=lambda rest: rest.weight)
                else:
                    slots.append(slot)
                left_out = left_out and slot.kind in ("rest", "pause")
    return _with_gaps(_able_to_stretch(slots))


def stretched(slots: list[Slot], frames: int) -> list[Slot]:
    """The slots at lengths that add up to ``frames``, of which they take at least their shortest."""
    left = frames - sum(slot.frames for slot in slots)
    slots, left = _with_whole_breaths(slots, left)
    weights = sum(slot.weight for slot in slots)
    placed: list[Slot] = []
    passed, given = 0.0, 0
    for slot in slots:
        # Rounded against the running sum, so that the shares add up to what is left.
        passed += slot.weight
        share = round(left * (passed / weights)) - given if slot.weight else 0
        given += share
        placed.append(replace(slot, frames=slot.frames + share))
    return placed


def longest_silence_seconds(slots: list[Slot]) -> float:
    """The longest time in which nothing is said or struck, and nobody is asked to speak; fixed pauses do not count.

    They are as long as their author wants them, however much is said elsewhere.
    """
    longest = since = 0
    for slot in slots:
        if slot.kind != "pause":
            since = since + slot.frames if slot.kind == "rest" else 0
        longest = max(longest, since)
    return longest / SAMPLE_RATE_HZ


def _slots(
    step: Step,
    section: int,
    guidance: Guidance,
    seconds_of: Callable[[str], float],
    seconds_of_file: Callable[[str], float],
) -> Iterator[Slot]:
    match step:
        case Line():
            yield _line(step.text, section, seconds_of)
        case Pause():
            yield Slot("pause", _frames(step.seconds), section)
        case Rest():
            yield Slot("rest", _frames(SHORTEST_REST_SECONDS), section, weight=step.weight)
        case Bell():
            yield Slot("bell", _frames(BELL_SECONDS[step.kind]), section, bell=step.kind)
        case Play():
            yield Slot("recording", _frames(seconds_of_file(step.file)), section, file=step.file)
        case Ask():
            if step.prompt:
                yield _line(step.prompt, section, seconds_of)
            yield Slot("listen", _frames(SHORTEST_LISTENING_SECONDS), section, weight=LISTENING_WEIGHT)
        case Breathe():
            fitting = tuple(0 < seconds_of(phase.caption) <= phase.seconds for phase in step.pattern.phases)
            stretching, count = step.breaths is None, step.breaths or 1
            breaths = Breaths(step.pattern, count, stretching, SPOKEN_BREATHS[guidance], fitting)
            yield Slot("breath", count * breaths.frames_each, section, breaths=breaths)


def _line(text: str, section: int, seconds_of: Callable[[str], float]) -> Slot:
    """A line to be heard, or one to be read only if the voice has no sound for it."""
    seconds = seconds_of(text)
    return Slot("line", _frames(seconds or readable_seconds(text)), section, text=text, spoken=seconds > 0)


def _able_to_stretch(slots: list[Slot]) -> list[Slot]:
    """Adds rests to a script that has nothing to take up what is left over."""
    if any(slot.weight for slot in slots):
        return slots
    breaths = [at for at, slot in enumerate(slots) if slot.kind == "breath"]
    leading = [at for at in breaths if (found := slots[at].breaths) and found.stretching]
    spoken = [at for at, slot in enumerate(slots) if slot.kind in ("line", "recording")]
    behind = leading[-1:] or spoken or breaths[-1:]
    if not behind:
        last_is_bell = len(slots) > 1 and slots[-1].kind == "bell"
        behind = [len(slots) - 2 if last_is_bell else len(slots) - 1]
    for at in reversed(behind):
        section = slots[at].section if slots else None
        slots.insert(at + 1, Slot("rest", _frames(SHORTEST_REST_SECONDS), section, weight=1.0))
    return slots


def _with_gaps(slots: list[Slot]) -> list[Slot]:
    """Adds silence between words and words or breaths that follow each other, and at either end of the session."""
    voiced = ("line", "recording")
    together = [{one, other} for one in voiced for other in (*voiced, "breath")]
    spaced: list[Slot] = []
    for slot in slots:
        if slot.kind in voiced and not spaced:
            spaced.append(Slot("pause", _frames(LEAD_IN_SECONDS), slot.section))
        elif {slot.kind, spaced[-1].kind if spaced else ""} in together:
            spaced.append(Slot("pause", _frames(LINE_GAP_SECONDS), slot.section))
        spaced.append(slot)
    if spaced[-1].kind in voiced:
        spaced.append(Slot("pause", _frames(LEAD_OUT_SECONDS), spaced[-1].section))
    return spaced


def _with_whole_breaths(slots: list[Slot], left: int) -> tuple[list[Slot], int]:
    """As many more whole breaths as ``left`` frames hold, shared evenly; and the frames still left."""
    waiting = sum(1 for slot in slots if slot.breaths and slot.breaths.stretching)
    placed: list[Slot] = []
    for slot in slots:
        if slot.breaths and slot.breaths.stretching:
            more = left // waiting // slot.breaths.frames_each
            breaths = replace(slot.breaths, count=slot.breaths.count + more)
            slot = replace(slot, frames=breaths.count * breaths.frames_each, breaths=breaths)  # noqa: PLW2901
            left -= more * breaths.frames_each
            waiting -= 1
        placed.append(slot)
    return placed, left


def _frames(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)
