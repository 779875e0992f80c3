"""A recogniser that hears one word in every half second."""

from __future__ import annotations

from collections.abc import Sequence

from audio.clip import AudioClip
from core.errors import OutbreathError
from core.transcript import Word

SECONDS_PER_WORD = 0.5


class CountingRecogniser:
    """Hears ``one two three …``, a word every half second of what it is given, always in the same language."""

    WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

    def __init__(self, language: str = "en", fault: OutbreathError | None = None) -> None:
        self.name = "counting"
        self.language = language
        self.fault = fault
        self.loaded = False
        self.heard: list[tuple[float, str | None]] = []

    def warm(self) -> None:
        if self.fault:
            raise self.fault
        self.loaded = True

    def recognise(
        self, stretch: AudioClip, language: str | None, vocabulary: Sequence[str] = ()
    ) -> tuple[tuple[Word, ...], str | None]:
        self.warm()
        self.vocabulary = tuple(vocabulary)
        self.heard.append((stretch.duration_seconds, language))
        count = int(stretch.duration_seconds / SECONDS_PER_WORD)
        words = tuple(
            Word(
                text=self.WORDS[index % len(self.WORDS)],
                start=index * SECONDS_PER_WORD,
                end=(index + 1) * SECONDS_PER_WORD,
                probability=0.9,
            )
            for index in range(count)
        )
        return words, (language or self.language) if words else None
