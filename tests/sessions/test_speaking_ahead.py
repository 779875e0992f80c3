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
