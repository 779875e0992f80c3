"""Lines that a person recorded: decoded, trimmed, brought to the loudness of the voice, softened at the edges."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio import editing, files
from audio.clip import AudioClip, join
from audio.loudness import normalised
from audio.mixing import fitted
from core.errors import UnreadableAudio
from sessions.slots import SAMPLE_RATE_HZ

LONGEST_SECONDS = 600.0
"""What is longer is no line; a whole session kept as sound would fill the memory."""

SLOT_SECONDS = 0.1

_State = tuple[Path, int, int]
"""A file, when it was changed (ns) and how many bytes it has."""


KEPT_BYTES = 64_000_000
"""Of lines that are ready; ten minutes of one take 58 MB."""


def recorded_line(path: Path) -> AudioClip:
    """The recording, ready to be laid into a session; mono at ``SAMPLE_RATE_HZ``, a multiple of 0.1 s long.

    Raises:
        UnreadableFile: it is missing or not ours to read.
        UnreadableAudio: there is no sound in it, or more than ten minutes of it.
    """
    return AudioClip.from_int16(_kept.samples(path), SAMPLE_RATE_HZ)


def recorded_seconds(path: Path) -> float:
    """How long the line takes; it is read for that only when it was not read before.

    Raises: as ``recorded_line``.
    """
    return _kept.frames(path) / SAMPLE_RATE_HZ


class KeptLines:
    """Lines that were made ready, the least recently used given up once they take more than ``limit_bytes``.

    They are kept as 16 bit samples. How long a line is stays known: a plan asks for it over and over.
    """

    def __init__(self, limit_bytes: int, prepare: Callable[[Path], AudioClip]) -> None:
        self._limit_bytes = limit_bytes
        self._prepare = prepare
        self._samples: OrderedDict[_State, NDArray[np.int16]] = OrderedDict()
        self._frames: dict[_State, int] = {}
        self._changing = threading.Lock()

    @property
    def kept_bytes(self) -> int:
        """What all lines that are kept take."""
        with self._changing:
            return sum(samples.nbytes for samples in self._samples.values())

    def samples(self, path: Path) -> NDArray[np.int16]:
        """The line in a file as it is now."""
        state = _state_of(path)
        with self._changing:
            if state in self._samples:
                self._samples.move_to_end(state)
                return self._samples[state]
        samples = self._prepare(path).to_int16()
        with self._changing:
            self._frames[state] = len(samples)
            self._samples[state] = samples
            while sum(each.nbytes for each in self._samples.values()) > self._limit_bytes:
                self._samples.popitem(last=False)
        return samples

    def frames(self, path: Path) -> int:
        """Its length."""
        known = self._frames.get(_state_of(path))
        return len(self.samples(path)) if known is None else known


def _state_of(path: Path) -> _State:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return path, 0, 0
    return path, status.st_mtime_ns, status.st_size


def _prepared(path: Path) -> AudioClip:
    blocks, frames = [], 0
    for block in files.decode(path, SAMPLE_RATE_HZ):
        blocks.append(block)
        frames += block.frames
        if frames > LONGEST_SECONDS * SAMPLE_RATE_HZ:
            raise UnreadableAudio
    if not blocks:
        raise UnreadableAudio
    line = editing.recorded_line(join(blocks).to_mono())
    if not line.frames:
        raise UnreadableAudio
    slot_frames = round(SLOT_SECONDS * SAMPLE_RATE_HZ)
    return fitted(normalised(line), math.ceil(line.frames / slot_frames) * slot_frames)


_kept = KeptLines(KEPT_BYTES, _prepared)
