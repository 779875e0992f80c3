"""The real application over a journal of its own; only the voice and the recogniser are quick stand-ins."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from starlette.testclient import TestClient

from api.server import create_app
from core import settings
from outbreath.wiring import Outbreath, build
from sessions.guide import Guide
from sessions.rendering import SAMPLE_RATE_HZ
from sessions.script_files import Library
from tests.fakes.recogniser import CountingRecogniser
from tests.fakes.voices import HummingVoice
from voice.model_store import ModelStore
from voice.narrator import Narrator
from voice.speech_cache import SpeechCache
from voice.voices import voice

HERE = "http://127.0.0.1:8765"
SCRIPT = """---
title: Hum
kind: meditation
minutes: {default: 1, min: 0.5, max: 10}
basis: "made for a test"
bed: none
---
# First
{bell}
One line is spoken here. {pause 2s}
> This one only when more is wanted.
{rest 2}
# Second
{breathe coherent-breathing 2 breaths}
! The last one. {bell end}
"""


def wav(seconds: float = 2.0, sample_rate: int = 16_000) -> bytes:
    """A WAV file with a quiet tone."""
    frames = int(seconds * sample_rate)
    return wav_of((4000 * np.sin(np.arange(frames) * 2 * np.pi * 220 / sample_rate)).astype("<i2"), sample_rate)


def wav_of(samples: NDArray[np.int16], sample_rate: int) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return content.getvalue()


@pytest.fixture(scope="session")
def speech(models_folder: Path) -> bytes:
    """A WAV file in which a voice speaks for about ten seconds: a tone is not taken for speech."""
    speaking = voice("hibari", ModelStore(models_folder))
    words = "This evening I sat in the kitchen for a while, and thought about the day. " * 2
    clips = list(speaking.speak(words))
    return wav_of(np.concatenate([clip.to_int16() for clip in clips]), clips[0].sample_rate)


@pytest.fixture
def recogniser() -> CountingRecogniser:
    return CountingRecogniser()


@pytest.fixture
def outbreath(tmp_path: Path, recogniser: CountingRecogniser) -> Iterator[Outbreath]:
    configured = settings.load(
        environment={
            "OUTBREATH_HOME": str(tmp_path / "home"),
            "OUTBREATH_KEY_STORE": "file",
            "OUTBREATH_RECORDING_LIMIT_MB": "3",
        }
    )
    configured.places.scripts.mkdir(parents=True)
    (configured.places.scripts / "hum.md").write_text(SCRIPT)
    lines = SpeechCache(tmp_path / "lines", 10_000_000)

    def narrator(name: str) -> Narrator:
        return Narrator(HummingVoice(name), lines, SAMPLE_RATE_HZ)

    guide = Guide(Library(configured.places.scripts), narrator, "hibari", "normal", None)
    with build(configured, recogniser=recogniser, guide=guide) as parts:
        yield parts


@pytest.fixture
def client(outbreath: Outbreath) -> Iterator[TestClient]:
    with TestClient(create_app(outbreath), HERE) as opened:
        yield opened


def settled(client: TestClient, entry_id: str) -> dict[str, object]:
    """Follows the events of an entry to their end and gives what it became."""
    import json

    events = client.get(f"/api/v1/entries/{entry_id}/events").text.strip().split("\n\n")
    assert events[-1].startswith("event: end")
    last = [event for event in events if event.startswith("event: entry")][-1]
    entry: dict[str, object] = json.loads(last.partition("data: ")[2])
    return entry
