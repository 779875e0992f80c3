"""The breath pacer in a real terminal with a real sound card: it breathes, is left, and the terminal is as it was."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from tests.sound_server import SoundServer

PROGRAM = (sys.executable, "-m", "outbreath")
BREATHE = ("breathe", "4-0-6-0", "--minutes", "0.5")
PATIENCE_SECONDS = 60
OPENED, CLOSED = "\x1b[?1049h", "\x1b[?1049l"
CURSOR_SHOWN, CURSOR_HIDDEN = "\x1b[?25h", "\x1b[?25l"

pytestmark = [pytest.mark.sound_server, pytest.mark.model]


OF_ANOTHER_TERMINAL = ("NO_COLOR", "COLORFGBG", "COLORTERM", "COLUMNS", "LINES")
"""Variables of the terminal in which the tests run, or of the tool that runs several of them at once."""


class Terminal:
    """A pseudo-terminal of 60 columns and 16 rows, where the phase is written in characters."""

    def __init__(self) -> None:
        self.keyboard, self.screen = pty.openpty()
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", 16, 60, 0, 0))
        self.before = self.modes()
        self.written = ""
        self._over = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def modes(self) -> list[Any]:
        return termios.tcgetattr(self.screen)

    def type(self, keys: str) -> None:
        os.write(self.keyboard, keys.encode())

    def shows(self, text: str, after: int = 0) -> int:
        """Waits until it is written; gives the place behind it."""
        self.until(lambda: text in self.written[after:])
        return self.written.index(text, after) + len(text)

    def until(self, met: Callable[[], bool]) -> None:
        late = time.monotonic() + PATIENCE_SECONDS
        while not met():
            assert time.monotonic() < late, self.written[-2000:]
            time.sleep(0.02)

    def check_that_it_is_as_it_was(self) -> None:
        self.until(lambda: self.written.count(OPENED) == self.written.count(CLOSED))
        assert self.written.rfind(CURSOR_SHOWN) >= self.written.rfind(CURSOR_HIDDEN)
        assert self.modes() == self.before

    def close(self) -> None:
        self._over.set()
        os.close(self.screen)
        self._reader.join()
        os.close(self.keyboard)

    def _read(self) -> None:
        while True:
            try:
                piece = os.read(self.keyboard, 65536)
            except OSError:  # nobody has it open any more
                return
            self.written += piece.decode(errors="replace")


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal()
    yield opened
    opened.close()


@contextmanager
def running(
    terminal: Terminal, environment: dict[str, str], command: tuple[str, ...] = BREATHE, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    environment = {name: value for name, value in environment.items() if name not in OF_ANOTHER_TERMINAL}
    environment |= {"TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **more}
    streams = {"stdin": terminal.screen, "stdout": terminal.screen, "stderr": terminal.screen}
    with subprocess.Popen((*PROGRAM, *command), env=environment, start_new_session=True, **streams) as program:
        try:
            yield program
        finally:
            program.kill()


def test_it_shows_the_breath_pauses_and_is_left(environment: dict[str, str], terminal: Terminal) -> None:
    with running(terminal, environment) as program:
        place = terminal.shows("Breathe in as the tone rises")
        place = terminal.shows("  Breathe in  ", place)
        terminal.type(" ")
        place = terminal.shows("Paused", place)
        terminal.type(" ")
        place = terminal.shows("space pauses", place)
        place = terminal.shows("  Breathe out  ", place)
        terminal.shows("1 of 1 breath", place)
        terminal.type("q")
        assert program.wait(PATIENCE_SECONDS) == 0
    terminal.check_that_it_is_as_it_was()


def test_the_sound_is_whole_and_the_screen_is_in_step_and_closes_after_it(
    environment: dict[str, str], terminal: Terminal, sound_server: SoundServer
) -> None:
    with sound_server.recording() as recording, running(terminal, environment) as program:
        terminal.shows("  Breathe in  ")
        heard_seconds = recording.clip.duration_seconds
        assert program.wait(PATIENCE_SECONDS) == 0
    audible = np.flatnonzero(np.abs(recording.clip.samples) > 0.0003)
    # The invitation ends, and the breath begins, 9.4 s after the bell. A busy machine may show it late, never early.
    assert -0.5 < heard_seconds - audible[0] / 48_000 - 9.4 < 3
    assert 28.5 < (audible[-1] - audible[0]) / 48_000 < 30.5
    assert "1 of 1 breath" in terminal.written
    terminal.check_that_it_is_as_it_was()


@pytest.mark.parametrize("ending", ["Ctrl+C", "the signal to end", "Escape"])
def test_however_it_is_ended_the_terminal_is_as_it_was(
    environment: dict[str, str], terminal: Terminal, ending: str
) -> None:
    with running(terminal, environment) as program:
        terminal.shows("q stops")
        if ending == "the signal to end":
            program.send_signal(signal.SIGTERM)
        else:
            terminal.type("\x03" if ending == "Ctrl+C" else "\x1b")
        assert program.wait(PATIENCE_SECONDS) == 0
    terminal.check_that_it_is_as_it_was()


def test_it_ends_when_its_terminal_is_gone(environment: dict[str, str]) -> None:
    """No signal tells it so, since it is in a session of its own."""
    keyboard, screen = pty.openpty()
    own = {**environment, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    streams = {"stdin": screen, "stdout": screen, "stderr": screen}
    with subprocess.Popen((*PROGRAM, *BREATHE), env=own, start_new_session=True, **streams) as program:
        try:
            written = b""
            while OPENED.encode() not in written:
                written += os.read(keyboard, 65536)
            os.close(screen)
            os.close(keyboard)
            program.wait(PATIENCE_SECONDS / 3)
        finally:
            program.kill()


def test_without_a_sound_card_it_says_so_in_two_lines(environment: dict[str, str], terminal: Terminal) -> None:
    with running(terminal, environment, OUTBREATH_OUTPUT_DEVICE="unplugged") as program:
        assert program.wait(PATIENCE_SECONDS) == 1
    terminal.check_that_it_is_as_it_was()
    said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.written[terminal.written.rfind(CLOSED) :])
    first, second = said.strip().splitlines()
    assert first.endswith("No sound card can be used from here.")
    assert second


def test_a_breathing_session_of_the_library_goes_section_by_section(
    environment: dict[str, str], terminal: Terminal
) -> None:
    with running(terminal, environment, ("play", "coherent-breathing")) as program:
        place = terminal.shows("n next section")
        terminal.type("n")
        place = terminal.shows("  Breathe in  ", place)
        terminal.type("n")
        terminal.shows("q stops\x1b", place)  # the last of the keys: no section follows
        terminal.type("q")
        assert program.wait(PATIENCE_SECONDS) == 0
    terminal.check_that_it_is_as_it_was()


def test_other_sessions_are_listened_to_and_need_no_screen(environment: dict[str, str], terminal: Terminal) -> None:
    with running(terminal, environment, ("play", "between-clients")) as program:
        terminal.shows("\r\n")
        terminal.type("q")
        assert program.wait(PATIENCE_SECONDS) == 0
    assert OPENED not in terminal.written
    terminal.check_that_it_is_as_it_was()


def test_without_colour_there_are_lines_to_read(environment: dict[str, str], terminal: Terminal) -> None:
    with running(terminal, environment, NO_COLOR="1") as program:
        terminal.shows("Breathe in as the tone rises, and out as it falls.\r\n")
        terminal.type("q")
        assert program.wait(PATIENCE_SECONDS) == 0
    assert OPENED not in terminal.written
    terminal.check_that_it_is_as_it_was()
