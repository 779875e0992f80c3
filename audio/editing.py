"""Trimming and fading clips. The door to pydub.

Sound goes in and comes out as 32 bit samples in memory: no ffmpeg program, no file.
"""

from __future__ import annotations

import importlib
import warnings
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from audio.clip import AudioClip
from audio.mixing import fitted

SILENCE_DBFS = -50.0
CHUNK_MILLISECONDS = 10

FULL_SCALE = 2**31


def trimmed(clip: AudioClip, threshold_dbfs: float = SILENCE_DBFS, keep_seconds: float = 0.03) -> AudioClip:
    """The clip without the silence at its ends; no sample between is changed.

    Args:
        threshold_dbfs: what stays below it, measured over 10 ms, is silence.
        keep_seconds: this much is left at each end, so that soft first and last sounds are not cut.

    A clip that is silent throughout gives a clip of no frames.
    """
    leading = _pydub("pydub.silence").detect_leading_silence
    segment = segment_of(clip)
    keep_milliseconds = round(keep_seconds * 1000)
    start = leading(segment, threshold_dbfs, CHUNK_MILLISECONDS)
    if start >= len(segment):
        return AudioClip(clip.samples[:0], clip.sample_rate)
    end = len(segment) - leading(segment.reverse(), threshold_dbfs, CHUNK_MILLISECONDS)
    first = max(0, start - keep_milliseconds) * clip.sample_rate // 1000
    last = (end + keep_milliseconds) * clip.sample_rate // 1000
    return AudioClip(clip.samples[first:last], clip.sample_rate)


def faded(clip: AudioClip, in_seconds: float = 0.0, out_seconds: float = 0.0) -> AudioClip:
    """The clip rising from and falling to silence, its length unchanged; fades end where the clip ends."""
    segment = segment_of(clip)
    in_milliseconds = min(round(in_seconds * 1000), len(segment))
    out_milliseconds = min(round(out_seconds * 1000), len(segment))
    if in_milliseconds:
        segment = segment.fade_in(in_milliseconds)
    if out_milliseconds:
        segment = segment.fade_out(out_milliseconds)
    # pydub counts in whole milliseconds; a clip that does not end on one would change its length.
    return fitted(clip_of(segment), clip.frames, fade_seconds=0.0)


def recorded_line(clip: AudioClip) -> AudioClip:
    """A person's recording of one line, made ready to be played: trimmed, with soft edges."""
    return faded(trimmed(clip), in_seconds=0.02, out_seconds=0.08)


def segment_of(clip: AudioClip) -> Any:
    """The clip as a pydub AudioSegment of 32 bit samples."""
    # 2**31 itself does not fit, and float32 rounds up to it.
    full_scale = np.clip(clip.samples.astype(np.float64) * FULL_SCALE, -FULL_SCALE, FULL_SCALE - 1)
    return _pydub("pydub").AudioSegment(
        full_scale.astype("<i4").tobytes(), sample_width=4, frame_rate=clip.sample_rate, channels=clip.channels
    )


def clip_of(segment: Any) -> AudioClip:
    """A pydub AudioSegment of 32 bit samples as a clip."""
    samples = (np.frombuffer(segment.raw_data, dtype="<i4") / FULL_SCALE).astype(np.float32)
    return AudioClip(samples.reshape(-1, 2) if segment.channels == 2 else samples, segment.frame_rate)


@lru_cache(maxsize=2)
def _pydub(module: str) -> ModuleType:
    """Imports pydub quietly: it warns that there is no ffmpeg program (not needed here) and of its own old syntax."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(module)
