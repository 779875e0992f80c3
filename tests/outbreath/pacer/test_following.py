from __future__ import annotations

import pytest

from outbreath.pacer.following import MOST_GUESSED_SECONDS, Follower


class Now:
    """A clock that is set."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def follower(now: Now) -> Follower:
    return Follower(now)


def test_before_the_first_sound_nothing_moves(follower: Follower, now: Now) -> None:
    now.seconds += 3
    assert follower.seconds(0.0) == 0.0


def test_between_two_steps_of_the_speaker_time_passes_evenly(follower: Follower, now: Now) -> None:
    seen = []
    for tenth in range(40):
        now.seconds = 100 + tenth / 10
        seen.append(follower.seconds(1 + tenth // 2 / 5))
    assert seen == pytest.approx([1 + tenth / 10 for tenth in range(40)])


def test_a_pause_holds_still_after_what_was_on_its_way(follower: Follower, now: Now) -> None:
    assert follower.seconds(5.0) == 5.0
    for _ in range(10):
        now.seconds += 1
        assert follower.seconds(5.0) == 5.0 + MOST_GUESSED_SECONDS


def test_going_on_does_not_step_back(follower: Follower, now: Now) -> None:
    follower.seconds(5.0)
    now.seconds += 10
    paused = follower.seconds(5.0)
    assert follower.seconds(5.05) == paused
    now.seconds += 0.3
    assert follower.seconds(5.35) == pytest.approx(5.35)


@pytest.mark.parametrize("to_seconds", [2.0, 60.0], ids=["a line is said again", "the next section"])
def test_it_goes_where_the_session_goes(follower: Follower, to_seconds: float) -> None:
    follower.seconds(10.0)
    assert follower.seconds(to_seconds) == to_seconds
