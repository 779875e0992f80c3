from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from audio.clip import AudioClip, join
from tests.audio.sounds import sine, stereo


@given(arrays(np.int16, st.integers(0, 200)))
def test_16_bit_samples_survive_the_way_through_floats(samples: np.ndarray) -> None:
    there_and_back = AudioClip.from_int16(samples, 16_000).to_int16()
    assert np.array_equal(there_and_back, np.maximum(samples, -32767))


def test_what_lies_beyond_full_scale_is_clipped_and_not_wrapped() -> None:
    clip = AudioClip(np.array([2.0, -2.0, 1.0001], dtype=np.float32), 16_000)
    assert clip.to_int16().tolist() == [32767, -32767, 32767]


def test_mono_is_the_mean_of_both_channels() -> None:
    clip = stereo(sine(440, 0.1), AudioClip.silence(4_800, 48_000))
    assert clip.to_mono().channels == 1
    assert np.allclose(clip.to_mono().samples, sine(440, 0.1, amplitude=0.25).samples, atol=1e-6)


@pytest.mark.parametrize("samples", [np.zeros(3), np.zeros((3, 3), np.float32), np.zeros((1, 2, 2), np.float32)])
def test_other_shapes_and_types_are_refused(samples: np.ndarray) -> None:
    with pytest.raises((TypeError, ValueError)):
        AudioClip(samples, 48_000)


@pytest.mark.parametrize(
    "clips", [[], [sine(1, 0.1), sine(1, 0.1, 16_000)], [sine(1, 0.1), stereo(sine(1, 0.1), sine(1, 0.1))]]
)
def test_only_clips_of_one_format_are_joined(clips: list[AudioClip]) -> None:
    with pytest.raises(ValueError, match="join"):
        join(clips)
