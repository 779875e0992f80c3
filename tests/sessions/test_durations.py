from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from sessions.durations import planned_seconds, shipped_lines
from sessions.rendering import SAMPLE_RATE_HZ
from tests.voice.speaking import need_kokoro
from voice.model_store import ModelStore
from voice.narrator import Narrator
from voice.speech_cache import SpeechCache
from voice.voices import NAMED, voice

TRIED_LINES = {"joe": 40, "hibari": 40, "kokoro": 6}
"""Of a slow voice few."""

TOLERANCE_SECONDS = {"joe": (-0.3, 0.1), "hibari": (-0.3, 0.1), "kokoro": (-0.6, 0.4)}
"""For each sentence. Kokoro's table was made in one pass, and its model counts partly in 8 bit, which processors do
differently."""


@pytest.mark.parametrize("name", NAMED)
def test_the_table_holds_the_shipped_lines_and_no_others(name: str) -> None:
    table = planned_seconds(name)
    assert set(table) == set(shipped_lines())
    assert all(seconds > 0 and round(seconds * 10) == pytest.approx(seconds * 10) for seconds in table.values())


def test_other_voices_have_no_table() -> None:
    assert planned_seconds("somebody") == {}


@pytest.mark.model
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", NAMED)
def test_the_table_says_how_long_each_line_takes(name: str, models_folder: Path, tmp_path: Path) -> None:
    """Of a few lines, others each time, since all would take minutes.

    A slot more a sentence is how a voice's breath fades, and some less its last consonant; else the table is old."""
    store = ModelStore(models_folder)
    if name == "kokoro":
        need_kokoro(store)
    narrator = Narrator(voice(name, store), SpeechCache(tmp_path, 10**9), SAMPLE_RATE_HZ)
    planned = planned_seconds(name)
    lines = random.sample(shipped_lines(), TRIED_LINES[name])
    taken = {line: narrator.line(line).duration_seconds - planned[line] for line in lines}
    sentences = {line: max(1, len(re.findall(r"[.!?…]", line))) for line in taken}
    shortest, longest = TOLERANCE_SECONDS[name]
    off = {
        line: seconds
        for line, seconds in taken.items()
        if not shortest * sentences[line] - 1e-6 <= seconds <= longest * sentences[line] + 1e-6
    }
    assert not off, "run: python -m benchmarks.line_durations"
