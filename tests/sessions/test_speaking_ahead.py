from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from sessions.speaking_ahead import AHEAD, SpeakingAhead


def test_results_come_in_order_and_then_no_more() -> None:
    with SpeakingAhead([(lambda number=number: number) for number in range(10)]) as ahead:
        assert [ahead.take() for _ in range(10)] == list(range(10))
        with pytest.raises(IndexError):
            ahead.take()


def test_it_stays_only_a_few_ahead() -> None:
    begun: list[int] = []
    reached = threading.Event()

    def work(number: int) -> Callable[[], int]:
        def made() -> int:
            begun.append(number)
            if number == AHEAD - 1:
                reached.set()
            return number

        return made

    with SpeakingAhead([work(number) for number in range(50)]) as ahead:
        ahead.begin()
        assert reached.wait(10)
    assert begun == list(range(AHEAD))


def test_nothing_is_made_before_it_begins() -> None:
    with SpeakingAhead([lambda: pytest.fail("made")]):
        pass


def wanted() -> bool:
    return False


def test_nobody_waits_once_it_is_given_up() -> None:
    held = threading.Event()
    given_up = threading.Event()
    with SpeakingAhead([lambda: held.wait(20)]) as ahead:
        threading.Timer(0.05, given_up.set).start()
        ahead.wait_for(1, given_up.is_set)
        assert ahead.working, "it was left before the work was done"
        held.set()


def test_so_many_can_be_waited_for() -> None:
    begun: list[int] = []
    with SpeakingAhead([(lambda number=number: begun.append(number)) for number in range(30)]) as ahead:
        ahead.wait_for(0, wanted)
        assert not begun
        ahead.wait_for(3, wanted)
        assert begun[:3] == [0, 1, 2]
        ahead.wait_for(30, wanted)
        assert len(begun) == AHEAD


def test_waiting_raises_what_the_work_raised() -> None:
    def fail() -> None:
        raise KeyError("a line")

    with SpeakingAhead([fail]) as ahead, pytest.raises(KeyError):
        ahead.wait_for(1, wanted)
