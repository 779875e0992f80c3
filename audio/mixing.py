"""Laying sounds over each other, and shaping their edges so that no join clicks."""

from __future__ import annotations

import numpy as np

from audio.clip import AudioClip, Samples
from audio.levels import gain_of_db


def add(target: Samples, clip_samples: Samples, at_frame: int, gain_db: float = 0.0) -> None:
    """Adds ``clip_samples`` into ``target`` from ``at_frame`` on; what lies before or after ``target`` is left out.

    Args:
        target: changed in place; shape (frames,) or (frames, 2).
        clip_samples: of the same sample rate; mono is added to both channels of a stereo target.
        at_frame: where the clip starts, counted from the start of ``target``; may be negative.
        gain_db: level change of what is added.
    """
    start = max(0, at_frame)
    end = min(len(target), at_frame + len(clip_samples))
    if start >= end:
        return
    heard = clip_samples[start - at_frame : end - at_frame]
    if target.ndim == 2 and heard.ndim == 1:
        heard = heard[:, None]
    target[start:end] += heard if gain_db == 0.0 else heard * np.float32(gain_of_db(gain_db))


def fade_curve(frames: int) -> Samples:
    """A raised cosine from 0 up to 1; shape (frames,). Backwards it fades out; the two add up to 1."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(frames) + 0.5) / max(frames, 1))).astype(np.float32)


def faded(clip: AudioClip, in_frames: int = 0, out_frames: int = 0) -> AudioClip:
    """The clip with soft edges. A fade longer than the clip is shortened to it."""
    samples = clip.samples.copy()
    in_frames, out_frames = min(in_frames, clip.frames), min(out_frames, clip.frames)
    rising, falling = fade_curve(in_frames), fade_curve(out_frames)[::-1]
    if clip.channels == 2:
        rising, falling = rising[:, None], falling[:, None]
    samples[:in_frames] *= rising
    samples[clip.frames - out_frames :] *= falling
    return AudioClip(samples, clip.sample_rate)


def fitted(clip: AudioClip, frames: int, fade_seconds: float = 0.01) -> AudioClip:
    """The clip at exactly ``frames`` frames: silence added at the end, or its end faded out and cut."""
    if clip.frames <= frames:
        padding = [(0, frames - clip.frames)] + [(0, 0)] * (clip.samples.ndim - 1)
        return AudioClip(np.pad(clip.samples, padding), clip.sample_rate)
    cut = AudioClip(clip.samples[:frames], clip.sample_rate)
    return faded(cut, out_frames=round(fade_seconds * clip.sample_rate))
