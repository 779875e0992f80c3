"""Keys pressed while something plays or listens."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import typer

from audio.devices import PlaybackControl
from sessions.performing import SessionControl
from sessions.spoken_entry import Press

PRESSES: Final[dict[str, Press]] = {"": "next", " ": "next", "\r": "next", "\n": "next", "s": "skip", "b": "back"}
END_OF_INPUT: Final = "\x04"
ESCAPE: Final = "\x1b"
MOST_BYTES_AT_ONCE: Final = 64
SIGNALLED: Final = 128
"""What shells add to the number of the signal that ended a program."""


class Presses:
    """What was pressed while somebody speaks, waiting to be answered; see ``sessions.reflection.Presses``."""

    def __init__(self) -> None:
        self._presses: queue.SimpleQueue[Press] = queue.SimpleQueue()
        self._control = PlaybackControl()
        self._ended = threading.Event()

    def press(self, key: str) -> None:
        """Takes a key, or the first letter of a line."""
        asked: Press | None = PRESSES.get(key.lower())
        if key.lower() == "q":
            self.end()
        elif asked is not None:
            self._presses.put(asked)
            self._control.stop()

    def end(self) -> None:
        self._ended.set()
        self._control.stop()

    def interrupting(self) -> PlaybackControl:
        self._control = PlaybackControl()
        if self._ended.is_set():
            self._control.stop()
        return self._control

    def take(self) -> Press | None:
        try:
            return self._presses.get_nowait()
        except queue.Empty:
            return None

    @property
    def ended(self) -> bool:
        return self._ended.is_set()


@contextmanager
def presses() -> Iterator[Presses]:
    """Keys on a terminal, elsewhere lines: Enter or space goes on, s skips, b goes back, q ends.

    Ctrl+C and the end of standard input end the reflection, not the program.
    """
    pressed, done = Presses(), threading.Event()
    with signals_to(pressed.end), _single_keys():
        on_terminal = sys.stdin.isatty()
        reader = threading.Thread(
            target=_read_presses if on_terminal else _read_lines, args=(pressed, done), daemon=True
        )
        reader.start()
        try:
            yield pressed
        finally:
            done.set()
            if on_terminal:  # elsewhere it waits for a line that may never come
                reader.join()


def _read_lines(pressed: Presses, _done: threading.Event) -> None:
    for line in sys.stdin:
        # Whatever else stands in a line, Enter was pressed.
        key = line.strip()[:1]
        pressed.press(key if key in ("s", "b", "q") else "")
    pressed.end()


def _read_presses(pressed: Presses, done: threading.Event) -> None:
    for key in _keys(done):
        pressed.press(key)
    pressed.end()


@contextmanager
def playback_keys() -> Iterator[SessionControl]:
    """Space pauses and goes on, n skips to the next section, q stops, on a terminal; Ctrl+C stops anywhere."""
    control = SessionControl()
    done = threading.Event()
    # Whoever wants a session to stop need not wait until it has begun. To speaking an early Enter would be the end.
    with signals_to(control.stop), _single_keys(early_too=True):
        if sys.stdin.isatty():
            threading.Thread(target=_read_keys, args=(control, done), daemon=True).start()
        try:
            yield control
        finally:
            done.set()


def _read_keys(control: SessionControl, done: threading.Event) -> None:
    for key in _keys(done):
        if key == " ":
            (control.resume if control.paused else control.pause)()
        elif key == "n":
            control.skip()
        elif key == "q":
            break
    control.stop()


def _keys(done: threading.Event) -> Iterator[str]:
    """Each key as it is pressed, until ``done`` or the end of standard input."""
    import select

    descriptor = sys.stdin.fileno()
    while not done.is_set():
        if not select.select([descriptor], [], [], 0.1)[0]:
            continue
        # Not by way of ``sys.stdin``, which would keep some of it where ``select`` doesn't look.
        keys = os.read(descriptor, MOST_BYTES_AT_ONCE).decode(errors="ignore")
        if not keys or END_OF_INPUT in keys:
            return
        # An arrow or a function key comes as several characters behind an escape.
        yield from keys.partition(ESCAPE)[0]


@contextmanager
def _single_keys(*, early_too: bool = False) -> Iterator[None]:
    """Has the terminal hand over each key at once; gives it back as it was.

    Args:
        early_too: a key counts that was pressed before.
    """
    try:
        import termios
        import tty

        before = termios.tcgetattr(sys.stdin)
    except (ImportError, OSError, ValueError, termios.error):
        yield  # no terminal, or one of another kind: Ctrl+C still stops
        return
    try:
        tty.setcbreak(sys.stdin, termios.TCSADRAIN if early_too else termios.TCSAFLUSH)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextmanager
def signals_to(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl+C, and the end that another program asks for, call ``stop`` instead of ending the program at once."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def ended_in_order() -> Iterator[None]:
    """The end that another program asks for, or a terminal that is closed, ends the work as Ctrl+C does: tidied up."""

    def end(number: int, _frame: FrameType | None) -> None:
        sys.exit(SIGNALLED + number)

    asked = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # What was told to go on when its terminal is closed, as nohup does, goes on.
    before = {number: signal.signal(number, end) for number in asked if signal.getsignal(number) is signal.SIG_DFL}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ask_passphrase(label: str = "Passphrase", twice: bool = False) -> str:
    """Asks on a terminal without showing it; reads one line elsewhere. Never an argument: others can see those."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt(label, hide_input=True, confirmation_prompt=twice, err=True))
