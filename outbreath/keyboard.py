"""Keys pressed while something plays or listens."""

from __future__ import annotations

import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from audio.devices import PlaybackControl


class Presses:
    """Presses of Enter, waiting to be answered; ``ended`` once the person wants to stop altogether."""

    def __init__(self) -> None:
        self._presses: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._ended = threading.Event()

    def press(self) -> None:
        self._presses.put(None)

    def end(self) -> None:
        self._ended.set()

    def take(self) -> bool:
        """True if a press was waiting; it is used up."""
        try:
            self._presses.get_nowait()
        except queue.Empty:
            return False
        return True

    @property
    def ended(self) -> bool:
        return self._ended.is_set()


@contextmanager
def enter_presses() -> Iterator[Presses]:
    """Listens for Enter until closed. Ctrl+C and the end of standard input end the reflection, not the program."""
    presses = Presses()
    threading.Thread(target=_read_lines, args=(presses,), daemon=True).start()
    with _signals_to(presses.end):
        yield presses


def _read_lines(presses: Presses) -> None:
    for _ in sys.stdin:
        presses.press()
    presses.end()


@contextmanager
def playback_keys() -> Iterator[PlaybackControl]:
    """Space pauses and goes on, q stops, on a terminal; Ctrl+C stops anywhere."""
    control = PlaybackControl()
    done = threading.Event()
    with _signals_to(control.stop), _single_keys():
        if sys.stdin.isatty():
            threading.Thread(target=_read_keys, args=(control, done), daemon=True).start()
        try:
            yield control
        finally:
            done.set()


def _read_keys(control: PlaybackControl, done: threading.Event) -> None:
    import select

    while not done.is_set():
        if not select.select([sys.stdin], [], [], 0.1)[0]:
            continue
        match sys.stdin.read(1):
            case " ":
                (control.resume if control.paused else control.pause)()
            case "q" | "":
                control.stop()
                return


@contextmanager
def _single_keys() -> Iterator[None]:
    """Has the terminal hand over each key at once; gives it back as it was."""
    try:
        import termios
        import tty

        before = termios.tcgetattr(sys.stdin)
    except (ImportError, OSError, ValueError, termios.error):
        yield  # no terminal, or one of another kind: Ctrl+C still stops
        return
    try:
        tty.setcbreak(sys.stdin)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextmanager
def _signals_to(stop: Callable[[], None]) -> Iterator[None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
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
