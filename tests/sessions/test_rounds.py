"""Long sessions gain guidance: rounds of a passage join until no silence is too long."""

from __future__ import annotations

import pytest

from core.errors import BadScript
from core.settings import Guidance
from sessions.rounds import LONGEST_SILENCE_SECONDS
from sessions.slots import LINE_GAP_SECONDS
from sessions.timeline import Timeline, plan
from tests.fakes.narrator import seconds_of
from tests.sessions.writing import written

BODY = """
Sit down. {rest}
{round}
Feel your feet. {rest}
{round}
! Feel your hands. {rest}
{%s}
# Then
Listen. {rest}
{round}
One sound. {rest}
{go on}
Get up. {rest}
"""
HEARD_ONCE = ["Sit down.", "Feel your feet.", "Feel your hands.", "Listen.", "One sound.", "Get up."]


def planned(minutes: float, end: str = "go on", guidance: Guidance = "normal") -> Timeline:
    return plan(written(BODY % end), minutes, guidance, seconds_of)


def spoken(timeline: Timeline) -> list[str]:
    return [cue.text for cue in timeline.cues if cue.spoken]


def longest_silence(timeline: Timeline) -> float:
    heard = [cue for cue in timeline.cues if cue.kind not in ("rest", "pause")]
    ends = [0.0, *(cue.end for cue in heard)]
    starts = [*(cue.start for cue in heard), timeline.duration_seconds]
    return max(start - end for end, start in zip(ends, starts, strict=True))


def test_a_short_session_has_no_rounds_and_a_longer_one_has_more_and_more() -> None:
    assert spoken(planned(1)) == ["Sit down.", "Listen.", "Get up."]
    said = [spoken(planned(minutes)) for minutes in (1, 4, 5, 6, 60)]
    assert [len(lines) for lines in said] == sorted(len(lines) for lines in said)
    assert said[-1] == HEARD_ONCE


def test_rounds_come_again_where_the_script_says_so() -> None:
    said = spoken(planned(30, "again"))
    rounds = said[1 : said.index("Listen.")]
    assert len(rounds) > 6
    assert rounds == (["Feel your feet.", "Feel your hands."] * len(rounds))[: len(rounds)]
    assert said.count("One sound.") == 1


@pytest.mark.parametrize("guidance", ["less", "normal", "more"])
@pytest.mark.parametrize("minutes", [3, 10, 33.3, 60])
def test_no_silence_is_too_long_when_rounds_may_come_again(minutes: float, guidance: Guidance) -> None:
    timeline = planned(minutes, "again", guidance)
    assert longest_silence(timeline) <= LONGEST_SILENCE_SECONDS[guidance] + LINE_GAP_SECONDS
    assert timeline.duration_seconds == pytest.approx(minutes * 60)


def test_a_round_in_which_nothing_is_said_at_this_guidance_is_left_out() -> None:
    assert set(spoken(plan(written(BODY.replace("Sit", "! Sit") % "again"), 60, "less", seconds_of))) == {
        "Sit down.",
        "Feel your hands.",
    }


@pytest.mark.parametrize(
    ("body", "line", "problem"),
    [
        ("Sit.\n{go on}", 7, "ends no rounds"),
        ("Sit.\n{again}", 7, "ends no rounds"),
        ("Sit.\n{round}\n{round}\nListen.\n{go on}", 7, "a round is empty"),
        ("Sit.\n{round}\n{ask How?}\n{go on}", 7, "a prompt stands in a round"),
        ("Sit.\n{rounds}\nListen.", 7, "is no cue"),
    ],
)
def test_faults_in_rounds_are_told_with_their_line(body: str, line: int, problem: str) -> None:
    with pytest.raises(BadScript) as refused:
        written(body)
    (fault,) = refused.value.faults
    assert fault[0] == line
    assert problem in fault[1]


def test_a_heading_ends_the_rounds() -> None:
    said = spoken(plan(written("Sit. {rest}\n{round}\nFeel. {rest}\n# Then\nListen. {rest}"), 60, "normal", seconds_of))
    assert said == ["Sit.", "Feel.", "Listen."]


def test_a_long_script_without_rests_takes_its_rounds_too() -> None:
    timeline = plan(written("Sit.\n{round}\nFeel.\n{again}\nListen."), 20, "normal", seconds_of)
    assert longest_silence(timeline) <= LONGEST_SILENCE_SECONDS["normal"] + 2
