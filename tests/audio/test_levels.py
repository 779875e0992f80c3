from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.clip import AudioClip
from audio.levels import amplified, db_of_gain, gain_of_db, peak_dbfs, rms_dbfs
from tests.audio.sounds import sine


@given(st.floats(-120, 60))
def test_decibels_and_gains_undo_each_other(db: float) -> None:
    assert db_of_gain(gain_of_db(db)) == pytest.approx(db, abs=1e-9)


def test_a_sine_of_half_scale() -> None:
    clip = sine(1_000, 1.0, amplitude=0.5)
    assert peak_dbfs(clip) == pytest.approx(-6.02, abs=0.01)
    assert rms_dbfs(clip) == pytest.approx(-9.03, abs=0.01)


@pytest.mark.parametrize("clip", [AudioClip.silence(0, 48_000), AudioClip.silence(100, 48_000)])
def test_silence_is_infinitely_soft(clip: AudioClip) -> None:
    assert peak_dbfs(clip) == -math.inf
    assert rms_dbfs(clip) == -math.inf


@given(st.floats(-60, 20))
def test_amplifying_moves_the_level_by_that_much(db: float) -> None:
    clip = sine(1_000, 0.05)
    louder = amplified(clip, db)
    assert rms_dbfs(louder) - rms_dbfs(clip) == pytest.approx(db, abs=1e-3)
    assert louder.samples.dtype == np.float32
