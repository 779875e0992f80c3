"""Whether the library is understood, and how fast it is spoken: every line is heard back by our own recogniser.

``python -m benchmarks.spoken_words [--lines]``; with ``--lines`` each line that was heard otherwise is shown.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import jiwer

from audio.resampling import resample
from benchmarks.clips import normalised
from benchmarks.figures import Figure, table
from sessions.durations import planned_seconds, shipped_lines
from sessions.script_files import shipped_scripts
from sessions.slots import LINE_GAP_SECONDS, SAMPLE_RATE_HZ
from sessions.timeline import plan
from voice.model_store import ModelStore
from voice.narrator import Narrator
from voice.speech_cache import SpeechCache
from voice.speech_to_text import SAMPLE_RATE_HZ as HEARING_RATE_HZ
from voice.transcriber import transcribe
from voice.voices import SHIPPED, voice
from voice.whisper_engine import WhisperEngine

CACHE_BYTES = 10**9


def measure(show_lines: bool) -> list[Figure]:
    """Word errors and pace of each shipped voice."""
    with tempfile.TemporaryDirectory() as folder:
        models = ModelStore(Path(folder) / "models")
        recogniser = WhisperEngine(models, "base")
        figures = []
        for name in SHIPPED:
            cache = SpeechCache(Path(folder) / name, CACHE_BYTES)
            narrator = Narrator(voice(name, models), cache, SAMPLE_RATE_HZ, planned_seconds(name))
            pairs = {line: _heard(narrator, recogniser, line) for line in shipped_lines()}
            if show_lines:
                _show(name, pairs)
            errors = jiwer.wer(list(map(normalised, pairs)), list(map(normalised, pairs.values())))
            figures += [
                Figure(f"word errors of {len(pairs)} lines spoken by {name}", "≤ 3 %", f"{100 * errors:.1f} %"),
                Figure(f"pace of {name} in meditations", "110 to 130 words a minute", _pace(name)),
            ]
        return figures


def _heard(narrator: Narrator, recogniser: WhisperEngine, line: str) -> str:
    return transcribe([resample(narrator.line(line), HEARING_RATE_HZ)], recogniser, "en").text


def _show(name: str, pairs: dict[str, str]) -> None:
    for line, heard in pairs.items():
        if normalised(line) != normalised(heard):
            print(f"{name}: {line}\n{' ' * len(name)}  {heard}", file=sys.stderr)


def _pace(name: str) -> str:
    """Words a minute while somebody speaks: lines and the gaps between them, not the silences that are meant."""
    paces = []
    for script in shipped_scripts().values():
        if script.kind == "meditation":
            timeline = plan(script, script.minutes.default, "normal", planned_seconds(name).__getitem__)
            lines = [cue for cue in timeline.cues if cue.kind == "line"]
            words = sum(len(re.findall(r"[\w'’-]+", cue.text)) for cue in lines)
            paces.append(60 * words / sum(cue.end - cue.start + LINE_GAP_SECONDS for cue in lines))
    return f"{min(paces):.0f} to {max(paces):.0f} words a minute"


if __name__ == "__main__":
    print(table(measure("--lines" in sys.argv[1:])))
