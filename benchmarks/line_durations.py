"""Speaks every line of the shipped sessions with every voice that has a name and writes down how long each takes.

Run ``python -m benchmarks.line_durations`` after changing a shipped script: it speaks the lines that are new and
forgets those that are gone; a test tells when it is needed. After changing a voice add ``--anew``: it speaks all lines.
Names of voices as arguments leave the others as they are. ``kokoro`` takes a quarter of an hour for all lines.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import sessions.library
from sessions.durations import TABLE_FILE, shipped_lines
from sessions.rendering import SAMPLE_RATE_HZ
from voice.model_store import ModelStore
from voice.narrator import Narrator
from voice.speech_cache import SpeechCache
from voice.voices import NAMED, voice

CACHE_BYTES = 1_000_000_000

TAKES = 5
"""Piper draws its timbre by lot, and now and then the release of a last consonant is too soft to count as sound. The
slot is as long as the longest take, so that no take is cut."""

ONE_TAKE = {"kokoro"}
"""Voices that draw nothing by lot."""


def measured(name: str, known: Mapping[str, float], models: ModelStore, folder: Path) -> dict[str, float]:
    """Seconds of each shipped line with the voice of that name, in the order of the library; ``known`` ones stay."""
    if known.keys() >= set(shipped_lines()):
        return {line: known[line] for line in shipped_lines()}
    speaking = voice(name, models)
    # Each take has a memory of its own, or it would be the first one over again.
    caches = [SpeechCache(folder / str(n), CACHE_BYTES) for n in range(1 if name in ONE_TAKE else TAKES)]
    takes = [Narrator(speaking, cache, SAMPLE_RATE_HZ) for cache in caches]

    def longest(line: str) -> float:
        return max(round(take.line(line).duration_seconds, 1) for take in takes)

    return {line: known[line] if line in known else longest(line) for line in shipped_lines()}


def main(names: Sequence[str], anew: bool) -> None:
    file = Path(sessions.library.__path__[0]) / TABLE_FILE
    table = json.loads(file.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        models = ModelStore(Path(folder) / "models")
        for name in names:
            known = {} if anew else table.get(name, {})
            table[name] = measured(name, known, models, Path(folder) / name)
    file.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    voices = [argument for argument in sys.argv[1:] if argument != "--anew"]
    main(voices or NAMED, "--anew" in sys.argv[1:])
