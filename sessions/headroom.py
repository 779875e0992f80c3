"""How much must be spoken before the first sound, so that a voice that is slow never leaves a hole later.

The lines of a session are spoken one after another by one thread while the session already plays. Each has to be ready
when its cue comes. Pure: seconds come in, a number of lines goes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sessions.speaking_ahead import AHEAD

MARGIN = 1.5
"""A machine that has other work takes this much longer than the voice usually takes."""


class Due(NamedTuple):
    """A line that is to be spoken: when it must be there, counted from the first sound, and how long it is."""

    at_seconds: float
    seconds: float
    ready: bool


def lines_to_speak_first(lines: Sequence[Due], real_time_factor: float) -> int:
    """The smallest number of lines which, spoken before the first sound, let all others come in time.

    Args:
        lines: in the order in which they sound.
        real_time_factor: seconds the voice takes for one second of speech. Where it is so slow that even
            ``AHEAD`` lines are not enough, they are all that is asked for.
    """
    work = [0.0 if line.ready else line.seconds * real_time_factor * MARGIN for line in lines]
    most = min(len(lines), AHEAD)
    return next((count for count in range(most) if _in_time(lines, work, count)), most)


def _in_time(lines: Sequence[Due], work: Sequence[float], first: int) -> bool:
    """Whether each line is there when it is due, if ``first`` of them were spoken before the first sound."""
    done_at_seconds = 0.0
    for place in range(first, len(lines)):
        # The thread stops while it is so far ahead that nothing may be added.
        room_at_seconds = lines[place - AHEAD].at_seconds if place >= AHEAD else 0.0
        done_at_seconds = max(done_at_seconds, room_at_seconds) + work[place]
        if work[place] and done_at_seconds > max(lines[place].at_seconds, 0.0):
            return False
    return True
