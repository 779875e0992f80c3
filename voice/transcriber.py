"""Turns a recording into words: finds the speech, gives it to the recogniser, puts the words where they were said.

Only the stretches with speech are recognised, so that silence gives no words. Each is recognised by itself: Whisper
takes almost as long for 1 s as for 6, so joining short ones would be cheaper, but of two sentences with a pause cut out
between them it now and then leaves out the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from audio.clip import AudioClip
from core.transcript import Transcript, Word
from voice.speech_to_text import SpeechToText
from voice.voice_activity import Stretch, VoiceActivity

ENOUGH_WORDS: Final = 4
"""The language guessed from this many words is kept for the rest of the recording."""


class Hearing:
    """What has been heard of one recording by now.

    Args:
        recogniser: what turns speech into words.
        language: ISO 639-1 code, or None to let the recogniser guess.
        vocabulary: names and terms to expect; see ``SpeechToText.recognise``.
    """

    def __init__(self, recogniser: SpeechToText, language: str | None, vocabulary: Sequence[str] = ()) -> None:
        self._recogniser = recogniser
        self._language = language
        self._vocabulary = tuple(vocabulary)
        self._guess: str | None = None
        self._words: list[Word] = []
        self._understood_seconds = 0.0

    def hear(self, stretch: Stretch, longest_seconds: float) -> tuple[Word, ...]:
        """Recognises the next stretch of speech; gives its words where they were said.

        ``longest_seconds`` is the length of the recording by now: no word lies behind it.

        Raises:
            ModelMissing, ModelDamaged, TranscriptionFailed: as the recogniser does.
        """
        heard, language = self._recogniser.recognise(stretch.clip, self._language, self._vocabulary)
        words = tuple(stretch.placed(heard, longest_seconds))
        self._words.extend(words)
        self._understood_seconds += stretch.seconds if words else 0.0
        self._guess = self._guess or language
        if self._language is None and len(words) >= ENOUGH_WORDS:
            self._language = language
        return words

    def transcript(self, activity: VoiceActivity) -> Transcript:
        """All of it; ``activity`` has taken in the whole recording."""
        return Transcript(
            text=" ".join(word.text for word in self._words),
            language=(self._language or self._guess) if self._words else None,
            duration_seconds=activity.seconds,
            words=tuple(self._words),
            noise_seconds=max(0.0, activity.loud_seconds - self._understood_seconds),
        )


def transcribe(
    blocks: Iterable[AudioClip],
    recogniser: SpeechToText,
    language: str | None,
    on_progress: Callable[[float], None] | None = None,
    vocabulary: Sequence[str] = (),
) -> Transcript:
    """The words of a recording, timed from its start.

    Memory stays the same however long the recording is.

    Args:
        blocks: the recording in order, mono at 16 kHz.
        recogniser: what turns speech into words.
        language: ISO 639-1 code, or None to let the recogniser guess.
        on_progress: told the seconds of the recording that have been worked through.
        vocabulary: names and terms to expect.

    Raises:
        ModelMissing, ModelDamaged, TranscriptionFailed: as the recogniser does.
    """
    activity, hearing = VoiceActivity(), Hearing(recogniser, language, vocabulary)
    for block in blocks:
        for stretch in activity.push(block):
            hearing.hear(stretch, activity.seconds)
        if on_progress:
            on_progress(activity.seconds)
    for stretch in activity.finish():
        hearing.hear(stretch, activity.seconds)
    return hearing.transcript(activity)
