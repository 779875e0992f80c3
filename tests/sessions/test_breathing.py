from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValue
from sessions.breathing import PATTERNS, pattern


@pytest.mark.parametrize(
    ("name", "per_minute"),
    [
        ("coherent-breathing", 6.0),
        ("cyclic-sighing", 6.0),
        ("extended-exhale", 6.0),
        ("box-breathing", 3.75),
        ("four-seven-eight", 3.16),
    ],
)
def test_the_known_patterns_keep_their_rate(name: str, per_minute: float) -> None:
    assert pattern(name).breaths_per_minute == pytest.approx(per_minute, abs=0.005)


def test_every_pattern_is_tested() -> None:
    assert len(PATTERNS) == 5


def test_numbers_are_in_hold_out_and_rest() -> None:
    breath = pattern("4-7-8-0")
    assert [(phase.phase, phase.seconds) for phase in breath.phases] == [("in", 4), ("hold", 7), ("out", 8)]
    assert [phase.phase for phase in pattern("4-4-4-4.5").phases] == ["in", "hold", "out", "rest"]


def test_a_second_breath_in_goes_on_where_the_first_stopped() -> None:
    assert pattern("cyclic-sighing").fullness == ((0.0, 0.625), (0.625, 1.0), (1.0, 0.0))
    assert pattern("box-breathing").fullness == ((0, 1), (1, 1), (1, 0), (0, 0))


@settings(deadline=None)
@given(st.tuples(*[st.integers(1, 60), st.integers(0, 60), st.integers(1, 60), st.integers(0, 60)]))
def test_any_sensible_numbers_make_a_breath_of_their_sum(seconds: tuple[int, ...]) -> None:
    breath = pattern("-".join(map(str, seconds)))
    assert breath.seconds == sum(seconds)
    fullness = breath.fullness
    assert (fullness[0][0], fullness[-1][1]) == (0.0, 0.0)
    assert all(before[1] == after[0] for before, after in pairwise(fullness))


@pytest.mark.parametrize(
    "name",
    [
        *("", "box", "../../etc", "4-7-8", "4-7-8-0-1", "-4-0-6-0", "4 - 0 - 6 - 0", "٤-0-٦-0", "4-nan-6-0"),
        *("0-0-0-0", "0-4-8-0", "4-0-0-0", "61-0-6-0", "0.5-0-0.5-0", "1e9-0-1-0"),
    ],
)
def test_what_is_no_breath_is_refused_with_the_known_names(name: str) -> None:
    with pytest.raises(BadValue) as refused:
        pattern(name)
    assert "box-breathing" in refused.value.next_step
