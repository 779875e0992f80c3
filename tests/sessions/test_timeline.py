from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValue, TooManyWords, TooShort
from core.settings import Guidance
from sessions.durations import planned_seconds
from sessions.rendering import render
from sessions.script import Breathe, Line, Minutes, Rest, Script
from sessions.script_files import shipped_scripts
from sessions.script_parser import parse
from sessions.slots import laid_out
from sessions.timeline import SAMPLE_RATE_HZ, Cue, Timeline, plan
from tests.fakes.narrator import TonedNarrator, seconds_of
from tests.sessions.golden_timelines import FOLDER, as_text
from tests.sessions.writing import CONTRACT_EXAMPLE, scripts, written

GUIDANCE: tuple[Guidance, ...] = ("less", "normal", "more")

guidances = st.sampled_from(GUIDANCE)

# How long an example takes says nothing on a shared machine.
unhurried = settings(max_examples=60, deadline=None)


def planned(body: str, minutes: float = 10, guidance: Guidance = "normal") -> Timeline:
    return plan(written(body), minutes, guidance, seconds_of)


def seconds(cues: list[Cue]) -> list[float]:
    return [round(cue.end - cue.start, 6) for cue in cues]


def of_kind(timeline: Timeline, kind: str) -> list[Cue]:
    return [cue for cue in timeline.cues if cue.kind == kind]


@unhurried
@given(scripts, st.floats(1, 60), guidances)
def test_cues_follow_each_other_without_gap_from_the_first_frame_to_the_last(
    script: Script, minutes: float, guidance: Guidance
) -> None:
    try:
        timeline = plan(script, minutes, guidance, seconds_of)
    except TooShort:
        return
    assert timeline.frames == round(minutes * 60 * SAMPLE_RATE_HZ)
    assert timeline.cues[0].start_frame == 0
    assert timeline.cues[-1].end_frame == timeline.frames
    assert all(before.end_frame == after.start_frame for before, after in pairwise(timeline.cues))
    assert all(cue.start_frame < cue.end_frame for cue in timeline.cues)


@unhurried
@given(scripts, st.floats(1, 60), guidances)
def test_what_is_spoken_and_paused_keeps_its_length_and_the_rests_share_by_weight(
    script: Script, minutes: float, guidance: Guidance
) -> None:
    try:
        timeline = plan(script, minutes, guidance, seconds_of)
    except TooShort:
        return
    lines = [step.text for step in script.steps() if isinstance(step, Line) and step.importance.included(guidance)]
    spoken = [cue for cue in of_kind(timeline, "line") if cue.text in lines]
    assert [cue.text for cue in spoken] == lines
    assert seconds(spoken) == pytest.approx([seconds_of(text) for text in lines], abs=1e-5)
    weights = [step.weight for step in script.steps() if isinstance(step, Rest) and step.importance.included(guidance)]
    shares = [cue.end - cue.start - 1.0 for cue in of_kind(timeline, "rest")]
    if len(lines) == sum(isinstance(step, Line) for step in script.steps()) and weights:
        # Where a line is left out, rests before and behind it are one.
        each = [share / weight for share, weight in zip(shares, weights, strict=True)]
        assert all(math.isclose(one, each[0], abs_tol=0.01) for one in each)


@unhurried
@given(scripts, st.floats(1, 60), guidances)
def test_breaths_are_whole_and_exact(script: Script, minutes: float, guidance: Guidance) -> None:
    try:
        timeline = plan(script, minutes, guidance, seconds_of)
    except TooShort:
        return
    breaths = iter(of_kind(timeline, "breath"))
    paced = [step for step in script.steps() if isinstance(step, Breathe)]
    counted = sum(len(step.pattern.phases) * step.breaths for step in paced if step.breaths)
    if not any(step.breaths is None for step in paced):
        for step in paced:
            for phase in step.pattern.phases * (step.breaths or 0):
                cue = next(breaths)
                assert (cue.phase, round(cue.end - cue.start, 5)) == (phase.phase, phase.seconds)
        assert next(breaths, None) is None
    else:
        assert len(list(breaths)) > counted


@unhurried
@given(scripts, guidances)
def test_the_shortest_length_it_names_is_possible_and_a_little_less_is_not(script: Script, guidance: Guidance) -> None:
    with pytest.raises(TooShort) as refused:
        plan(script, 0.01, guidance, seconds_of)
    shortest = refused.value.shortest_minutes
    assert plan(script, shortest, guidance, seconds_of).minutes == shortest
    with pytest.raises(TooShort):
        plan(script, shortest - 0.1, guidance, seconds_of)


