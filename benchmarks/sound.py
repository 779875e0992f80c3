"""How the library sounds: loudness, peaks, joins and beds of every session, with every shipped voice."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from audio.beds import BED_NAMES, LOOP_SECONDS, bed
from audio.clip import AudioClip, Samples, join
from audio.loudness import SPEECH_LUFS, integrated_lufs, true_peak_dbtp
from benchmarks.figures import Figure, table
from sessions.durations import planned_seconds
from sessions.guide import Guide
from sessions.script_files import Library
from sessions.slots import SAMPLE_RATE_HZ
from sessions.timeline import Timeline
from voice.model_store import ModelStore
from voice.narrator import Narrator
from voice.speech_cache import SpeechCache
from voice.voices import SHIPPED, voice

CACHE_BYTES = 10**9
BED_SECONDS = 120


def measure() -> list[Figure]:
    """Every session at its default length, with its own bed and without any."""
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for name in SHIPPED:
            figures += _voice(name, _guide(Path(folder), name))
    return figures + _beds()


def _guide(folder: Path, name: str) -> Guide:
    cache = SpeechCache(folder / name, CACHE_BYTES)
    model = voice(name, ModelStore(folder / "models"))
    narrator = Narrator(model, cache, SAMPLE_RATE_HZ, planned_seconds(name))
    return Guide(Library(folder / "scripts"), lambda _: narrator, name, "normal", None)


def _voice(name: str, guide: Guide) -> list[Figure]:
    loudness, speech, peaks, steps = {}, {}, {}, {}
    for session in guide.sessions():
        sounding = guide.prepare(session.slug)
        whole = join(list(sounding.blocks()))
        bare = join(list(guide.prepare(session.slug, bed="none").blocks()))
        loudness[session.slug] = integrated_lufs(whole)
        speech[session.slug] = integrated_lufs(_spoken(bare.samples, sounding.timeline))
        peaks[session.slug] = true_peak_dbtp(whole)
        steps[session.slug] = _largest_step_dbfs(bare.samples, sounding.timeline)
    return [
        Figure(f"loudness of {len(speech)} sessions, {name}: speech", "-19 ± 1 LUFS", _range(speech, "LUFS")),
        Figure(f"the same, {name}: whole sessions", "-19 ± 1 LUFS", _range(loudness, "LUFS")),
        Figure(f"true peak, {name}", "≤ -1.5 dBTP", f"{max(peaks.values()):.1f} dBTP"),
        Figure(f"largest step at the edge of a line, {name}", "≤ -50 dBFS", f"{max(steps.values()):.1f} dBFS"),
    ]


def _spoken(samples: Samples, timeline: Timeline) -> AudioClip:
    lines = [samples[cue.start_frame : cue.end_frame] for cue in timeline.cues if cue.kind == "line"]
    return AudioClip(np.concatenate(lines), SAMPLE_RATE_HZ)


def _largest_step_dbfs(samples: Samples, timeline: Timeline) -> float:
    """Between neighbouring samples where a line, a breath or a recorded line begins or ends."""
    edges = {edge for cue in timeline.cues if cue.text for edge in (cue.start_frame, cue.end_frame)}
    steps = [abs(float(samples[edge] - samples[edge - 1])) for edge in edges if 0 < edge < len(samples)]
    return _dbfs(max(steps))


def _beds() -> list[Figure]:
    figures = []
    for name in BED_NAMES:
        if name == "none":
            continue
        clip = bed(name, 0, BED_SECONDS * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ)
        seam = LOOP_SECONDS * SAMPLE_RATE_HZ
        steps = np.abs(np.diff(clip.samples))
        figures.append(
            Figure(
                f"bed {name}: under speech; step at the seam of its loop",
                "≥ 15 dB; no larger than others",
                f"{SPEECH_LUFS - integrated_lufs(clip):.1f} dB; {_dbfs(float(steps[seam - 1])):.1f} dBFS "
                f"(largest of its noise {_dbfs(float(steps.max())):.1f})",
            )
        )
    return figures


def _range(values: dict[str, float], unit: str) -> str:
    quietest, loudest = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
    return f"{values[quietest]:.1f} ({quietest}) to {values[loudest]:.1f} {unit} ({loudest})"


def _dbfs(level: float) -> float:
    return float(20 * np.log10(max(level, 1e-9)))


if __name__ == "__main__":
    print(table(measure()))
