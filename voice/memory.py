"""Gives memory back to the system after heavy work.

Models need hundreds of megabytes for a moment. The C library keeps what they freed for later, in one pool for each
thread that asked; on a machine with little memory others need it more.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Returns freed memory to the system, in some milliseconds; does nothing where the C library has no such call."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
