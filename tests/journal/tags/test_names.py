from __future__ import annotations

from journal.tags.names import FEELINGS, THEMES


def test_no_name_is_given_twice() -> None:
    names = FEELINGS + THEMES
    assert len(set(names)) == len(names) == 49
