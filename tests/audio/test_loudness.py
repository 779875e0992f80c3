"""Loudness against the reference signals of EBU Tech 3341 (minimum requirements, cases 1 to 4 and 15 to 19)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.clip import AudioClip, join
from audio.levels import amplified, gain_of_db
from audio.loudness import integrated_lufs, limited, normalised, true_peak_dbtp
from tests.audio.sounds import largest_step, sine, stereo


def reference(level_dbfs: float, seconds: float, sample_rate: int = 48_000) -> AudioClip:
    """A stereo sine of 1 kHz, as the test cases have it."""
    tone = sine(1_000, seconds, sample_rate, amplitude=gain_of_db(level_dbfs))
    return stereo(tone, tone)


@pytest.mark.parametrize("sample_rate", [16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("level_dbfs", [-23.0, -33.0])
def test_cases_1_and_2_a_steady_tone(level_dbfs: float, sample_rate: int) -> None:
    assert integrated_lufs(reference(level_dbfs, 5, sample_rate)) == pytest.approx(level_dbfs, abs=0.1)


def test_case_3_the_relative_gate_leaves_soft_passages_out() -> None:
    clip = join([reference(-36, 3), reference(-23, 20), reference(-36, 3)])
    assert integrated_lufs(clip) == pytest.approx(-23.0, abs=0.1)


def test_case_4_the_absolute_gate_leaves_silence_out() -> None:
    clip = join([reference(-72, 3), reference(-36, 3), reference(-23, 20), reference(-36, 3), reference(-72, 3)])
    assert integrated_lufs(clip) == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(("divisor", "phase_degrees"), [(4, 0.0), (4, 45.0), (6, 60.0), (8, 67.5)])
def test_cases_15_to_18_the_peak_between_samples(divisor: int, phase_degrees: float) -> None:
    frames = np.arange(48_000)
    samples = 0.5 * np.sin(2 * np.pi * frames / divisor + math.radians(phase_degrees))
    edges = np.minimum(1.0, np.minimum(frames, frames[::-1]) / 2_400)
    assert true_peak_dbtp(AudioClip((samples * edges).astype(np.float32), 48_000)) == pytest.approx(-6.0, abs=0.3)


def test_low_sound_counts_less_and_high_sound_more() -> None:
    low, middle, high = (integrated_lufs(sine(pitch, 2)) for pitch in (60, 1_000, 8_000))
    assert low < middle - 3
    assert high > middle + 2


@pytest.mark.parametrize("clip", [AudioClip.silence(0, 48_000), AudioClip.silence(96_000, 48_000)])
def test_silence_has_no_loudness_and_is_left_alone(clip: AudioClip) -> None:
    assert integrated_lufs(clip) == -math.inf
    assert normalised(clip) is clip


def test_a_clip_shorter_than_a_block_is_measured_too() -> None:
    # Its onset, a click to the filter, weighs more in so short a clip.
    assert integrated_lufs(reference(-23, 0.2)) == pytest.approx(-23, abs=0.5)


def speech_like(seed: int, seconds: float = 2.0) -> AudioClip:
    """Noise in syllables: loud, uneven, and with high peaks."""
    random = np.random.default_rng(seed)
    frames = round(48_000 * seconds)
    syllables = np.repeat(random.random(round(seconds * 8)) ** 3, 6_000)[:frames]
    smoothed = np.convolve(random.standard_normal(frames), np.hanning(12) / 6, mode="same")
    return AudioClip((0.2 * smoothed * syllables).astype(np.float32), 48_000)


@given(seed=st.integers(0, 1_000), gain_db=st.floats(-30, 20))
@settings(max_examples=15)
def test_speech_comes_to_one_loudness_below_the_ceiling(seed: int, gain_db: float) -> None:
    clip = normalised(amplified(speech_like(seed), gain_db))
    assert integrated_lufs(clip) == pytest.approx(-19, abs=1.0)
    assert true_peak_dbtp(clip) <= -1.5
    assert clip.frames == 96_000


@given(seed=st.integers(0, 1_000), ceiling_dbtp=st.floats(-20, -0.5))
@settings(max_examples=15)
def test_nothing_passes_the_limiter(seed: int, ceiling_dbtp: float) -> None:
    assert true_peak_dbtp(limited(amplified(speech_like(seed), 20), ceiling_dbtp)) <= ceiling_dbtp


def test_the_limiter_turns_down_gently_and_leaves_the_rest_alone() -> None:
    clip = join([sine(200, 1, amplitude=0.2), sine(200, 0.1, amplitude=1.0), sine(200, 1, amplitude=0.2)])
    held = limited(clip, -6)
    assert np.array_equal(held.samples[:45_000], clip.samples[:45_000])
    assert np.array_equal(held.samples[-45_000:], clip.samples[-45_000:])
    assert largest_step(held.samples) <= largest_step(clip.samples)


def test_sound_below_the_ceiling_is_not_touched() -> None:
    clip = sine(440, 1, amplitude=0.3)
    assert limited(clip) is clip


def test_both_channels_are_turned_down_together() -> None:
    clip = stereo(sine(440, 1, amplitude=1.0), sine(440, 1, amplitude=0.5))
    held = limited(clip, -6).samples
    assert np.allclose(held[:, 1], held[:, 0] / 2, atol=1e-6)
