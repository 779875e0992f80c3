"""A slow voice: how much of it is spoken first, and that nothing comes late afterwards."""

from __future__ import annotations

import random

import pytest

from sessions.durations import planned_seconds
from sessions.headroom import MARGIN, Due, lines_to_speak_first
from sessions.script_files import Library
from sessions.speaking_ahead import AHEAD
from sessions.timeline import plan

SLOW = 0.5
"""Twice as fast as it is heard."""


def due(*lines: tuple[float, float]) -> list[Due]:
    return [Due(at, seconds, ready=False) for at, seconds in lines]


def latest_seconds(lines: list[Due], first: int, work_seconds: list[float]) -> float:
    """How late the latest line is, with one thread that stays at most ``AHEAD`` lines ahead of what sounds."""
    done, late = 0.0, 0.0
    for place in range(first, len(lines)):
        room = lines[place - AHEAD].at_seconds if place >= AHEAD else 0.0
        done = max(done, room) + work_seconds[place]
        late = max(late, done - lines[place].at_seconds)
    return late


@pytest.mark.parametrize(
    ("lines", "real_time_factor", "first"),
    [
        (due(), SLOW, 0),
        (due((10, 4), (20, 4)), SLOW, 0),
        (due((0, 4), (20, 4)), SLOW, 1),
        (due((0, 4), (20, 4)), 0.001, 1),
        (due((1, 4), (20, 4)), 0.01, 0),
        # The second is so long that it would not be there behind the first.
        (due((4, 2), (6.5, 12)), SLOW, 2),
        # What was spoken before costs nothing.
        ([Due(0, 4, True), Due(5, 4, False)], SLOW, 0),
        # A voice that never catches up is given as much as may be spoken ahead.
        (due(*((each * 4.0, 4.0) for each in range(100))), 2.0, AHEAD),
    ],
)
def test_no_more_is_spoken_first_than_is_needed(lines: list[Due], real_time_factor: float, first: int) -> None:
    assert lines_to_speak_first(lines, real_time_factor) == first


def test_no_line_of_the_library_comes_late_with_a_voice_of_twice_real_time(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = Library(tmp_path_factory.mktemp("none"))
    chance = random.Random(7)
    tried = 0
    for summary in library.summaries():
        script = library.script(summary.slug)
        for guidance in ("less", "normal", "more"):
            for minutes in (script.minutes.default, script.minutes.max):
                timeline = plan(script, minutes, guidance, planned_seconds("joe").__getitem__)
                for start in (0.0, timeline.duration_seconds * chance.random()):
                    cues = [cue for cue in timeline.cues if cue.spoken and cue.end > start]
                    lines = [Due(cue.start - start, cue.end - cue.start, False) for cue in cues]
                    first = lines_to_speak_first(lines, SLOW)
                    work = [line.seconds * SLOW * chance.uniform(0.7, MARGIN) for line in lines]
                    assert latest_seconds(lines, first, work) <= 0
                    assert first <= 3, "nobody waits long"
                    tried += 1
    assert tried > 100