@pytest.mark.parametrize("minutes", [0, -1, 1e9, 10.01, math.nan, math.inf, -math.inf, True, "ten", None])
def test_a_length_that_cannot_be_is_refused_with_the_possible_ones(minutes: object) -> None:
    with pytest.raises(BadValue) as refused:
        plan(parse(CONTRACT_EXAMPLE, "try"), minutes, "normal", seconds_of)  # type: ignore[arg-type]
    assert "1 to 10" in refused.value.next_step


def test_less_guidance_leaves_out_words_and_not_a_second() -> None:
    spoken = {
        guidance: [
            cue.text for cue in of_kind(planned("Plain. {rest}\n> Optional. {rest}\n! Essential.", 2, guidance), "line")
        ]
        for guidance in GUIDANCE
    }
    assert spoken == {
        "less": ["Essential."],
        "normal": ["Plain.", "Essential."],
        "more": ["Plain.", "Optional.", "Essential."],
    }


def test_lines_without_a_cue_between_them_are_set_apart() -> None:
    timeline = planned("One.\n\nTwo.\n{rest}\n", 1)
    assert [cue.kind for cue in timeline.cues] == ["pause", "line", "pause", "line", "rest"]
    assert seconds(list(timeline.cues))[:4] == [1.0, seconds_of("One."), 0.8, seconds_of("Two.")]


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("One.\n\nTwo.\n{bell end}", ["pause", "line", "rest", "line", "rest", "bell"]),
        ("{bell}\n{bell end}", ["bell", "rest", "bell"]),
        ("{bell}", ["bell", "rest"]),
        ("{breathe 4-0-6-0 1 breath}\n{bell end}", ["breath", "breath", "rest", "bell"]),
        ("{pause 2s}", ["pause", "rest"]),
    ],
)
def test_a_script_without_a_rest_gets_its_silence_where_it_does_least_harm(body: str, kinds: list[str]) -> None:
    assert [cue.kind for cue in planned(body, 5).cues] == kinds


def test_a_script_that_says_nothing_at_this_guidance_is_silence() -> None:
    assert [cue.kind for cue in planned("> Optional.", 1, "less").cues] == ["rest"]


def test_paced_breath_without_an_amount_fills_the_time_with_whole_breaths_and_the_rest_is_rest() -> None:
    timeline = planned("{bell}\n{breathe coherent-breathing}\n{rest}\n{bell end}", 5)
    assert len(of_kind(timeline, "breath")) == 2 * 28
    (rest,) = of_kind(timeline, "rest")
    assert rest.end - rest.start == pytest.approx(300 - 4 - 8 - 280)


def test_the_first_breaths_are_spoken_where_the_words_fit_and_the_page_can_draw_them() -> None:
    breaths = of_kind(planned("{breathe coherent-breathing 5 breaths}\n{rest}", 5), "breath")
    assert [cue.spoken for cue in breaths] == [True] * 6 + [False] * 4
    assert [(cue.text, cue.phase) for cue in breaths[:2]] == [("Breathe in.", "in"), ("Breathe out.", "out")]
    assert [cue.travel for cue in breaths[:2]] == [{"from": 0.0, "to": 1.0}, {"from": 1.0, "to": 0.0}]
    short = of_kind(planned("{breathe 0.5-0-1.5-0 2 breaths}\n{rest}", 5), "breath")
    assert [cue.spoken for cue in short] == [False, True] * 2


def test_a_prompt_is_spoken_and_followed_by_time_to_answer() -> None:
    timeline = planned("{rest}\n{ask What went well?}\n{ask}", 10)
    assert [cue.kind for cue in timeline.cues] == ["rest", "line", "listen", "listen"]
    rest, _, listen, silent = timeline.cues
    assert listen.end - listen.start == pytest.approx(silent.end - silent.start, abs=1e-4)
    assert listen.end - listen.start > 9 * (rest.end - rest.start)


def test_chapters_begin_with_their_first_cue_and_those_left_out_are_not_named() -> None:
    timeline = planned("{bell}\n# First\nOne.\n# Optional\n> Two.\n# Third\n{rest}", 1)
    assert [(chapter.title, chapter.start) for chapter in timeline.chapters] == [("First", 4.0), ("Third", 4.2)]
    assert [(cue.kind, cue.chapter) for cue in timeline.cues] == [("bell", None), ("line", 0), ("rest", 1)]


def test_a_recorded_line_takes_its_own_time() -> None:
    timeline = plan(written("{play welcome.wav}\n{rest}"), 1, "normal", seconds_of, {"welcome.wav": 12.3}.__getitem__)
    (recording,) = of_kind(timeline, "recording")
    assert (recording.file, seconds([recording])) == ("welcome.wav", [12.3])


