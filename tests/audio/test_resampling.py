from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.clip import AudioClip
from audio.resampling import Resampler, resample
from tests.audio.sounds import part, pitch_hz, sine, stereo

RATES_HZ = st.sampled_from([8_000, 16_000, 22_050, 24_000, 44_100, 48_000])


@given(frames=st.integers(0, 3_000), from_hz=RATES_HZ, to_hz=RATES_HZ, channels=st.sampled_from([1, 2]))
@settings(max_examples=50)
def test_the_length_is_exact(frames: int, from_hz: int, to_hz: int, channels: int) -> None:
    samples = np.zeros((frames, 2) if channels == 2 else frames, dtype=np.float32)
    clip = resample(AudioClip(samples, from_hz), to_hz)
    assert clip.frames == round(frames * to_hz / from_hz)
    assert (clip.sample_rate, clip.channels) == (to_hz, channels)


def test_pitch_and_level_stay() -> None:
    clip = resample(sine(1_000, 1.0, 22_050, amplitude=0.4), 48_000)
    middle = part(clip, 0.25, 0.75)
    assert pitch_hz(middle) == pytest.approx(1_000, abs=3)
    assert np.max(np.abs(middle.samples)) == pytest.approx(0.4, abs=0.002)


@given(st.lists(st.integers(0, 5_000), max_size=8))
@settings(max_examples=25)
def test_a_stream_in_pieces_gives_what_it_gives_at_once(cuts: list[int]) -> None:
    samples = sine(440, 0.3, 44_100).samples
    at_once = Resampler(44_100, 16_000).convert(samples, last=True)
    resampler = Resampler(44_100, 16_000)
    pieces = [resampler.convert(piece) for piece in np.split(samples, sorted(cuts))]
    pieces.append(resampler.convert(samples[:0], last=True))
    assert np.allclose(np.concatenate(pieces), at_once, atol=1e-5)


def test_both_channels_of_a_stream_are_kept_apart() -> None:
    clip = stereo(sine(440, 0.5), AudioClip.silence(24_000, 48_000))
    converted = Resampler(48_000, 16_000, channels=2).convert(clip.samples, last=True)
    assert converted.shape == (8_000, 2)
    assert np.max(np.abs(converted[:, 0])) > 0.4
    assert not np.any(converted[:, 1])
