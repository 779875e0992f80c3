from __future__ import annotations

from itertools import combinations, pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.levels import peak_dbfs, rms_dbfs
from audio.tones import BellKind, BreathPhase, InterfaceTone, bell, bell_seconds, breath_tone, interface_tone
from tests.audio.sounds import largest_step, part, pitch_hz

RATE_HZ = 48_000
BELLS = get_args(BellKind)
PHASES = get_args(BreathPhase)


@pytest.mark.parametrize("kind", BELLS)
def test_a_bell_sounds_at_once_and_dies_away(kind: BellKind) -> None:
    clip = bell(kind, RATE_HZ)
    assert clip.frames == round(bell_seconds(kind) * RATE_HZ)
    assert rms_dbfs(part(clip, 0.0, 0.02)) > -30
    levels = [rms_dbfs(part(clip, second, second + 1)) for second in range(int(bell_seconds(kind)))]
    assert all(later < earlier for earlier, later in pairwise(levels))
    assert rms_dbfs(part(clip, bell_seconds(kind) - 0.1, bell_seconds(kind))) < -80


@pytest.mark.parametrize("kind", BELLS)
def test_a_bell_neither_clicks_nor_shouts(kind: BellKind) -> None:
    clip = bell(kind, RATE_HZ)
    assert -12 < peak_dbfs(clip) < -8
    assert abs(clip.samples[0]) < 1e-4
    assert abs(clip.samples[-1]) < 1e-6
    # No step is larger than a sine at the highest strong partial would make it.
    assert largest_step(clip.samples) < 0.1


def test_bells_tell_apart_by_pitch() -> None:
    pitches = sorted(pitch_hz(bell(kind, RATE_HZ)) for kind in BELLS)
    assert all(upper > 1.4 * lower for lower, upper in pairwise(pitches))


@given(phase=st.sampled_from(PHASES), seconds=st.floats(0, 12), sample_rate=st.sampled_from([16_000, 44_100, 48_000]))
@settings(max_examples=30)
def test_a_breath_tone_is_exact_to_the_frame_with_soft_edges(
    phase: BreathPhase, seconds: float, sample_rate: int
) -> None:
    clip = breath_tone(phase, seconds, sample_rate)
    assert clip.frames == round(seconds * sample_rate)
    if clip.frames > 100:
        assert abs(clip.samples[0]) < 1e-4
        assert abs(clip.samples[-1]) < 1e-4
    assert largest_step(clip.samples) < 0.06


def movement(phase: BreathPhase) -> float:
    """How far the pitch goes during four seconds, as a ratio."""
    clip = breath_tone(phase, 4.0, RATE_HZ)
    return pitch_hz(part(clip, 3.4, 3.9)) / pitch_hz(part(clip, 0.1, 0.6))


def swell_db(phase: BreathPhase) -> float:
    clip = breath_tone(phase, 4.0, RATE_HZ)
    return rms_dbfs(part(clip, 3.4, 3.9)) - rms_dbfs(part(clip, 0.1, 0.6))


def test_phases_tell_apart_by_their_shape() -> None:
    assert movement("in") > 1.3
    assert movement("out") < 0.7
    assert movement("hold") == pytest.approx(1.0, abs=0.01)
    assert swell_db("in") > 3
    assert swell_db("out") < -6
    assert swell_db("hold") == pytest.approx(0.0, abs=0.1)


def test_phases_tell_apart_by_their_pitch() -> None:
    pitches = [pitch_hz(part(breath_tone(phase, 4.0, RATE_HZ), 1.75, 2.25)) for phase in PHASES]
    assert all(max(pair) > 1.2 * min(pair) for pair in combinations(pitches, 2))


def test_hold_is_softer_and_rest_is_nearly_silent() -> None:
    loudness = {phase: rms_dbfs(breath_tone(phase, 4.0, RATE_HZ)) for phase in PHASES}
    assert loudness["hold"] < loudness["in"]
    assert loudness["rest"] < loudness["hold"] - 15
    assert pitch_hz(breath_tone("rest", 4.0, RATE_HZ)) < 110


@pytest.mark.parametrize("name", get_args(InterfaceTone))
def test_interface_tones_are_short_and_soft(name: InterfaceTone) -> None:
    clip = interface_tone(name, RATE_HZ)
    assert clip.duration_seconds < 1.0
    assert -20 < peak_dbfs(clip) < -12
    assert abs(clip.samples[0]) < 1e-4
    assert abs(clip.samples[-1]) < 1e-4


def test_interface_tones_differ() -> None:
    sounds = [interface_tone(name, RATE_HZ).samples for name in get_args(InterfaceTone)]
    assert all(len(a) != len(b) or not np.allclose(a, b, atol=0.01) for a, b in combinations(sounds, 2))


def test_your_turn_rises_and_done_falls() -> None:
    listening, saved = interface_tone("listening", RATE_HZ), interface_tone("saved", RATE_HZ)
    assert pitch_hz(part(listening, 0.3, 0.5)) > pitch_hz(part(listening, 0.0, 0.12))
    assert pitch_hz(part(saved, 0.3, 0.5)) < pitch_hz(part(saved, 0.0, 0.12))


def test_tones_are_shared_and_cannot_be_spoilt() -> None:
    assert bell("bell", RATE_HZ) is bell("bell", RATE_HZ)
    with pytest.raises(ValueError, match="read-only"):
        bell("bell", RATE_HZ).samples[0] = 1.0
