"""A microphone that hears what a test has recorded beforehand. Its counterpart is ``tests.fakes.speaker``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from audio.clip import AudioClip
from audio.resampling import resample
from core.errors import DeviceLost, NoMicrophone


class MemoryMicrophone:
    """Hears the clips one after the other, one at each time it is opened, as fast as it is listened to.

    ``lost_after_seconds`` takes the device away in the middle. ``opened`` counts how often it was.
    """

    def __init__(self, *clips: AudioClip, block_seconds: float = 0.1, lost_after_seconds: float | None = None) -> None:
        self._clips = clips
        self._block_seconds = block_seconds
        self._lost_after_seconds = lost_after_seconds
        self.opened = 0
        self.closed = 0

    @contextmanager
    def listen(self, sample_rate: int) -> Iterator[Iterator[AudioClip]]:
        if self.opened >= len(self._clips):
            raise NoMicrophone
        clip = resample(self._clips[self.opened].to_mono(), sample_rate)
        self.opened += 1
        try:
            yield self._blocks(clip)
        finally:
            self.closed += 1

    def _blocks(self, clip: AudioClip) -> Iterator[AudioClip]:
        size = round(self._block_seconds * clip.sample_rate)
        for start in range(0, clip.frames, size):
            if self._lost_after_seconds is not None and start >= self._lost_after_seconds * clip.sample_rate:
                raise DeviceLost
            yield AudioClip(clip.samples[start : start + size], clip.sample_rate)
