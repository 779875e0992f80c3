from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.beds import BED_NAMES, LOOP_SECONDS, bed
from audio.levels import peak_dbfs
from audio.loudness import SPEECH_LUFS, integrated_lufs
from tests.audio.sounds import largest_step, momentary_lufs

RATE_HZ = 48_000
LOOP_FRAMES = LOOP_SECONDS * RATE_HZ
SOUNDING = [name for name in BED_NAMES if name != "none"]


@pytest.mark.parametrize("name", SOUNDING)
def test_a_bed_lies_well_under_speech_all_the_time(name: str) -> None:
    clip = bed(name, 0, LOOP_FRAMES, RATE_HZ)
    assert integrated_lufs(clip) == pytest.approx(-44, abs=0.5)
    assert max(momentary_lufs(clip)) <= SPEECH_LUFS - 15
    assert min(momentary_lufs(clip)) > -56
    assert peak_dbfs(clip) < -15


@pytest.mark.parametrize("sample_rate", [16_000, 22_050, 44_100])
@pytest.mark.parametrize("name", SOUNDING)
def test_it_lies_as_low_at_other_sample_rates(name: str, sample_rate: int) -> None:
    assert integrated_lufs(bed(name, 0, 10 * sample_rate, sample_rate)) == pytest.approx(-44, abs=3.5)


@given(name=st.sampled_from(BED_NAMES), start=st.integers(0, 10 * LOOP_FRAMES), cut=st.integers(0, 5_000))
@settings(max_examples=30)
def test_any_stretch_can_be_asked_for_in_pieces(name: str, start: int, cut: int) -> None:
    whole = bed(name, start, 5_000, RATE_HZ).samples
    pieces = [bed(name, start, cut, RATE_HZ).samples, bed(name, start + cut, 5_000 - cut, RATE_HZ).samples]
    assert np.array_equal(np.concatenate(pieces), whole)


@pytest.mark.parametrize("name", SOUNDING)
def test_the_loop_has_no_seam(name: str) -> None:
    inside = bed(name, 0, LOOP_FRAMES, RATE_HZ).samples
    across = bed(name, LOOP_FRAMES - 50, 100, RATE_HZ).samples
    assert largest_step(across) <= largest_step(inside)
    assert len(bed(name, 7, 2 * LOOP_FRAMES + 9, RATE_HZ).samples) == 2 * LOOP_FRAMES + 9


@pytest.mark.parametrize("name", SOUNDING)
def test_a_long_stretch_is_the_loop_again_and_again(name: str) -> None:
    long = bed(name, 1_000, 2 * LOOP_FRAMES + 500, RATE_HZ).samples
    assert np.array_equal(long[:LOOP_FRAMES], long[LOOP_FRAMES : 2 * LOOP_FRAMES])
    assert np.array_equal(long[:500], long[-500:])


def test_no_bed_is_silence() -> None:
    assert not bed("none", 123, 4_800, RATE_HZ).samples.any()


def test_an_unknown_bed_is_an_error() -> None:
    with pytest.raises(KeyError):
        bed("disco", 0, 10, RATE_HZ)