@pytest.mark.parametrize("voice", ["joe", "hibari"])
@pytest.mark.parametrize("slug", shipped_scripts())
def test_every_shipped_session_has_its_lengths_at_every_guidance(slug: str, voice: str) -> None:
    script = shipped_scripts()[slug]
    table = planned_seconds(voice)
    lengths = {script.minutes.min, script.minutes.default, 10, 20, 60}
    for guidance in GUIDANCE:
        for minutes in lengths:
            assert plan(script, minutes, guidance, table.__getitem__).frames == minutes * 60 * SAMPLE_RATE_HZ


@pytest.mark.parametrize("slug", shipped_scripts())
def test_shipped_sessions_are_planned_as_written_down(slug: str) -> None:
    """After a deliberate change: ``python -m tests.sessions.golden_timelines``, then read the difference."""
    assert as_text(slug) == (FOLDER / f"{slug}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("guidance", "weights"), [("less", [3.0, 1.0]), ("normal", [1.0, 3.0, 2.0, 1.0])])
def test_what_is_left_out_leaves_no_hole(guidance: Guidance, weights: list[float]) -> None:
    script = written("! Sit. {rest 1}\nFeel. {rest 3}\nListen. {rest 2}\n! The end. {rest 1}")
    slots = laid_out(script, guidance, lambda text: 1.0, lambda file: 1.0)
    assert [slot.weight for slot in slots if slot.kind == "rest"] == weights


def test_rests_that_an_author_put_together_stay_together() -> None:
    slots = laid_out(written("! Sit. {rest 1}\n{rest 3}\n! The end."), "less", lambda text: 1.0, lambda file: 1.0)
    assert [slot.weight for slot in slots if slot.kind == "rest"] == [1.0, 3.0]


def test_a_long_pause_that_its_author_wants_calls_for_no_rounds() -> None:
    script = written("Sit. {pause 2m}\nFeel. {rest}\n{round}\nListen. {rest}\n{again}")
    said = [cue.text for cue in plan(script, 4, "normal", seconds_of).cues if cue.kind == "line"]
    assert said.count("Listen.") <= 2


class TestALineWithoutASound:
    """The voice has nothing to say for it, as for a writing system that it does not know."""

    def timeline(self, minutes: float = 1) -> Timeline:
        script = written("! Sit down. {rest}\n! 静かに座ってください。 {rest}\n{ask 今日は?}\n! The end.")
        return plan(script, minutes, "normal", lambda text: seconds_of(text) if text.isascii() else 0.0)

    def test_it_stays_to_be_read_and_is_not_called_spoken(self) -> None:
        lines = of_kind(self.timeline(), "line")
        assert [(cue.text, cue.spoken) for cue in lines] == [
            ("Sit down.", True),
            ("静かに座ってください。", False),
            ("今日は?", False),
            ("The end.", True),
        ]
        assert all(cue.end - cue.start >= 3 for cue in lines if not cue.spoken)

    @pytest.mark.parametrize("minutes", [1, 7.3, 60])
    def test_the_length_stays_exact(self, minutes: float) -> None:
        timeline = self.timeline(minutes)
        assert timeline.cues[-1].end_frame == round(minutes * 60 * SAMPLE_RATE_HZ)

    def test_it_is_silence_and_the_rest_sounds(self) -> None:
        timeline, narrator = self.timeline(), TonedNarrator()
        samples = np.concatenate([block.samples for block in render(timeline, narrator, "none")])
        for cue in of_kind(timeline, "line"):
            assert bool(samples[cue.start_frame : cue.end_frame].any()) == cue.spoken
        assert set(narrator.spoken) == {"Sit down.", "The end."}


def test_words_that_never_fit_are_refused_with_what_helps() -> None:
    script = written("\n\n".join(["Sit down, and feel your feet on the floor."] * 60), minutes="{default: 2, max: 2}")
    with pytest.raises(TooManyWords) as refused:
        plan(script, 2, "normal", seconds_of)
    assert "2 at most" in refused.value.message
    assert "Less guidance" in refused.value.next_step


@pytest.mark.parametrize("guidance", ["less", "normal"])
def test_less_guidance_is_not_advised_where_it_would_not_help(guidance: Guidance) -> None:
    lines = "\n".join(["! Sit down, and feel your feet on the floor."] * 60)
    # Made shorter after it was read: a script with such a length is never read without a fault.
    script = replace(written(lines, minutes="{default: 9, max: 9}"), minutes=Minutes(default=1, min=1, max=1))
    with pytest.raises(TooManyWords) as refused:
        plan(script, 1, guidance, seconds_of)
    assert "guidance" not in refused.value.next_step
    assert refused.value.next_step.startswith("Shorten them")
