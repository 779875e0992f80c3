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

TAKES = 5
"""Piper draws its timbre by lot, and now and then the release of a last consonant is too soft to count as sound. The
slot is as long as the longest take, so that no take is cut."""


def measured(name: str, models: ModelStore, folder: Path) -> dict[str, float]:
    """Seconds of each shipped line with the voice of that name, in the order of the library."""
    speaking = voice(name, models)
    # Each take has a memory of its own, or it would be the first one over again.
    takes = [Narrator(speaking, SpeechCache(folder / str(n), CACHE_BYTES), SAMPLE_RATE_HZ) for n in range(TAKES)]
    return {line: max(round(take.line(line).duration_seconds, 1) for take in takes) for line in shipped_lines()}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        models = ModelStore(Path(folder) / "models")
        table = {name: measured(name, models, Path(folder) / name) for name in SHIPPED}
    text = json.dumps(table, ensure_ascii=False, indent=1)
    (Path(sessions.library.__path__[0]) / TABLE_FILE).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
