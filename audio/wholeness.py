"""Whether the end of a sound file is missing, as a copy that broke off leaves it. Where in doubt, it is whole."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import BinaryIO, Final

_RIFF_HEADER_BYTES: Final = 8
_SIZES_OF_A_STREAM: Final = (0, 0x7FFF_FFFF, 0xFFFF_FFFF)
"""Written by who did not know yet how much would come."""

_LARGEST_OGG_PAGE_BYTES: Final = 65_307
_OGG_PAGE_HEADER_BYTES: Final = 27
_OGG_LAST_PAGE: Final = 0x04


def breaks_off(path: Path) -> bool:
    """Reads a few bytes of the file. Only WAV and Ogg say at a glance how they end; others count as whole.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        kind = file.read(4)
        if kind == b"RIFF":
            return _wav_breaks_off(file)
        return kind == b"OggS" and _ogg_breaks_off(file)


def _wav_breaks_off(file: BinaryIO) -> bool:
    size = int.from_bytes(file.read(4), "little")
    # One byte less is no loss: some leave out the last, which only makes their number even.
    return size not in _SIZES_OF_A_STREAM and os.fstat(file.fileno()).st_size < _RIFF_HEADER_BYTES + size - 1


def _ogg_breaks_off(file: BinaryIO) -> bool:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _LARGEST_OGG_PAGE_BYTES))
    end = file.read()
    page = end[end.rfind(b"OggS") :]
    if len(page) < _OGG_PAGE_HEADER_BYTES:
        return True
    lengths = page[_OGG_PAGE_HEADER_BYTES : _OGG_PAGE_HEADER_BYTES + page[26]]
    return not page[5] & _OGG_LAST_PAGE or len(page) < _OGG_PAGE_HEADER_BYTES + page[26] + sum(lengths)
