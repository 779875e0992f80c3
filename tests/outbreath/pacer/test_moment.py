from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbreath.pacer.moment import Course
from sessions.timeline import Cue, Timeline, plan
from tests.fakes.narrator import seconds_of
from tests.sessions.writing import scripts, written


@pytest.fixture
def timeline() -> Timeline:
    body = "# Before\n{bell}\nSit down.\n\n{breathe 4-0-6-0 3 breaths}\n# After\nThe end. {rest}\n{bell end}"
    return plan(written(body, "breathing"), 1, "normal", seconds_of)


@pytest.fixture
def course(timeline: Timeline) -> Course:
    return Course(timeline)


def phases(timeline: Timeline, phase: str) -> list[Cue]:
    return [cue for cue in timeline.cues if cue.phase == phase]


def test_a_phase_says_what_to_do_and_counts_down_as_a_person_counts(timeline: Timeline, course: Course) -> None:
    first = phases(timeline, "in")[0]
    seen = [course.at(first.start + seconds) for seconds in (0, 0.99, 1.01, 2.01, 3.01, 3.98)]
    assert {moment.phase for moment in seen} == {"Breathe in"}
    assert [moment.count for moment in seen] == [4, 4, 3, 2, 1, 1]
    assert course.at(first.end + 0.001).phase == "Breathe out"
    assert course.at(first.end + 0.001).count == 6


def test_the_breath_fills_and_empties_softly(timeline: Timeline, course: Course) -> None:
    full, empty = phases(timeline, "in")[1], phases(timeline, "out")[1]
    assert [course.at(full.start + seconds).fullness for seconds in (0, 2, 3.9999)] == pytest.approx([0, 0.5, 1])
    assert [course.at(empty.start + seconds).fullness for seconds in (0, 3, 5.9999)] == pytest.approx(
        [1, 0.5, 0], abs=1e-6
    )
    assert course.at(full.start + 0.4).fullness < 0.05


def test_a_breath_is_done_when_it_is_over(timeline: Timeline, course: Course) -> None:
    assert course.at(0).breaths == 3
    moments = [course.at(cue.start + 0.5).breaths_done for cue in timeline.cues if cue.phase]
    assert moments == [0, 0, 1, 1, 2, 2]
    assert course.at(timeline.duration_seconds).breaths_done == 3


def test_a_second_breath_in_on_top_is_the_same_breath() -> None:
    sighing = plan(written("{breathe cyclic-sighing 2 breaths}\nThe end. {rest}"), 1, "normal", seconds_of)
    assert Course(sighing).at(0).breaths == 2
    assert Course(sighing).at(3).phase == "A little more"
    assert Course(sighing).at(3).count == 1


def test_a_line_stays_until_the_next_one_or_a_breath(timeline: Timeline, course: Course) -> None:
    assert course.at(0).line == "Try"
    (said, last) = (cue for cue in timeline.cues if cue.kind == "line")
    assert course.at(said.start + 0.1).line == "Sit down."
    assert course.at(phases(timeline, "in")[0].start).line == ""
    assert course.at(last.end + 1).line == "The end."
    assert course.at(timeline.duration_seconds).line == "The end."
    assert course.at(timeline.duration_seconds).phase == ""


def test_a_next_section_is_offered_while_there_is_one(timeline: Timeline, course: Course) -> None:
    after = timeline.chapters[-1].start
    assert course.at(after - 0.1).section_follows
    assert not course.at(after).section_follows
    assert not Course(plan(written("Sit down. {rest}"), 1, "normal", seconds_of)).at(0).section_follows


@given(scripts, st.floats(-1, 700))
def test_every_second_of_every_session_can_be_shown(script: object, seconds: float) -> None:
    timeline = plan(script, 10, "more", seconds_of)  # type: ignore[arg-type]
    moment = Course(timeline).at(seconds)
    assert 0 <= moment.fullness <= 1
    assert 0 <= moment.passed <= 1
    assert 0 <= moment.breaths_done <= moment.breaths
    assert moment.left_seconds == pytest.approx((1 - moment.passed) * timeline.duration_seconds)
    assert (moment.count is None) == (moment.phase == "")
    assert not (moment.phase and moment.line)
