"""Changing the sample rate. The door to soxr (libsoxr, high quality)."""

from __future__ import annotations

import numpy as np
import soxr

from audio.clip import AudioClip, Samples


def resample(clip: AudioClip, sample_rate: int) -> AudioClip:
    """The same sound at ``sample_rate`` Hz, its length rounded to the nearest whole frame."""
    if clip.sample_rate == sample_rate:
        return clip
    frames = round(clip.frames * sample_rate / clip.sample_rate)
    converted = np.asarray(soxr.resample(clip.samples, clip.sample_rate, sample_rate), dtype=np.float32)[:frames]
    # soxr may round the length the other way; the difference is a frame or two of decayed tail.
    missing = [(0, frames - len(converted))] + [(0, 0)] * (clip.samples.ndim - 1)
    return AudioClip(np.pad(converted, missing), sample_rate)


class Resampler:
    """Converts a stream piece by piece, without a seam between pieces."""

    def __init__(self, from_hz: int, to_hz: int, channels: int = 1) -> None:
        self._stream = soxr.ResampleStream(from_hz, to_hz, channels, dtype="float32") if from_hz != to_hz else None

    def convert(self, samples: Samples, last: bool = False) -> Samples:
        """What is ready after these ``samples``; all that remains when they are the ``last``.

        Shape (frames,) for one channel, (frames, channels) for more.
        """
        if self._stream is None:
            return samples
        return np.asarray(self._stream.resample_chunk(samples, last=last), dtype=np.float32)
