"""How loud samples are, and how to change it. Decibels relative to full scale (dBFS); silence is minus infinity."""

from __future__ import annotations

import math

import numpy as np

from audio.clip import AudioClip


def db_of_gain(gain: float) -> float:
    """The level of an amplitude ratio in dB; -inf for zero."""
    return 20.0 * math.log10(gain) if gain > 0.0 else -math.inf


def gain_of_db(db: float) -> float:
    """The amplitude ratio of a level in dB."""
    return float(10.0 ** (db / 20.0))


def peak_dbfs(clip: AudioClip) -> float:
    """The largest sample, in dBFS."""
    return db_of_gain(float(np.max(np.abs(clip.samples), initial=0.0)))


def rms_dbfs(clip: AudioClip) -> float:
    """Root mean square over all samples and channels, in dBFS, where a full-scale square wave is 0."""
    if clip.frames == 0:
        return -math.inf
    return db_of_gain(math.sqrt(float(np.mean(np.square(clip.samples, dtype=np.float64)))))


def amplified(clip: AudioClip, db: float) -> AudioClip:
    """The clip made louder by ``db`` decibels (softer when negative). Nothing is clipped."""
    return AudioClip(clip.samples * np.float32(gain_of_db(db)), clip.sample_rate)
