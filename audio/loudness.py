"""Loudness as people hear it: integrated LUFS and true peak after ITU-R BS.1770-4, and bringing speech to one level.

Written on numpy's FFT rather than on libavfilter, so that measuring a spoken line needs no filter graph.
The tests compare it with the reference levels of EBU Tech 3341.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from audio.clip import AudioClip
from audio.levels import amplified, gain_of_db, peak_dbfs
from audio.resampling import resample

SESSION_LUFS = -19.0
"""Integrated loudness of a whole session, mono (as loud as stereo programmes at -16 LUFS)."""

SPEECH_LUFS = -18.6
"""Integrated loudness of a line by itself. Among silences its soft edges count too, which brings a session to -19."""

CEILING_DBTP = -1.5
"""True peak that lossy encoders can still handle without overshooting."""

ABSOLUTE_GATE_LUFS = -70.0
RELATIVE_GATE_LU = -10.0
STEP_SECONDS = 0.1
STEPS_PER_BLOCK = 4  # 400 ms blocks overlapping by three quarters

ROUNDS = 3
TOLERANCE_DB = 0.1

# The K-weighting filter answers for far less than this; sound from before a chunk is kept so that it can settle.
SETTLING_SECONDS = 0.25
CHUNK_STEPS = 100

TRUE_PEAK_OVERSAMPLING = 4

Powers = NDArray[np.float64]
Response = NDArray[np.complex128]


def integrated_lufs(clip: AudioClip) -> float:
    """Gated loudness of the whole clip in LUFS; -inf for silence.

    A clip shorter than one 400 ms block is measured as a single block of its own length.
    """
    powers = block_powers(clip)
    powers = powers[powers > _power_of_lufs(ABSOLUTE_GATE_LUFS)]
    if powers.size == 0:
        return -math.inf
    relative_gate = powers.mean() * 10.0 ** (RELATIVE_GATE_LU / 10.0)
    return _lufs_of_power(float(powers[powers > relative_gate].mean()))


def true_peak_dbtp(clip: AudioClip) -> float:
    """The peak between samples, found by four-fold oversampling (BS.1770-4, annex 2), in dBTP."""
    oversampled = resample(clip, clip.sample_rate * TRUE_PEAK_OVERSAMPLING)
    return max(peak_dbfs(clip), peak_dbfs(oversampled))


def normalised(clip: AudioClip, target_lufs: float = SPEECH_LUFS, ceiling_dbtp: float = CEILING_DBTP) -> AudioClip:
    """The clip at ``target_lufs``, its peaks held below ``ceiling_dbtp``. Silence stays as it is.

    Turning peaks down costs loudness, which is made up for as far as a few rounds can.
    """
    loudness = integrated_lufs(clip)
    if math.isinf(loudness):
        return clip
    peaks = _hop_peaks(clip)
    gain_db = target_lufs - loudness
    for _ in range(ROUNDS):
        louder = amplified(clip, gain_db)
        levelled = _held(louder, peaks * gain_of_db(gain_db), ceiling_dbtp)
        if levelled is louder:
            break
        missing_db = target_lufs - integrated_lufs(levelled)
        if abs(missing_db) < TOLERANCE_DB:
            break
        gain_db += missing_db
    return levelled


def limited(clip: AudioClip, ceiling_dbtp: float = CEILING_DBTP) -> AudioClip:
    """The clip with peaks turned down smoothly, a few milliseconds ahead of each, to ``ceiling_dbtp``."""
    return _held(clip, _hop_peaks(clip), ceiling_dbtp)


def _held(clip: AudioClip, peaks: Powers, ceiling_dbtp: float) -> AudioClip:
    """The clip below a ceiling; ``peaks`` are its own, hop by hop."""
    if np.max(peaks, initial=0.0) <= gain_of_db(ceiling_dbtp):
        return clip
    hop_frames = _hop_frames(clip)
    # A tenth of a decibel is left for what the moving gain itself adds between samples.
    needed = np.minimum(1.0, gain_of_db(ceiling_dbtp - 0.1) / np.maximum(peaks, 1e-9))
    reach = 5  # hops, so about 5 ms before and after a peak
    lowest = np.lib.stride_tricks.sliding_window_view(np.pad(needed, 2 * reach, mode="edge"), 2 * reach + 1).min(axis=1)
    window = np.hanning(2 * reach + 1)[1:-1]  # narrower than the minimum's reach: the average can never rise above it
    smooth = np.convolve(lowest, window / window.sum(), mode="same")[reach : reach + needed.size]
    centres = np.arange(needed.size) * hop_frames + hop_frames / 2
    gain = np.interp(np.arange(clip.frames), centres, smooth).astype(np.float32)
    return AudioClip(clip.samples * (gain if clip.channels == 1 else gain[:, None]), clip.sample_rate)


def block_powers(clip: AudioClip) -> Powers:
    """K-weighted mean square of each 400 ms block, summed over channels; shape (blocks,)."""
    step_frames = round(clip.sample_rate * STEP_SECONDS)
    if clip.frames < step_frames * STEPS_PER_BLOCK:
        return _step_powers(clip, max(clip.frames, 1))
    steps = _step_powers(clip, step_frames)
    blocks: Powers = np.lib.stride_tricks.sliding_window_view(steps, STEPS_PER_BLOCK).mean(axis=1)
    return blocks


def _step_powers(clip: AudioClip, step_frames: int) -> Powers:
    """K-weighted mean square of each whole step, summed over channels."""
    channels = clip.samples.reshape(clip.frames, clip.channels)
    settling = int(clip.sample_rate * SETTLING_SECONDS)
    steps = clip.frames // step_frames
    powers = np.empty(steps)
    for first in range(0, steps, CHUNK_STEPS):
        last = min(first + CHUNK_STEPS, steps)
        start, end = first * step_frames, last * step_frames
        before = channels[max(0, start - settling) : start]
        lead_in_frames = _quick_length(settling + end - start) - len(before) - (end - start)
        lead_in = np.zeros((lead_in_frames, channels.shape[1]), dtype=np.float32)
        heard = _k_weighted(np.concatenate([lead_in, before, channels[start:end]]), clip.sample_rate)[start - end :]
        powers[first:last] = np.square(heard).reshape(last - first, step_frames, -1).mean(axis=1).sum(axis=1)
    return powers


def _k_weighted(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """The frequency weighting of BS.1770 by multiplication of spectra; what wraps around lands in the settling time."""
    frames = len(samples)
    return np.fft.irfft(np.fft.rfft(samples, axis=0) * _response(frames, sample_rate)[:, None], n=frames, axis=0)


def _quick_length(frames: int) -> int:
    """The next length without large prime factors, whose Fourier transform takes a tenth of the time of some others."""
    return min(odd << max(0, -(-frames // odd) - 1).bit_length() for odd in (1, 3, 5, 9, 15))


@lru_cache(maxsize=8)
def _response(frames: int, sample_rate: int) -> Response:
    z = np.exp(-2j * np.pi * np.arange(frames // 2 + 1) / frames)
    return _shelf_response(z, sample_rate) * _high_pass_response(z, sample_rate)


def _shelf_response(z: Response, sample_rate: int) -> Response:
    """The head's shelf: BS.1770 gives its coefficients at 48 kHz; these analogue values give the same at any rate."""
    k = math.tan(math.pi * 1681.974450955533 / sample_rate)
    q = 0.7071752369554196
    high_gain = 10.0 ** (3.999843853973347 / 20.0)
    band_gain = high_gain**0.4996667741545416
    numerator = (high_gain + band_gain * k / q + k * k) + 2.0 * (k * k - high_gain) * z
    numerator = numerator + (high_gain - band_gain * k / q + k * k) * z**2
    denominator = (1.0 + k / q + k * k) + 2.0 * (k * k - 1.0) * z + (1.0 - k / q + k * k) * z**2
    return np.asarray(numerator / denominator)


