"""Speaks every line of the shipped sessions with the shipped voices and writes down how long each takes.

Run ``python -m benchmarks.line_durations`` after changing a shipped script or a voice; a test tells when it is needed.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import sessions.library
from sessions.durations import TABLE_FILE, shipped_lines
from sessions.rendering import SAMPLE_RATE_HZ
from voice.model_store import ModelStore
from voice.narrator import Narrator
from voice.speech_cache import SpeechCache
from voice.voices import SHIPPED, voice

CACHE_BYTES = 1_000_000_000


def measured(name: str, models: ModelStore, cache: SpeechCache) -> dict[str, float]:
    """Seconds of each shipped line with the voice of that name, in the order of the library."""
    narrator = Narrator(voice(name, models), cache, SAMPLE_RATE_HZ)
    return {line: round(narrator.line(line).duration_seconds, 1) for line in shipped_lines()}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        models, cache = ModelStore(Path(folder) / "models"), SpeechCache(Path(folder) / "lines", CACHE_BYTES)
        table = {name: measured(name, models, cache) for name in SHIPPED}
    text = json.dumps(table, ensure_ascii=False, indent=1)
    (Path(sessions.library.__path__[0]) / TABLE_FILE).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
