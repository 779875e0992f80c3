from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.clip import AudioClip
from audio.mixing import add, fade_curve, faded, fitted
from tests.audio.sounds import sine, stereo


@given(at_frame=st.integers(-30, 30), frames=st.integers(0, 20))
def test_adding_touches_only_where_the_clip_lies(at_frame: int, frames: int) -> None:
    target = np.ones(20, dtype=np.float32)
    add(target, np.ones(frames, dtype=np.float32), at_frame)
    expected = [2.0 if at_frame <= frame < at_frame + frames else 1.0 for frame in range(20)]
    assert target.tolist() == expected


@given(cut=st.integers(0, 100))
def test_two_blocks_hold_what_one_would(cut: int) -> None:
    clip = sine(440, 0.002).samples
    whole = np.zeros(100, dtype=np.float32)
    add(whole, clip, 3, gain_db=-6)
    before, after = np.zeros(cut, dtype=np.float32), np.zeros(100 - cut, dtype=np.float32)
    add(before, clip, 3, gain_db=-6)
    add(after, clip, 3 - cut, gain_db=-6)
    assert np.array_equal(np.concatenate([before, after]), whole)


def test_mono_goes_to_both_sides() -> None:
    target = np.zeros((10, 2), dtype=np.float32)
    add(target, np.ones(4, dtype=np.float32), 2, gain_db=-20)
    assert np.allclose(target[2:6], 0.1)
    assert not target[:2].any()
    assert not target[6:].any()


@given(st.integers(1, 1_000))
def test_a_fade_out_and_a_fade_in_add_up(frames: int) -> None:
    curve = fade_curve(frames)
    assert np.allclose(curve + curve[::-1], 1.0, atol=1e-6)
    assert np.all(np.diff(curve) >= 0)


@pytest.mark.parametrize("clip", [sine(440, 0.1), stereo(sine(440, 0.1), sine(660, 0.1))])
def test_fades_soften_the_edges_and_nothing_else(clip: AudioClip) -> None:
    soft = faded(clip, in_frames=480, out_frames=960)
    assert np.max(np.abs(soft.samples[:5])) < 0.001
    assert np.max(np.abs(soft.samples[-5:])) < 0.001
    assert np.array_equal(soft.samples[480:-960], clip.samples[480:-960])


@given(frames=st.integers(0, 50), in_frames=st.integers(0, 90), out_frames=st.integers(0, 90))
def test_a_fade_may_be_longer_than_the_clip(frames: int, in_frames: int, out_frames: int) -> None:
    clip = AudioClip(np.ones(frames, dtype=np.float32), 48_000)
    assert faded(clip, in_frames, out_frames).frames == frames


@given(frames=st.integers(0, 2_000))
def test_a_clip_is_fitted_to_its_place(frames: int) -> None:
    clip = AudioClip(np.ones(1_000, dtype=np.float32), 48_000)
    placed = fitted(clip, frames)
    assert placed.frames == frames
    assert not placed.samples[1_000:].any()
    if 480 < frames < 1_000:
        assert placed.samples[-1] < 0.001