def _high_pass_response(z: Response, sample_rate: int) -> Response:
    """The ear's insensitivity to low sound (revised low-frequency B curve)."""
    k = math.tan(math.pi * 38.13547087602444 / sample_rate)
    q = 0.5003270373238773
    a0 = 1.0 + k / q + k * k
    return np.asarray((1.0 - z) ** 2 / (1.0 + 2.0 * (k * k - 1.0) / a0 * z + (1.0 - k / q + k * k) / a0 * z**2))


def _hop_frames(clip: AudioClip) -> int:
    return max(1, clip.sample_rate // 1000)


def _hop_peaks(clip: AudioClip) -> Powers:
    """The true peak of each hop, over all channels: the larger of the samples and of what lies between them."""
    hop_frames = _hop_frames(clip)
    between = resample(clip, clip.sample_rate * TRUE_PEAK_OVERSAMPLING)
    hops = -(-clip.frames // hop_frames)
    peaks = np.zeros(hops)
    for version, width in ((clip, hop_frames), (between, hop_frames * TRUE_PEAK_OVERSAMPLING)):
        loudest = np.abs(version.samples).reshape(version.frames, version.channels).max(axis=1)
        padded = np.pad(loudest, (0, hops * width - version.frames))
        peaks = np.maximum(peaks, padded.reshape(hops, width).max(axis=1))
    return peaks


def _power_of_lufs(lufs: float) -> float:
    return float(10.0 ** ((lufs + 0.691) / 10.0))


def _lufs_of_power(power: float) -> float:
    return -0.691 + 10.0 * math.log10(power) if power > 0.0 else -math.inf
