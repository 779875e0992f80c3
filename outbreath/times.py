"""Days and moments as people type them."""

from __future__ import annotations

from datetime import date, datetime

from core.errors import BadValue


def moment(name: str, text: str | None) -> datetime | None:
    """A moment with the offset it was given; without one it is local.

    Raises:
        BadValue: it is none.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone() if at.utcoffset() is None else at
    except (ValueError, OverflowError):
        raise BadValue(name, "a time such as 2026-11-23T20:15 or 2026-11-23T20:15+01:00") from None


def day(name: str, text: str | None) -> date | None:
    """A day.

    Raises:
        BadValue: it is none.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(name, "a day such as 2026-11-23") from None
