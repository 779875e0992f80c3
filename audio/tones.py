"""Bells, breath tones and the small sounds of the interface, all synthesised, all mono.

In, hold, out and rest tell apart by ear alone: their pitches differ and so do their shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from audio.clip import AudioClip, Samples
from audio.levels import gain_of_db
from audio.mixing import fade_curve, faded

BellKind = Literal["bell", "low", "end"]
BreathPhase = Literal["in", "hold", "out", "rest"]
InterfaceTone = Literal["listening", "saved", "next", "finished"]

BELL_PEAK_DBFS = -10.0
BREATH_PEAK_DBFS = -11.0
REST_PEAK_DBFS = -44.0
INTERFACE_PEAK_DBFS = -16.0

BREATH_EDGE_SECONDS = 0.04

STRETCH_FRAMES = 1024


@dataclass(frozen=True, slots=True)
class _Struck:
    """Something that is struck and rings: partials as (ratio to the fundamental, amplitude, seconds to -60 dB)."""

    fundamental_hz: float
    seconds: float
    partials: Sequence[tuple[float, float, float]]


# Ratios near those of a small hand bell, a singing bowl and a temple bell. Close pairs beat slowly, as cast metal does.
_BELLS: dict[BellKind, _Struck] = {
    "bell": _Struck(
        523.25, 6.0, ((1.0, 1.0, 6.0), (1.0011, 0.5, 5.5), (2.0, 0.45, 4.0), (2.76, 0.3, 2.6), (5.4, 0.12, 1.2))
    ),
    "low": _Struck(
        174.61, 9.0, ((1.0, 1.0, 9.5), (1.0035, 0.6, 9.0), (2.71, 0.5, 6.0), (5.15, 0.22, 3.2), (8.43, 0.08, 1.4))
    ),
    "end": _Struck(
        349.23, 8.0, ((0.5, 0.4, 8.0), (1.0, 1.0, 8.0), (1.0016, 0.5, 7.5), (1.5, 0.25, 5.0), (2.01, 0.3, 3.5))
    ),
}

# (Hz at the start, Hz at the end, level at the start, level at the end); neighbours meet at nearly the same pitch.
_BREATHS: dict[BreathPhase, tuple[float, float, float, float]] = {
    "in": (196.0, 293.66, 0.45, 1.0),
    "hold": (329.63, 329.63, 0.7, 0.7),
    "out": (261.63, 130.81, 1.0, 0.35),
    "rest": (98.0, 98.0, 1.0, 1.0),
}

# Notes as (Hz, seconds after the first): up for "your turn", down for "done".
_INTERFACE: dict[InterfaceTone, tuple[tuple[float, float], ...]] = {
    "listening": ((392.0, 0.0), (587.33, 0.14)),
    "saved": ((587.33, 0.0), (440.0, 0.14)),
    "next": ((493.88, 0.0),),
    "finished": ((587.33, 0.0), (493.88, 0.16), (392.0, 0.32)),
}


def bell_seconds(kind: BellKind) -> float:
    """How long a bell rings, to the silence after it."""
    return _BELLS[kind].seconds


@lru_cache(maxsize=16)
def bell(kind: BellKind, sample_rate: int) -> AudioClip:
    """A bell that sounds from its first millisecond and dies away by itself."""
    struck = _BELLS[kind]
    sound = _ringing(struck.fundamental_hz, struck.seconds, struck.partials, sample_rate)
    return _finished(sound, sample_rate, BELL_PEAK_DBFS, attack_seconds=0.004, release_seconds=1.0)


@lru_cache(maxsize=64)
def breath_tone(phase: BreathPhase, seconds: float, sample_rate: int) -> AudioClip:
    """A tone for one phase of a breath, exactly ``round(seconds * sample_rate)`` frames long.

    In rises and swells, out falls and fades, hold stays soft and level, rest is a low hum on the edge of silence.
    """
    frames = round(seconds * sample_rate)
    first_hz, last_hz, first_level, last_level = _BREATHS[phase]
    along = np.arange(frames) / max(frames, 1)
    pitch_hz = first_hz * (last_hz / first_hz) ** along
    turns = np.cumsum(pitch_hz) / sample_rate
    sound = np.sin(2 * np.pi * turns) + 0.25 * np.sin(4 * np.pi * turns) + 0.08 * np.sin(6 * np.pi * turns)
    sound *= first_level + (last_level - first_level) * along
    level_dbfs = REST_PEAK_DBFS if phase == "rest" else BREATH_PEAK_DBFS
    edge_seconds = min(BREATH_EDGE_SECONDS, seconds / 2)
    return _finished(sound * gain_of_db(level_dbfs) / 1.2, sample_rate, None, edge_seconds, edge_seconds)


@lru_cache(maxsize=16)
def interface_tone(name: InterfaceTone, sample_rate: int) -> AudioClip:
    """A short sound that says where the conversation is, for people with closed eyes."""
    notes = _INTERFACE[name]
    ring_seconds = 0.45
    sound = np.zeros(round((notes[-1][1] + ring_seconds) * sample_rate))
    for pitch_hz, after_seconds in notes:
        note = _ringing(pitch_hz, ring_seconds, ((1.0, 1.0, 0.5), (2.0, 0.2, 0.3)), sample_rate)
        note[: round(0.008 * sample_rate)] *= fade_curve(round(0.008 * sample_rate))
        start = round(after_seconds * sample_rate)
        sound[start : start + len(note)] += note[: len(sound) - start]
    return _finished(sound, sample_rate, INTERFACE_PEAK_DBFS, attack_seconds=0.008, release_seconds=0.1)


def _ringing(
    fundamental_hz: float, seconds: float, partials: Sequence[tuple[float, float, float]], sample_rate: int
) -> NDArray[np.float64]:
    """Additive synthesis: sine partials, each dying away exponentially.

    Stretches of equal length are one product of two small tables: with sin(a + b) = sin a cos b + cos a sin b, a is the
    phase at which a stretch begins and b how far it has gone since.
    """
    frames = round(seconds * sample_rate)
    ratios, amplitudes, decay_seconds = np.transpose(
        [each for each in partials if 2 * fundamental_hz * each[0] < sample_rate]
    )
    turning = 2 * np.pi * fundamental_hz * ratios / sample_rate
    fading = np.log(1e-3) / (decay_seconds * sample_rate)
    begins = np.arange(0, frames, STRETCH_FRAMES)[:, None]
    since = np.arange(STRETCH_FRAMES)[:, None]
    level, fall = amplitudes * np.exp(fading * begins), np.exp(fading * since)
    before = np.hstack([level * np.sin(turning * begins), level * np.cos(turning * begins)])
    after = np.hstack([fall * np.cos(turning * since), fall * np.sin(turning * since)])
    sound: NDArray[np.float64] = (before @ after.T).ravel()[:frames]
    return sound


def _finished(
    sound: NDArray[np.float64],
    sample_rate: int,
    peak_dbfs: float | None,
    attack_seconds: float,
    release_seconds: float,
) -> AudioClip:
    """Soft edges, the asked peak if one is given, and read-only samples, since tones are shared."""
    if peak_dbfs is not None:
        sound = sound * (gain_of_db(peak_dbfs) / np.max(np.abs(sound)))
    samples: Samples = sound.astype(np.float32)
    edges = (int(attack_seconds * sample_rate), int(release_seconds * sample_rate))
    clip = faded(AudioClip(samples, sample_rate), *edges)
    clip.samples.flags.writeable = False
    return clip
