"""Lines that a person recorded: decoded, trimmed, brought to the loudness of the voice, softened at the edges."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

from audio import editing, files
from audio.clip import AudioClip, join
from audio.loudness import normalised
from audio.mixing import fitted
from core.errors import UnreadableAudio
from sessions.slots import SAMPLE_RATE_HZ

LONGEST_SECONDS = 600.0
"""What is longer is no line; a whole session kept as sound would fill the memory."""

SLOT_SECONDS = 0.1


def recorded_line(path: Path) -> AudioClip:
    """The recording, ready to be laid into a session; mono at ``SAMPLE_RATE_HZ``, a multiple of 0.1 s long.

    Raises:
        UnreadableFile: it is missing or not ours to read.
        UnreadableAudio: there is no sound in it, or more than ten minutes of it.
    """
    try:
        changed_at_nanoseconds = path.stat().st_mtime_ns
    except OSError:
        changed_at_nanoseconds = 0
    return _prepared(path, changed_at_nanoseconds)


@lru_cache(maxsize=8)
def _prepared(path: Path, _changed_at_nanoseconds: int) -> AudioClip:
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
