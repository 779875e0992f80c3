"""Keys on a real pseudo-terminal: what is pressed is what is meant, and nothing else is."""

from __future__ import annotations

import os
import pty
import select
import sys
import time
from collections.abc import Iterator

import pytest

from outbreath.keyboard import Presses, playback_keys, presses

PATIENCE_SECONDS = 5


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The descriptor to type into."""
    typed, terminal = pty.openpty()
    with os.fdopen(terminal, "r") as standard_input:
        monkeypatch.setattr(sys, "stdin", standard_input)
        yield typed
    os.close(typed)


def taken(pressed: Presses, count: int) -> list[str | None]:
    until = time.monotonic() + PATIENCE_SECONDS
    found: list[str | None] = []
    while len(found) < count and time.monotonic() < until:
        if (press := pressed.take()) is not None:
            found.append(press)
    return found


def test_keys_go_on_skip_and_go_back_however_fast_they_come(keyboard: int) -> None:
    with presses() as pressed:
        os.write(keyboard, b"\n sb")
        assert taken(pressed, 4) == ["next", "next", "skip", "back"]
        assert not pressed.ended


def test_a_session_can_be_stopped_before_it_has_begun(keyboard: int) -> None:
    os.write(keyboard, b"q")
    with playback_keys() as control:
        until = time.monotonic() + PATIENCE_SECONDS
        while not control.stopped:
            assert time.monotonic() < until


def test_an_early_enter_ends_no_reflection(keyboard: int) -> None:
    os.write(keyboard, b"\n")
    assert select.select([sys.stdin], [], [], PATIENCE_SECONDS)[0], "it has come through"
    with presses() as pressed:
        os.write(keyboard, b"s")
        assert taken(pressed, 1) == ["skip"]


def test_arrows_and_letters_mean_nothing(keyboard: int) -> None:
    with presses() as pressed:
        for keys in (b"\x1b[C", b"\x1b[15~", b"xyz"):
            os.write(keyboard, keys)
            time.sleep(0.2)
        os.write(keyboard, b"s")
        assert taken(pressed, 1) == ["skip"]
        assert pressed.take() is None


@pytest.mark.parametrize("keys", [b"q", b"sq", b"\x04"], ids=["q", "s and q at once", "end of input"])
def test_q_and_the_end_of_input_end_it(keyboard: int, keys: bytes) -> None:
    with presses() as pressed:
        os.write(keyboard, keys)
        until = time.monotonic() + PATIENCE_SECONDS
        while not pressed.ended:
            assert time.monotonic() < until


@pytest.mark.parametrize("key", ["", "s", "b", "q"])
def test_a_press_stops_what_is_being_said(key: str) -> None:
    pressed = Presses()
    saying = pressed.interrupting()
    assert not saying.stopped
    pressed.press(key)
    assert saying.stopped


def test_after_the_end_nothing_more_is_said() -> None:
    pressed = Presses()
    pressed.end()
    assert pressed.interrupting().stopped
