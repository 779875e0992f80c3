"""Soft sound under a session: rain, ocean, brown noise, a drone. Synthesised, so there is nothing to license.

Each bed is one loop, made in the frequency domain and therefore periodic: its end runs into its start without a seam.
Any stretch of any length is cut from that loop, which makes random access exact and ten minutes cheap.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from audio.clip import AudioClip, Samples
from audio.levels import gain_of_db

BED_NAMES: Final = ("none", "rain", "ocean", "brown", "drone")

LOOP_SECONDS = 32

POINTS_PER_SECOND = 50
"""Of curves that move slowly. The usual sample rates are multiples of it."""

# Root mean square of each bed, found by measuring: all come out at -44 LUFS, 25 dB under speech. So soft it falls under
# the relative gate of integrated loudness (-10 LU, EBU R 128) wherever somebody speaks for a twentieth of the time: the
# bed makes no session louder or softer than another.
_RMS_DBFS: Final = {"rain": -45.7, "ocean": -41.8, "brown": -40.5, "drone": -42.6}

_SEED = 20_260_106

Array = NDArray[np.floating[Any]]
Shape = Callable[[Array], Array]


def bed(name: str, start_frame: int, frames: int, sample_rate: int) -> AudioClip:
    """``frames`` frames of a bed from ``start_frame`` on; mono. The same request always gives the same samples.

    Args:
        name: one of ``BED_NAMES``.

    Raises:
        KeyError: there is no bed of that name.
    """
    if name == "none":
        return AudioClip.silence(frames, sample_rate)
    loop = _loop(name, sample_rate)
    start = start_frame % len(loop)
    samples = np.empty(frames, dtype=np.float32)
    filled = min(frames, len(loop) - start)
    samples[:filled] = loop[start : start + filled]
    for at in range(filled, frames, len(loop)):
        samples[at : at + len(loop)] = loop[: frames - at]
    return AudioClip(samples, sample_rate)


@lru_cache(maxsize=8)
def _loop(name: str, sample_rate: int) -> Samples:
    """One period of a bed at its final level. Made once per process; takes a tenth of a second."""
    shape = _MAKERS[name](sample_rate)
    loop: Samples = (shape * (gain_of_db(_RMS_DBFS[name]) / np.sqrt(np.mean(np.square(shape))))).astype(np.float32)
    loop.flags.writeable = False
    return loop


def _noise(sample_rate: int, shape: Shape, seed: int = _SEED) -> Array:
    """Periodic noise of unit power whose amplitude spectrum is ``shape`` (a function of Hz)."""
    frames = LOOP_SECONDS * sample_rate
    random = np.random.default_rng(seed)
    bins = frames // 2 + 1
    spectrum = random.standard_normal(2 * bins, dtype=np.float32).view(np.complex64)
    spectrum *= shape(np.arange(bins, dtype=np.float32) / np.float32(LOOP_SECONDS))
    spectrum[0] = 0.0
    noise = np.fft.irfft(spectrum, n=frames).astype(np.float32)
    return noise / np.float32(np.sqrt(np.mean(np.square(noise))))


def _slow(sample_rate: int, curve: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Array:
    """A curve over the loop (a function of turns, 0 to 1), slow enough for a few points a second."""
    heights = curve(np.linspace(0.0, 1.0, LOOP_SECONDS * POINTS_PER_SECOND + 1)).astype(np.float32)
    between = np.linspace(0.0, 1.0, sample_rate // POINTS_PER_SECOND, endpoint=False, dtype=np.float32)
    return (heights[:-1, None] + np.diff(heights)[:, None] * between).ravel()


def _brown(sample_rate: int) -> Array:
    """Power falls by 6 dB an octave; what lies below 40 Hz would only stir loudspeakers."""
    return _noise(sample_rate, lambda hz: (hz >= 20.0) / np.maximum(hz, 40.0))


def _rain(sample_rate: int) -> Array:
    """A steady hiss of distant rain, and single drops nearby."""
    rain = _noise(sample_rate, lambda hz: (hz / 400) / (1 + (hz / 400) ** 1.6) / (1 + (hz / 7000) ** 4))
    random = np.random.default_rng(_SEED + 1)
    length = round(0.03 * sample_rate)
    time = np.arange(length) / sample_rate
    ring = np.exp(-time / 0.004) * np.minimum(1.0, time / 0.001)
    for start in random.integers(0, len(rain), 30 * LOOP_SECONDS):
        drop = (random.exponential(0.7) * ring * np.sin(2 * np.pi * random.uniform(900, 3200) * time)).astype(
            np.float32
        )
        # A drop at the very end rings on at the start.
        before_end = min(length, len(rain) - start)
        rain[start : start + before_end] += drop[:before_end]
        rain[: length - before_end] += drop[before_end:]
    return rain


def _ocean(sample_rate: int) -> Array:
    """Two trains of waves, eight and eleven seconds apart, over a far surf. Whole waves fit the loop."""
    surf = _noise(sample_rate, lambda hz: (hz >= 30.0) / np.maximum(hz, 60.0))
    foam = _noise(sample_rate, lambda hz: (hz / 500) / (1 + (hz / 500) ** 2.2), _SEED + 2)
    waves = _slow(sample_rate, lambda turns: 0.06 + 0.16 * _swell(4 * turns) ** 2 + 0.1 * _swell(3 * turns + 0.2) ** 2)
    return surf + foam * waves


def _swell(turns: NDArray[np.float64]) -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(2 * np.pi * turns)


def _drone(sample_rate: int) -> Array:
    """A low fifth and its octaves, each swelling at its own slow pace. Spectral lines, so all fit the loop."""
    frames = LOOP_SECONDS * sample_rate
    spectrum = np.zeros(frames // 2 + 1, dtype=np.complex64)
    voices = ((110.0, 1.0, 1), (110.25, 0.3, 2), (165.0, 0.5, 3), (220.0, 0.35, 2), (220.5, 0.15, 5), (330.0, 0.12, 4))
    for turn, (pitch_hz, level, swells) in enumerate(voices):
        line = round(pitch_hz * LOOP_SECONDS)
        phase = np.exp(1j * turn)
        spectrum[line] += level * phase
        # A swell is a pair of lines beside the tone.
        spectrum[line + swells] += 0.15 * level * phase
        spectrum[line - swells] += 0.15 * level * phase
    return np.fft.irfft(spectrum, n=frames).astype(np.float32)


_MAKERS: Final[dict[str, Callable[[int], Array]]] = {
    "rain": _rain,
    "ocean": _ocean,
    "brown": _brown,
    "drone": _drone,
}
