from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from audio.clip import AudioClip, join
from audio.editing import clip_of, faded, recorded_line, segment_of, trimmed
from tests.audio.sounds import largest_step, sine, stereo


def with_silence(clip: AudioClip, before_seconds: float, after_seconds: float) -> AudioClip:
    rate = clip.sample_rate
    silences = (
        AudioClip(np.zeros((round(s * rate), *clip.samples.shape[1:]), np.float32), rate)
        for s in (before_seconds, after_seconds)
    )
    before, after = silences
    return join([before, clip, after])


@given(arrays(np.float32, st.tuples(st.integers(0, 50), st.just(2)), elements=st.floats(-1, 1, width=32)))
def test_a_clip_survives_the_way_through_pydub(samples: np.ndarray) -> None:
    for clip in (AudioClip(samples, 44_100), AudioClip(np.ascontiguousarray(samples[:, 0]), 44_100)):
        back = clip_of(segment_of(clip))
        assert (back.sample_rate, back.channels) == (44_100, clip.channels)
        assert np.allclose(back.samples, clip.samples, atol=1e-7)


@pytest.mark.parametrize("sample_rate", [16_000, 22_050, 48_000])
@given(before=st.floats(0, 1), after=st.floats(0, 1))
@settings(max_examples=10)
def test_silence_goes_at_both_ends_and_nothing_else(sample_rate: int, before: float, after: float) -> None:
    words = sine(440, 0.5, sample_rate)
    clip = trimmed(with_silence(words, before, after))
    # What is kept before and after, and the 10 ms that are looked at as one.
    assert 0.5 <= clip.duration_seconds + 0.001 <= 0.5 + 2 * (0.03 + 0.011)
    assert np.count_nonzero(clip.samples) >= np.count_nonzero(words.samples) - 2


def test_a_pause_inside_stays() -> None:
    clip = join([sine(440, 0.3), AudioClip.silence(48_000, 48_000), sine(440, 0.3)])
    assert trimmed(with_silence(clip, 1, 1)).duration_seconds == pytest.approx(1.6, abs=0.08)


def test_both_channels_count() -> None:
    left, right = with_silence(sine(440, 0.2), 0.5, 0.0), with_silence(sine(440, 0.2), 0.0, 0.5)
    assert trimmed(stereo(left, right), keep_seconds=0).duration_seconds == pytest.approx(0.7, abs=0.02)


@pytest.mark.parametrize("frames", [0, 1, 48_000])
def test_silence_leaves_nothing(frames: int) -> None:
    assert trimmed(AudioClip.silence(frames, 48_000)).frames == 0
    assert recorded_line(AudioClip.silence(frames, 48_000)).frames == 0


@given(frames=st.integers(0, 6_000), rise=st.floats(0, 0.3), fall=st.floats(0, 0.3))
@settings(max_examples=30)
def test_fades_keep_the_length(frames: int, rise: float, fall: float) -> None:
    clip = AudioClip(np.full(frames, 0.5, dtype=np.float32), 22_050)
    assert faded(clip, rise, fall).frames == frames


def test_fades_reach_silence_without_a_step() -> None:
    clip = AudioClip(np.full(48_000, 0.5, dtype=np.float32), 48_000)
    soft = faded(clip, in_seconds=0.05, out_seconds=0.3).samples
    assert soft[0] == pytest.approx(0.0, abs=0.01)
    assert soft[-1] == pytest.approx(0.0, abs=0.01)
    assert largest_step(soft) < 0.01
    assert np.allclose(soft[2_500:33_000], 0.5, atol=1e-6)


def test_a_recorded_line_is_trimmed_and_soft_at_its_edges() -> None:
    line = recorded_line(with_silence(sine(300, 1.0), 0.7, 1.3))
    assert line.duration_seconds == pytest.approx(1.0, abs=0.09)
    assert np.max(np.abs(line.samples[:48])) < 0.05
    assert np.max(np.abs(line.samples[-48:])) < 0.05


def test_pydub_comes_in_without_a_warning() -> None:
    script = "import numpy; from audio.clip import AudioClip; from audio.editing import trimmed; "
    script += "print(trimmed(AudioClip(numpy.ones(4800, numpy.float32), 48_000)).frames)"
    run = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("4800", "")
