"""The shipped library as sound: whatever is asked for sounds for exactly that long, and everything in its place."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audio.beds import BED_NAMES
from audio.clip import AudioClip, Samples, join
from core.settings import Guidance
from sessions.durations import planned_seconds
from sessions.rendering import SAMPLE_RATE_HZ, render
from sessions.script import Breathe
from sessions.script_files import shipped_scripts
from sessions.timeline import plan
from tests.fakes.narrator import TonedNarrator
from voice.voices import SHIPPED

SCRIPTS = shipped_scripts()
LENGTH_TOLERANCE_SECONDS = 0.05
CUE_TOLERANCE_SECONDS = 0.02
BREATH_TOLERANCE_SECONDS = 0.01
AUDIBLE = 0.003
QUIET_BEFORE_SECONDS = 0.25
WINDOW_SECONDS = 90
"""Of a long session so much is rendered: its end. A render from anywhere equals the tail of the whole."""


class Planned(TonedNarrator):
    """Hums each line for as long as a shipped voice takes for it."""

    def __init__(self, voice: str) -> None:
        super().__init__()
        self.seconds = planned_seconds(voice)

    def line(self, text: str) -> AudioClip:
        frames = round(self.seconds[text] * SAMPLE_RATE_HZ)
        return AudioClip(np.full(frames, 0.1, dtype=np.float32), SAMPLE_RATE_HZ)


def onset_seconds(samples: Samples, frame: int) -> float | None:
    """How far from ``frame`` it becomes audible; None where something else still sounds before."""
    before = samples[max(0, frame - round(QUIET_BEFORE_SECONDS * SAMPLE_RATE_HZ)) : frame]
    if not len(before) or np.abs(before).max() > AUDIBLE:
        return None
    return int(np.argmax(np.abs(samples[frame:]) > AUDIBLE)) / SAMPLE_RATE_HZ


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    slug=st.sampled_from(sorted(SCRIPTS)),
    part=st.floats(0, 1),
    guidance=st.sampled_from(["less", "normal", "more"]),
    bed=st.sampled_from(BED_NAMES),
    voice=st.sampled_from(SHIPPED),
)
def test_any_session_sounds_as_planned(slug: str, part: float, guidance: Guidance, bed: str, voice: str) -> None:
    script = SCRIPTS[slug]
    # Squared, so that short sessions, where all is close together, are tried more often than long ones.
    minutes = script.minutes.min + part**2 * (script.minutes.max - script.minutes.min)
    narrator = Planned(voice)
    timeline = plan(script, minutes, guidance, narrator.seconds.__getitem__)
    start = max(0, timeline.frames - WINDOW_SECONDS * SAMPLE_RATE_HZ)
    sounding = join(list(render(timeline, narrator, bed, start)))
    assert abs((start + sounding.frames) / SAMPLE_RATE_HZ - minutes * 60) <= LENGTH_TOLERANCE_SECONDS
    bare = join(list(render(timeline, narrator, "none", start))).samples
    for cue in timeline.cues:
        if cue.kind == "line" and cue.start_frame >= start:
            onset = onset_seconds(bare, cue.start_frame - start)
            assert onset is None or onset <= CUE_TOLERANCE_SECONDS
    phases_seconds = [
        phase.seconds for step in script.steps() if isinstance(step, Breathe) for phase in step.pattern.phases
    ]
    for cue in timeline.cues:
        if cue.phase:
            length_seconds = (cue.end_frame - cue.start_frame) / SAMPLE_RATE_HZ
            assert min(abs(length_seconds - seconds) for seconds in phases_seconds) <= BREATH_TOLERANCE_SECONDS
