"""Transcribes what is being said while it is being said, so that little is left to do when the person stops.

Words are final when they come: each stretch of speech is recognised once, with the care that a recording
from a file gets.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Final

from audio.clip import AudioClip
from core.errors import OutbreathError, TranscriptionFailed
from core.transcript import Transcript, Word
from voice.speech_to_text import SpeechToText
from voice.transcriber import Hearing
from voice.voice_activity import Stretch, VoiceActivity

MOST_WAITING_SECONDS: Final = 300.0
"""A machine that is this much speech behind is too slow to keep pace. Giving up keeps memory flat."""


class LiveTranscriber:
    """One recording, transcribed in a thread of its own while it is made.

    ``push``, ``cut`` and ``finish`` belong to one thread at a time, that of the recording. What goes wrong in the other
    one is raised by ``finish``: the recording itself must not stop for it.

    Args:
        recogniser: what turns speech into words; its model is loaded at once, before anybody has said a word.
        language: ISO 639-1 code, or None to let the recogniser guess.
        vocabulary: names and terms to expect.
        on_words: told the words of each stretch, from the other thread.
    """

    def __init__(
        self,
        recogniser: SpeechToText,
        language: str | None,
        vocabulary: Sequence[str] = (),
        on_words: Callable[[tuple[Word, ...]], None] = lambda _: None,
    ) -> None:
        self._recogniser = recogniser
        self._activity = VoiceActivity()
        self._hearing = Hearing(recogniser, language, vocabulary)
        self._on_words = on_words
        self._waiting: queue.SimpleQueue[tuple[Stretch, float] | None] = queue.SimpleQueue()
        self._handed_seconds = 0.0
        self._heard_seconds = 0.0
        self._fault: OutbreathError | None = None
        self._thread = threading.Thread(target=self._work, name="live-transcriber", daemon=True)
        self._thread.start()

    @property
    def silent_seconds(self) -> float:
        """How long nobody has spoken by now."""
        return self._activity.silent_seconds

    @property
    def behind_seconds(self) -> float:
        """How much speech waits to be recognised."""
        return self._handed_seconds - self._heard_seconds

    def push(self, block: AudioClip) -> None:
        """Takes the next block, mono at 16 kHz. Does not wait for any recognition."""
        self._hand_over(self._activity.push(block))

    def cut(self) -> None:
        """What follows is about something else, such as the next question: no stretch reaches over this point."""
        self._hand_over(self._activity.cut())

    def finish(self) -> Transcript:
        """The recording is over; waits for the last words.

        Raises:
            ModelMissing, ModelDamaged, TranscriptionFailed: not all of it was recognised.
        """
        self._hand_over(self._activity.finish())
        self._waiting.put(None)
        self._thread.join()
        if self._fault:
            raise self._fault
        return self._hearing.transcript(self._activity)

    def abandon(self) -> None:
        """Nobody wants the words any more; returns once the recognition that is running is over."""
        self._fault = self._fault or TranscriptionFailed()
        self._waiting.put(None)
        self._thread.join()

    def _hand_over(self, stretches: Sequence[Stretch]) -> None:
        for stretch in stretches:
            self._handed_seconds += stretch.seconds
            if self.behind_seconds > MOST_WAITING_SECONDS:
                self._fault = self._fault or TranscriptionFailed()
            if self._fault is None:
                self._waiting.put((stretch, self._activity.seconds))

    def _work(self) -> None:
        try:
            self._recogniser.warm()
            while (given := self._waiting.get()) is not None and self._fault is None:
                stretch, by_seconds = given
                self._on_words(self._hearing.hear(stretch, by_seconds))
                self._heard_seconds += stretch.seconds
        except OutbreathError as error:
            self._fault = error
        except Exception:  # noqa: BLE001 - whatever an engine throws; its message may hold words
            self._fault = TranscriptionFailed()
