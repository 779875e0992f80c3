"""Turn-taking without a clock: seconds of the recording in, answers out."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.conversation import KEPT, LISTEN_ONLY, Conversation, Plan, Turn
from sessions.script import Line
from sessions.script_files import shipped_scripts

TWO = Plan((Turn(("Settle.",), "First?"), Turn((), "Second?")), ("Go gently.",), 120.0)


def spans(conversation: Conversation, at_seconds: float) -> list[tuple[str, float, float]]:
    return [(answer.prompt, answer.start, answer.end) for answer in conversation.end(at_seconds)]


def test_each_answer_lasts_until_the_person_goes_on() -> None:
    conversation = Conversation(TWO)
    assert conversation.next(4.0)
    assert not conversation.next(9.0)
    assert spans(conversation, 9.0) == [("First?", 0.0, 4.0), ("Second?", 4.0, 9.0)]


def test_a_question_left_out_has_no_answer() -> None:
    conversation = Conversation(TWO)
    assert conversation.skip(4.0)
    assert not conversation.skip(9.0)
    assert spans(conversation, 9.0) == []


def test_going_back_keeps_what_was_said_and_asks_again() -> None:
    conversation = Conversation(TWO)
    conversation.next(4.0)
    assert conversation.back(6.0)
    assert conversation.turn.prompt == "First?"
    conversation.next(8.0)
    assert spans(conversation, 9.0) == [
        ("First?", 0.0, 4.0),
        ("Second?", 4.0, 6.0),
        ("First?", 6.0, 8.0),
        ("Second?", 8.0, 9.0),
    ]


def test_before_the_first_question_there_is_nothing_to_go_back_to() -> None:
    conversation = Conversation(TWO)
    conversation.back(2.0)
    assert (conversation.index, conversation.turn.prompt) == (0, "First?")


def test_an_answer_that_goes_on_is_known_by_its_start() -> None:
    conversation = Conversation(TWO)
    conversation.next(4.0)
    assert [(answer.start, answer.end) for answer in conversation.answers] == [(0.0, 4.0), (4.0, 4.0)]


def test_without_questions_there_are_no_answers() -> None:
    conversation = Conversation(LISTEN_ONLY)
    assert not conversation.next(3.0)
    assert conversation.answers == conversation.end(5.0) == ()


@given(st.lists(st.tuples(st.sampled_from(["next", "skip", "back"]), st.floats(0, 60)), max_size=20))
def test_answers_never_overlap(moves: list[tuple[str, float]]) -> None:
    conversation, now = Conversation(TWO), 0.0
    for move, seconds in moves:
        now += seconds
        getattr(conversation, move)(now)
    answers = conversation.end(now + 1)
    assert all(answer.start < answer.end for answer in answers)
    assert all(one.end <= other.start for one, other in itertools.pairwise(answers))


def test_the_evening_asks_five_questions_and_closes() -> None:
    plan = Plan.of(shipped_scripts()["evening-reflection"])
    assert len(plan.turns) == 5
    assert plan.turns[0].spoken[-1] == plan.turns[0].prompt == "What went well today?"
    assert plan.closing == (KEPT, "You can put it down now.")
    assert plan.timebox_seconds == 15 * 60


def test_a_free_reflection_asks_nothing_and_has_no_end() -> None:
    plan = Plan.of(shipped_scripts()["free"])
    assert [turn.prompt for turn in plan.turns] == [""]
    assert plan.turns[0].lines
    assert plan.closing[0] == KEPT
    assert plan.timebox_seconds is None


@pytest.mark.parametrize("slug", shipped_scripts())
def test_no_script_says_by_itself_that_something_is_kept(slug: str) -> None:
    """It would say so, too, when it is only played and nobody listens."""
    assert "kept" not in " ".join(step.text for step in shipped_scripts()[slug].steps() if isinstance(step, Line))
