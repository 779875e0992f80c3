"""Sessions spoken ahead, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.model


def test_a_session_is_spoken_ahead_once_and_can_be_thrown_away(outbreath_json: Callable[..., Any]) -> None:
    prepare = ("prepare", "coherent-breathing", "--minutes", "2", "--voice", "hibari")
    first = outbreath_json(*prepare)
    assert first["spoken_now"] == first["lines"] > 0
    assert outbreath_json(*prepare)["spoken_now"] == 0
    kept = outbreath_json("cache")
    assert 0 < kept["spoken_lines"]["bytes"] < kept["spoken_lines"]["limit_bytes"]
    assert outbreath_json("cache", "--clear")["spoken_lines"]["bytes"] == 0
    assert outbreath_json(*prepare)["spoken_now"] == first["lines"]


def test_lines_of_an_own_script_count_as_spoken_the_first_time(outbreath_json: Callable[..., Any]) -> None:
    outbreath_json("script", "new", "Ward round")
    prepare = ("prepare", "ward-round", "--minutes", "2", "--voice", "hibari")
    first = outbreath_json(*prepare)
    assert first["spoken_now"] == first["lines"] > 0
    assert outbreath_json(*prepare)["spoken_now"] == 0


def test_what_cannot_be_prepared_is_said(outbreath_fails: Callable[..., tuple[int, list[str]]]) -> None:
    code, said = outbreath_fails("prepare", "unheard-of")
    assert (code, len(said)) == (1, 2)
    assert outbreath_fails("prepare", "morning-arrival", "--minutes", "0.1")[0] in (1, 2)


def test_lines_that_cannot_be_kept_are_no_preparation(
    home: Path, outbreath_fails: Callable[..., tuple[int, list[str]]]
) -> None:
    cache = home / "cache" / "spoken-lines"
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.touch()  # where a folder should be
    code, said = outbreath_fails("prepare", "coherent-breathing", "--minutes", "2", "--guidance", "less")
    assert code == 1
    assert said[0].startswith("Of the spoken lines")
