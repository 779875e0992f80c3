"""From a script and an asked length to cues with their times. Pure: seconds come in, values go out.

Every cue begins where the one before ends, the first at 0 and the last at exactly the asked length. Times are counted
in whole frames at 48 kHz and turned into seconds at the end, so nothing drifts.

What the asked length leaves over goes

1. to paced breaths without an amount: as many whole breaths as there is room for, shared by number of such cues;
2. to rests and to the listening after prompts, by weight;
3. if there are neither, to a rest behind each spoken line (or behind the paced breaths, or at the end), so that a
   script without a single cue still plays at any length.

Before, rounds of the script's passages join for as long as a silence would be too long without them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.errors import BadValue, TooManyWords, TooShort
from core.settings import Guidance
from sessions.breathing import Phase
from sessions.rounds import LONGEST_SILENCE_SECONDS, unfoldings
from sessions.script import BellKind, Kind, Script
from sessions.slots import SAMPLE_RATE_HZ, CueKind, Slot, laid_out, longest_silence_seconds, stretched

SECONDS_DECIMALS = 6
"""A frame is 21 millionths of a second, so six decimals name it without doubt."""

SHORTEST_STEP_MINUTES = 0.1


class Record(BaseModel):
    """Base of the values below: frozen, so that they can be passed around."""

    model_config = ConfigDict(frozen=True)


class Cue(Record):
    """What takes place from one moment to another."""

    kind: CueKind
    start: float = Field(ge=0, description="Seconds from the start of the session.")
    end: float = Field(ge=0, description="Seconds from the start of the session; the next cue's start.")
    text: str = Field(default="", description="The caption: words spoken, or what to do now. Empty for silence.")
    spoken: bool = Field(default=False, description="Whether the voice says the caption.")
    phase: Phase | None = Field(default=None, description="The part of a breath.")
    travel: dict[Literal["from", "to"], float] | None = Field(
        default=None, description="How full the breath is at the cue's start and end, from 0 to 1."
    )
    bell: BellKind | None = Field(default=None, description="Which bell is struck.")
    file: str | None = Field(default=None, description="The recorded line that is played.")
    chapter: int | None = Field(default=None, description="Place of its chapter in the list of chapters, from 0.")

    @property
    def start_frame(self) -> int:
        return round(self.start * SAMPLE_RATE_HZ)

    @property
    def end_frame(self) -> int:
        return round(self.end * SAMPLE_RATE_HZ)


class Chapter(Record):
    """A stretch of the session under one heading of the script."""

    title: str
    start: float = Field(ge=0, description="Seconds from the start of the session.")


class Timeline(Record):
    """A session at one length, for one voice. Its JSON form is public."""

    slug: str
    title: str
    kind: Kind
    minutes: float
    guidance: Guidance
    duration_seconds: float
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]

    @property
    def frames(self) -> int:
        """Length at ``SAMPLE_RATE_HZ``."""
        return round(self.duration_seconds * SAMPLE_RATE_HZ)


def no_recordings(file: str) -> float:
    """For scripts that play no recorded line."""
    raise KeyError(file)


def plan(
    script: Script,
    minutes: float,
    guidance: Guidance,
    seconds_of: Callable[[str], float],
    seconds_of_file: Callable[[str], float] = no_recordings,
) -> Timeline:
    """The session at exactly the asked length.

    Args:
        seconds_of: how long the voice takes for a line.
        seconds_of_file: how long the recorded line of that name takes.

    Raises:
        BadValue: a length that is no number above zero, or above the script's longest.
        TooShort: less than the script's shortest length, or than its words need at this guidance.
        TooManyWords: at this guidance they need more than the script's longest length.
    """
    require_length(script, minutes)
    frames = round(minutes * 60 * SAMPLE_RATE_HZ)
    versions = (laid_out(each, guidance, seconds_of, seconds_of_file) for each in unfoldings(script, guidance))
    slots = next(versions)
    needed_frames = sum(slot.frames for slot in slots)
    if frames < needed_frames or minutes < script.minutes.min:
        needed_minutes, longest_minutes = max(script.minutes.min, _whole_steps(needed_frames)), script.minutes.max
        if needed_minutes > longest_minutes:
            with_less_minutes = shortest_minutes(script, "less", seconds_of, seconds_of_file)
            raise TooManyWords(script.slug, needed_minutes, longest_minutes, with_less_minutes <= longest_minutes)
        raise TooShort(script.slug, needed_minutes)
    placed = stretched(slots, frames)
    while longest_silence_seconds(placed) > LONGEST_SILENCE_SECONDS[guidance]:
        slots = next(versions, [])
        if not slots or sum(slot.frames for slot in slots) > frames:
            break
        placed = stretched(slots, frames)
    titles, chapters = _chapters(script, placed)
    return Timeline(
        slug=script.slug,
        title=script.title,
        kind=script.kind,
        minutes=minutes,
        guidance=guidance,
        duration_seconds=_seconds(frames),
        cues=tuple(_cues(placed, titles)),
        chapters=chapters,
    )


def require_length(script: Script, minutes: float) -> None:
    """Refuses a length that the script can't have, whoever speaks it.

    Raises:
        BadValue: no number above zero, or above the script's longest.
    """
    if not _is_number(minutes) or not 0 < minutes <= script.minutes.max:
        raise BadValue("minutes", f"a number from {script.minutes.min:g} to {script.minutes.max:g}")


def shortest_minutes(
    script: Script,
    guidance: Guidance,
    seconds_of: Callable[[str], float],
    seconds_of_file: Callable[[str], float] = no_recordings,
) -> float:
    """What words, pauses and breaths need at this guidance, in minutes, rounded up to a tenth."""
    slots = laid_out(next(unfoldings(script, guidance)), guidance, seconds_of, seconds_of_file)
    return _whole_steps(sum(slot.frames for slot in slots))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _whole_steps(frames: int) -> float:
    """Minutes, rounded up to a tenth."""
    step_frames = SHORTEST_STEP_MINUTES * 60 * SAMPLE_RATE_HZ
    return round(math.ceil(frames / step_frames) * SHORTEST_STEP_MINUTES, 1)


def _seconds(frames: int) -> float:
    return round(frames / SAMPLE_RATE_HZ, SECONDS_DECIMALS)


def _chapters(script: Script, slots: Iterable[Slot]) -> tuple[dict[int, int], tuple[Chapter, ...]]:
    """Place of each section's chapter by the section's place, and the chapters; sections without a title have none."""
    places: dict[int, int] = {}
    chapters: list[Chapter] = []
    at_frame = 0
    for slot in slots:
        if slot.section is not None and slot.section not in places and script.sections[slot.section].title:
            places[slot.section] = len(chapters)
            chapters.append(Chapter(title=script.sections[slot.section].title, start=_seconds(at_frame)))
        at_frame += slot.frames
    return places, tuple(chapters)


def _cues(slots: Iterable[Slot], chapters: dict[int, int]) -> Iterable[Cue]:
    at_frame = 0
    for slot in slots:
        chapter = chapters.get(slot.section) if slot.section is not None else None
        for frames, details in slot.parts():
            start, at_frame = at_frame, at_frame + frames
            if frames:
                yield Cue(start=_seconds(start), end=_seconds(at_frame), chapter=chapter, **details)
