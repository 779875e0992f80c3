from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from outbreath.pacer.drawing import DAWN, DAWN_OF_256, DUSK, DUSK_OF_256, Palette
from outbreath.pacer.terminal import palette, shows_pictures

TERMINAL = {"TERM": "xterm-256color"}


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding)

    def isatty(self) -> bool:
        return True


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes terminals of the standard streams, but for those that are named; pytest sets its own before each test."""

    def streams(**others: io.TextIOWrapper) -> None:
        for name in ("stdin", "stdout", "stderr"):
            monkeypatch.setattr(sys, name, others.get(name, Terminal()))

    return streams


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        (TERMINAL, True),
        ({**TERMINAL, "NO_COLOR": ""}, True),
        ({**TERMINAL, "NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({}, False),
    ],
    ids=["a terminal", "NO_COLOR empty", "NO_COLOR", "a dumb one", "an unknown one"],
)
def test_a_terminal_with_colours_shows_pictures(
    use: Callable[..., None], environment: dict[str, str], shown: bool
) -> None:
    use()
    assert shows_pictures(environment) is shown


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_pipes_and_files_get_lines(use: Callable[..., None], name: str) -> None:
    use(**{name: io.TextIOWrapper(io.BytesIO(), "utf-8")})
    assert not shows_pictures(TERMINAL)


def test_without_blocks_there_is_no_circle(use: Callable[..., None]) -> None:
    use(stdout=Terminal("latin-1"))
    assert not shows_pictures(TERMINAL)


@pytest.mark.parametrize(
    ("ground", "colours"),
    [("0;15", DAWN), ("0;default;7", DAWN), ("15;0", DUSK), ("15;default;default", DUSK), ("", DUSK), (None, DUSK)],
)
def test_a_light_terminal_stays_light(ground: str | None, colours: Palette) -> None:
    environment = {"COLORTERM": "truecolor"} | ({} if ground is None else {"COLORFGBG": ground})
    assert palette(environment) is colours


def test_a_terminal_of_few_colours_gets_some_of_its_own() -> None:
    assert palette({}) is DUSK_OF_256
    assert palette({"COLORFGBG": "0;15", "COLORTERM": "yes"}) is DAWN_OF_256
