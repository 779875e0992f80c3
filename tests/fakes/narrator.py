"""A narrator whose lines have known lengths and a tone for a voice."""

from __future__ import annotations

from math import ceil

import numpy as np

from audio.clip import AudioClip
from core.errors import OutbreathError

SAMPLE_RATE_HZ = 48_000
CHARACTERS_PER_SLOT = 2


def seconds_of(text: str) -> float:
    """A slot of 0.1 s for every two characters."""
    return ceil(len(text) / CHARACTERS_PER_SLOT) / 10


class TonedNarrator:
    """Hums each line at 220 Hz for ``seconds_of`` its text; each different text at its own level."""

    voice_name = "toned"
    sample_rate = SAMPLE_RATE_HZ
    fingerprint = "toned-1"
    real_time_factor = 0.01

    def __init__(self, known: bool = True, fault: OutbreathError | None = None) -> None:
        self.known = known
        self.fault = fault
        self.spoken: list[str] = []

    def known_seconds(self, text: str) -> float | None:
        return seconds_of(text) if self.known else None

    def is_ready(self, text: str) -> bool:
        return text in self.spoken

    def line(self, text: str) -> AudioClip:
        if self.fault:
            raise self.fault
        self.spoken.append(text)
        time = np.arange(round(seconds_of(text) * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
        level = 0.1 + 0.001 * (len(text) % 100)
        return AudioClip((level * np.sin(2 * np.pi * 220 * time)).astype(np.float32), SAMPLE_RATE_HZ)
