"""A piece of sound that carries its own format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

INT16_FULL_SCALE = 32767


@dataclass(frozen=True, eq=False, slots=True)
class AudioClip:
    """Sound in memory.

    ``samples``: float32, nominally -1.0 to 1.0; shape (frames,) for mono or (frames, 2) for stereo.
    ``sample_rate``: frames per second, in Hz.
    """

    samples: Samples
    sample_rate: int

    def __post_init__(self) -> None:
        if self.samples.dtype != np.float32:
            raise TypeError("samples must be float32")
        if self.samples.ndim not in (1, 2) or (self.samples.ndim == 2 and self.samples.shape[1] != 2):
            raise ValueError("samples must have the shape (frames,) or (frames, 2)")
        if self.sample_rate <= 0:
            raise ValueError("sample_rate must be positive")

    @property
    def frames(self) -> int:
        return len(self.samples)

    @property
    def channels(self) -> int:
        return 1 if self.samples.ndim == 1 else 2

    @property
    def duration_seconds(self) -> float:
        return self.frames / self.sample_rate

    def to_mono(self) -> AudioClip:
        """The mean of both channels."""
        if self.channels == 1:
            return self
        return AudioClip(self.samples.mean(axis=1, dtype=np.float32), self.sample_rate)

    def to_int16(self) -> NDArray[np.int16]:
        """16 bit samples of the same shape; what lies beyond full scale is clipped, never wrapped."""
        return np.round(np.clip(self.samples, -1.0, 1.0) * INT16_FULL_SCALE).astype(np.int16)

    @classmethod
    def from_int16(cls, samples: NDArray[np.int16], sample_rate: int) -> AudioClip:
        return cls((samples / np.float32(INT16_FULL_SCALE)).astype(np.float32), sample_rate)

    @classmethod
    def silence(cls, frames: int, sample_rate: int) -> AudioClip:
        return cls(np.zeros(frames, dtype=np.float32), sample_rate)


def join(clips: Sequence[AudioClip]) -> AudioClip:
    """Clips of one format, one after the other.

    Raises:
        ValueError: no clips, or clips of different formats.
    """
    if not clips:
        raise ValueError("nothing to join")
    if len({(clip.sample_rate, clip.channels) for clip in clips}) > 1:
        raise ValueError("clips to be joined must share sample rate and channels")
    return AudioClip(np.concatenate([clip.samples for clip in clips]), clips[0].sample_rate)
