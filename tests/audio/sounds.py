"""Sounds that tests make, and what can be measured of them."""

from __future__ import annotations

import numpy as np

from audio.clip import AudioClip, Samples
from audio.loudness import integrated_lufs


def sine(pitch_hz: float, seconds: float, sample_rate: int = 48_000, amplitude: float = 0.5) -> AudioClip:
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    return AudioClip((amplitude * np.sin(2 * np.pi * pitch_hz * time)).astype(np.float32), sample_rate)


def stereo(left: AudioClip, right: AudioClip) -> AudioClip:
    return AudioClip(np.stack([left.samples, right.samples], axis=1), left.sample_rate)


def largest_step(samples: Samples) -> float:
    """The largest difference between neighbouring frames."""
    return float(np.max(np.abs(np.diff(samples, axis=0)), initial=0.0))


def pitch_hz(clip: AudioClip) -> float:
    """The strongest pitch, to the nearest bin."""
    spectrum = np.abs(np.fft.rfft(clip.samples * np.hanning(clip.frames)))
    return float(np.argmax(spectrum) * clip.sample_rate / clip.frames)


def part(clip: AudioClip, start_seconds: float, end_seconds: float) -> AudioClip:
    start, end = round(start_seconds * clip.sample_rate), round(end_seconds * clip.sample_rate)
    return AudioClip(clip.samples[start:end], clip.sample_rate)


def momentary_lufs(clip: AudioClip) -> list[float]:
    """Loudness of every 400 ms, each measured by itself."""
    return [integrated_lufs(part(clip, at, at + 0.4)) for at in np.arange(0.0, clip.duration_seconds - 0.39, 0.4)]
