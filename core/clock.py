"""The clock comes in as an argument, so that timing can be tested without waiting."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how much has passed."""

    def now(self) -> datetime:
        """The wall-clock time, aware of its time zone."""
        ...

    def monotonic_seconds(self) -> float:
        """Seconds since an arbitrary start; never goes back."""
        ...


class SystemClock:
    """The machine's own clock, in its local time zone."""

    def now(self) -> datetime:
        return datetime.now().astimezone()

    def monotonic_seconds(self) -> float:
        return time.monotonic()


def shift_day(spoken_at: datetime, day_starts_at_hour: int) -> date:
    """The day a moment belongs to when days begin at ``day_starts_at_hour`` instead of midnight.

    Someone who speaks at 02:00 after a late shift means the day that began the morning before.
    """
    return (spoken_at - timedelta(hours=day_starts_at_hour)).date()
