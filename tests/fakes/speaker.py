"""A speaker that plays into memory, as fast as it can."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from audio.clip import AudioClip, Samples
from audio.devices import PlaybackControl


class MemorySpeaker:
    """Keeps what it plays. ``before_block`` is called with the number of frames played so far."""

    def __init__(self, before_block: Callable[[int], None] = lambda frames: None) -> None:
        self._before_block = before_block
        self.blocks: list[Samples] = []

    @property
    def played(self) -> Samples:
        return np.concatenate(self.blocks)

    def play(self, blocks: Iterable[AudioClip], control: PlaybackControl | None = None) -> int:
        control = control or PlaybackControl()
        frames = 0
        for block in blocks:
            self._before_block(frames)
            control.wait_while_paused()
            if control.stopped:
                break
            self.blocks.append(block.samples)
            frames += block.frames
            control.played_seconds += block.duration_seconds
        return frames
