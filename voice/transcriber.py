"""Turns a recording into words: finds the speech, gives it to the recogniser, puts the words where they were said.

Only the stretches with speech are recognised, so that silence gives no words. Whisper works on 30 s at a time and
takes almost as long for 3 s as for 30, so neighbouring stretches are joined, their pauses left out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from audio.clip import AudioClip, join
from core.transcript import Transcript, Word
from voice.speech_to_text import LONGEST_STRETCH_SECONDS, SpeechToText
from voice.voice_activity import Stretch, VoiceActivity

ENOUGH_WORDS: Final = 4
"""The language guessed from this many words is kept for the rest of the recording."""


class Transcriber:
    """Transcribes one recording as it arrives. Keeps at most the speech of one recognition in memory.

    Args:
        recogniser: what turns speech into words.
        language: ISO 639-1 code, or None to let the recogniser guess.
    """

    def __init__(self, recogniser: SpeechToText, language: str | None) -> None:
        self._recogniser = recogniser
        self._language = language
        self._guess: str | None = None
        self._activity = VoiceActivity()
        self._waiting: list[Stretch] = []
        self._words: list[Word] = []
        self._seconds = 0.0

    @property
    def seconds(self) -> float:
        """How much of the recording has been taken in."""
        return self._seconds

    def push(self, block: AudioClip) -> None:
        """Takes the next block: mono at 16 kHz.

        Raises:
            ModelMissing, ModelDamaged, TranscriptionFailed: as the recogniser does.
        """
        self._seconds += block.duration_seconds
        for stretch in self._activity.push(block):
            self._add(stretch)

    def finish(self) -> Transcript:
        """The recording is over; recognises what is still waiting. Raises as ``push`` does."""
        for stretch in self._activity.finish():
            self._add(stretch)
        self._recognise()
        words = tuple(self._words)
        return Transcript(
            text=" ".join(word.text for word in words),
            language=(self._language or self._guess) if words else None,
            duration_seconds=self._seconds,
            words=words,
        )

    def _add(self, stretch: Stretch) -> None:
        waiting_seconds = sum(waiting.clip.duration_seconds for waiting in self._waiting)
        if waiting_seconds + stretch.clip.duration_seconds > LONGEST_STRETCH_SECONDS:
            self._recognise()
        self._waiting.append(stretch)

    def _recognise(self) -> None:
        if not self._waiting:
            return
        together, self._waiting = self._waiting, []
        words, heard = self._recogniser.recognise(join([stretch.clip for stretch in together]), self._language)
        self._words.extend(_placed(words, together, self._seconds))
        self._guess = self._guess or heard
        if self._language is None and len(words) >= ENOUGH_WORDS:
            self._language = heard


def transcribe(
    blocks: Iterable[AudioClip],
    recogniser: SpeechToText,
    language: str | None,
    on_progress: Callable[[float], None] | None = None,
) -> Transcript:
    """The words of a recording, timed from its start.

    Memory stays the same however long the recording is.

    Args:
        blocks: the recording in order, mono at 16 kHz.
        recogniser: what turns speech into words.
        language: ISO 639-1 code, or None to let the recogniser guess.
        on_progress: told the seconds of the recording that have been worked through.

    Raises:
        ModelMissing, ModelDamaged, TranscriptionFailed: as the recogniser does.
    """
    transcriber = Transcriber(recogniser, language)
    for block in blocks:
        transcriber.push(block)
        if on_progress:
            on_progress(transcriber.seconds)
    return transcriber.finish()


def _placed(words: Sequence[Word], together: Sequence[Stretch], longest_seconds: float) -> Iterator[Word]:
    """Words of joined stretches, their times moved to where each was said in the recording.

    A word belongs to the stretch that holds its middle and never reaches out of it.
    """
    starts = [0.0, *accumulate(stretch.clip.duration_seconds for stretch in together)][:-1]
    for word in words:
        index = max(0, bisect_right(starts, (word.start + word.end) / 2) - 1)
        stretch = together[index]
        moved = stretch.start_seconds - starts[index]
        last = min(stretch.end_seconds, longest_seconds)
        start = min(max(word.start + moved, stretch.start_seconds), last)
        end = min(max(word.end + moved, start), last)
        yield word.model_copy(update={"start": round(start, 2), "end": round(end, 2)})
