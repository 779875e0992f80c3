"""Finds the speech in a stream of sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from audio.clip import AudioClip, Samples
from audio.levels import gain_of_db
from core.transcript import Word
from voice.endpointing import Endpointer, Span
from voice.silero import FRAME, Silero, shipped_weights
from voice.speech_to_text import SAMPLE_RATE_HZ

LOUD_DBFS: Final = -45.0
"""Sound above this level is no silence: a quiet room lies at -60, a quiet voice at -35."""

FRAMES_AT_ONCE: Final = 4
"""The detector judges 128 ms at a time, wherever the blocks begin, so that the same recording gives the same speech."""

FORGETTING_SECONDS: Final = 1.0
"""After so much silence the detector begins afresh. Its memory clings to the last voice, and a hoarse or whispering one
that comes after a loud one would be taken for noise."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech cut out of a longer recording."""

    start_seconds: float
    clip: AudioClip

    @property
    def seconds(self) -> float:
        return self.clip.duration_seconds

    @property
    def end_seconds(self) -> float:
        return self.start_seconds + self.seconds

    def placed(self, words: Iterable[Word], longest_seconds: float) -> Iterator[Word]:
        """Words of the clip, their times moved to where each was said in a recording of ``longest_seconds``."""
        last = min(self.end_seconds, longest_seconds)
        for word in words:
            start = min(word.start + self.start_seconds, last)
            end = min(max(word.end + self.start_seconds, start), last)
            yield word.model_copy(update={"start": round(start, 2), "end": round(end, 2)})


class VoiceActivity:
    """Cuts the speech out of sound that arrives block by block. For one recording each.

    Raises:
        ModelMissing, ModelDamaged: the detector's weights are not there or not whole.
    """

    def __init__(self) -> None:
        self._detector = Silero(shipped_weights())
        self._endpointer = Endpointer()
        self._kept: Samples = np.zeros(0, dtype=np.float32)
        self._kept_from = 0
        self._judged = 0
        self._forgotten = False
        self._frames = 0
        self._loud_frames = 0

    @property
    def kept_seconds(self) -> float:
        """How much sound is held because a stretch to come may need it."""
        return len(self._kept) / SAMPLE_RATE_HZ

    @property
    def seconds(self) -> float:
        """How much of the recording has been taken in."""
        return self._frames / SAMPLE_RATE_HZ

    @property
    def loud_seconds(self) -> float:
        """How much of it was no silence, whether anybody spoke or not."""
        return self._loud_frames / SAMPLE_RATE_HZ

    @property
    def silent_seconds(self) -> float:
        """How long nobody has spoken by now."""
        return self._endpointer.silent_seconds

    def push(self, block: AudioClip) -> list[Stretch]:
        """Takes the next block, mono at 16 kHz; gives the stretches of speech that ended in it."""
        if block.channels != 1 or block.sample_rate != SAMPLE_RATE_HZ:
            raise ValueError("voice activity needs mono sound at 16 kHz")
        self._frames += block.frames
        return self._push(block.samples)

    def _push(self, samples: Samples) -> list[Stretch]:
        self._kept = np.concatenate([self._kept, samples])
        ready = self._kept[self._judged - self._kept_from :]
        spans: list[Span | None] = []
        for at in range(0, len(ready) // FRAMES_AT_ONCE // FRAME * FRAMES_AT_ONCE * FRAME, FRAMES_AT_ONCE * FRAME):
            spans += self._judge(ready[at : at + FRAMES_AT_ONCE * FRAME])
        ended = [self._stretch(span) for span in spans if span]
        self._let_go()
        return ended

    def _judge(self, samples: Samples) -> list[Span | None]:
        self._judged += len(samples)
        if float(np.sqrt(np.mean(np.square(samples)))) > gain_of_db(LOUD_DBFS):
            self._loud_frames += len(samples)
        spans = [self._endpointer.push(float(probability)) for probability in self._detector.probabilities(samples)]
        silent = self._endpointer.silent_seconds > FORGETTING_SECONDS
        if silent and not self._forgotten:
            self._detector.forget()
        self._forgotten = silent
        return spans

    def cut(self) -> list[Stretch]:
        """Ends the stretch that is open here, if there is one, though the recording goes on."""
        span = self._endpointer.finish()
        return [self._stretch(span)] if span else []

    def finish(self) -> list[Stretch]:
        """The recording is over; gives the stretch that was still open, if there was one."""
        end = self._kept_from + len(self._kept)
        missing = self._judged + FRAMES_AT_ONCE * FRAME - end
        ended = self._push(np.zeros(missing, dtype=np.float32)) if end > self._judged else []
        span = self._endpointer.finish()
        return [*ended, self._stretch(span)] if span else ended

    def _stretch(self, span: Span) -> Stretch:
        start, end = (frame * FRAME - self._kept_from for frame in span)
        return Stretch(span.start * FRAME / SAMPLE_RATE_HZ, AudioClip(self._kept[start:end].copy(), SAMPLE_RATE_HZ))

    def _let_go(self) -> None:
        needed_from = self._endpointer.pending_from * FRAME
        if needed_from > self._kept_from:
            self._kept = self._kept[needed_from - self._kept_from :]
            self._kept_from = needed_from


def stretches(blocks: Iterable[AudioClip]) -> Iterator[Stretch]:
    """The stretches of speech in a recording, in order, each at most 20 s; holds no more than that in memory."""
    activity = VoiceActivity()
    for block in blocks:
        yield from activity.push(block)
    yield from activity.finish()
