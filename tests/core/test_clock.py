from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.clock import SystemClock, shift_day


@pytest.mark.parametrize(
    ("spoken_at", "starts_at_hour", "day"),
    [
        ("2026-03-02T03:59:59+01:00", 4, date(2026, 3, 1)),
        ("2026-03-02T04:00:00+01:00", 4, date(2026, 3, 2)),
        ("2026-03-01T00:30:00+00:00", 4, date(2026, 2, 28)),
        ("2026-03-02T00:00:00+00:00", 0, date(2026, 3, 2)),
        ("2026-03-02T22:59:00+00:00", 23, date(2026, 3, 1)),
    ],
)
def test_a_day_begins_when_the_person_says_so(spoken_at: str, starts_at_hour: int, day: date) -> None:
    assert shift_day(datetime.fromisoformat(spoken_at), starts_at_hour) == day


@given(
    moment=st.datetimes(),
    offset=st.integers(-14, 14),
    hour=st.integers(0, 23),
)
def test_a_day_is_the_local_date_or_the_one_before(moment: datetime, offset: int, hour: int) -> None:
    assume(moment.year not in (MINYEAR, MAXYEAR))
    spoken_at = moment.replace(tzinfo=timezone(timedelta(hours=offset)))
    expected = spoken_at.date() - timedelta(days=spoken_at.hour < hour)
    assert shift_day(spoken_at, hour) == expected


def test_the_system_clock_knows_its_time_zone() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert now.tzinfo is not None
    assert before <= now <= datetime.now(UTC)


def test_the_monotonic_clock_never_goes_back() -> None:
    clock = SystemClock()
    times = [clock.monotonic_seconds() for _ in range(100)]
    assert times == sorted(times)
