"""Which speech is recognised together.

Whisper sees 30 s at a time and takes almost as long for 1 s as for 6, so short stretches are joined to a passage, their
pauses left out. Longer joins would be cheaper still, and cost words: what was said before and after a long pause seldom
is one sentence. And little is left to do when somebody stops speaking.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

import numpy as np

from audio.clip import AudioClip, join
from audio.levels import gain_of_db
from core.transcript import Word
from voice.endpointing import PADDING_SECONDS
from voice.speech_to_text import LONGEST_STRETCH_SECONDS, SAMPLE_RATE_HZ
from voice.voice_activity import Stretch, VoiceActivity

LOUD_DBFS: Final = -45.0
"""Sound above this level is no silence: a quiet room lies at -60, a quiet voice at -35."""


ENOUGH_SECONDS: Final = 6.0
"""So much speech is worth a recognition: the next pause ends the passage."""

SILENCE_SECONDS: Final = 1.5
"""After so much silence a passage ends however short it is."""

PAUSE_SECONDS: Final = SILENCE_SECONDS - 2 * PADDING_SECONDS
"""The same, between stretches: each keeps a little of it."""


@dataclass(frozen=True)
class Passage:
    """Stretches of speech that are recognised in one go, at most ``LONGEST_STRETCH_SECONDS`` in all."""

    stretches: tuple[Stretch, ...]

    @cached_property
    def clip(self) -> AudioClip:
        """What the recogniser hears: the stretches one after the other."""
        return join([stretch.clip for stretch in self.stretches])

    @property
    def seconds(self) -> float:
        return sum(stretch.clip.duration_seconds for stretch in self.stretches)

    def placed(self, words: Sequence[Word], longest_seconds: float) -> Iterator[Word]:
        """Words of the clip, their times moved to where each was said in the recording.

        A word belongs to the stretch that holds its middle and never reaches out of it.
        """
        starts = [0.0, *accumulate(stretch.clip.duration_seconds for stretch in self.stretches)][:-1]
        for word in words:
            index = max(0, bisect_right(starts, (word.start + word.end) / 2) - 1)
            stretch = self.stretches[index]
            moved = stretch.start_seconds - starts[index]
            last = min(stretch.end_seconds, longest_seconds)
            start = min(max(word.start + moved, stretch.start_seconds), last)
            end = min(max(word.end + moved, start), last)
            yield word.model_copy(update={"start": round(start, 2), "end": round(end, 2)})


class Passages:
    """Cuts a recording that arrives block by block into passages. Keeps at most one of them in memory.

    Time is that of the recording, so the same recording gives the same passages, however fast it comes.
    """

    def __init__(self) -> None:
        self._activity = VoiceActivity()
        self._waiting: list[Stretch] = []
        self._frames = 0
        self._loud_frames = 0

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
        return self._activity.silent_seconds

    def push(self, block: AudioClip) -> list[Passage]:
        """Takes the next block, mono at 16 kHz; gives the passages that ended in it."""
        self._frames += block.frames
        self._loud_frames += _loud_frames(block)
        ended = [passage for stretch in self._activity.push(block) for passage in self._add(stretch)]
        if self._waiting and self.silent_seconds >= SILENCE_SECONDS:
            ended += self._take()
        return ended

    def cut(self) -> list[Passage]:
        """Ends the passage here, though the recording goes on."""
        return [passage for stretch in self._activity.cut() for passage in self._add(stretch)] + self._take()

    def finish(self) -> list[Passage]:
        """The recording is over; gives what was still waiting."""
        return [passage for stretch in self._activity.finish() for passage in self._add(stretch)] + self._take()

    def _add(self, stretch: Stretch) -> list[Passage]:
        full = self._waiting_seconds + stretch.clip.duration_seconds > LONGEST_STRETCH_SECONDS
        # Looked at here too, or it would depend on where the blocks end.
        apart = bool(self._waiting) and stretch.start_seconds - self._waiting[-1].end_seconds >= PAUSE_SECONDS
        ended = self._take() if full or apart else []
        self._waiting.append(stretch)
        return ended + (self._take() if self._waiting_seconds >= ENOUGH_SECONDS else [])

    def _take(self) -> list[Passage]:
        taken, self._waiting = self._waiting, []
        return [Passage(tuple(taken))] if taken else []

    @property
    def _waiting_seconds(self) -> float:
        return sum(stretch.clip.duration_seconds for stretch in self._waiting)


def _loud_frames(block: AudioClip) -> int:
    loud = float(np.sqrt(np.mean(np.square(block.samples)))) > gain_of_db(LOUD_DBFS) if block.frames else False
    return block.frames if loud else 0
