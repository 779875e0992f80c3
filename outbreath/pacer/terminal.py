"""What the terminal can show."""

from __future__ import annotations

import codecs
import select
import sys
from collections.abc import Callable, Mapping

from outbreath.pacer.drawing import DAWN, DAWN_OF_256, DUSK, DUSK_OF_256, Palette

LIGHT_GROUNDS = ("7", "15")
ALL_COLOURS = ("truecolor", "24bit")


def shows_pictures(environment: Mapping[str, str]) -> bool:
    """Whether a full screen with colours can be drawn: not into a pipe or a file, and not where colour is unwanted."""
    if environment.get("NO_COLOR") or environment.get("TERM", "dumb") == "dumb":
        return False
    # Keys come from the first, the picture goes to the last, and words would go to the one between.
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream.isatty() for stream in streams) and _takes_blocks(sys.stdout.encoding)


def hang_up() -> Callable[[], bool]:
    """How to ask from now on whether the terminal was closed.

    Mostly a signal says so, but not to who is in a session of its own.
    """
    keys = select.poll()
    stdin = sys.__stdin__  # as textual reads it
    if stdin is not None and stdin.isatty():  # once closed, it is no terminal any more
        keys.register(stdin, select.POLLHUP)
    return lambda: any(state & select.POLLHUP for _, state in keys.poll(0))


def _takes_blocks(encoding: str) -> bool:
    return codecs.lookup(encoding).name == "utf-8"


def palette(environment: Mapping[str, str]) -> Palette:
    """Dark, unless the terminal says that its own ground is light."""
    # "0;15" or "0;default;15": the last is the ground.
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    if environment.get("COLORTERM", "").lower() in ALL_COLOURS:
        return DAWN if ground in LIGHT_GROUNDS else DUSK
    return DAWN_OF_256 if ground in LIGHT_GROUNDS else DUSK_OF_256
