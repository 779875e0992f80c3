"""Keeps C libraries from printing over what the terminal shows."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from functools import cache


@cache
def silence() -> None:
    """What C libraries write to their ``stderr`` goes nowhere from now on; Python's own is another.

    PortAudio and ALSA print a line for each try of a device that is gone. The same reaches us as errors, which say what
    to do. Does nothing where the C library keeps its ``stderr`` elsewhere.
    """
    with suppress(OSError, ValueError, AttributeError, TypeError):
        library = ctypes.CDLL(None)
        library.fopen.restype = ctypes.c_void_p
        stderr = ctypes.c_void_p.in_dll(library, "stderr")
        stderr.value = library.fopen(os.fsencode(os.devnull), b"w") or stderr.value
