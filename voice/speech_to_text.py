"""What a recogniser does, whichever engine listens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from audio.clip import AudioClip
from core.transcript import Word

SAMPLE_RATE_HZ = 16_000
"""Recognisers hear mono sound at this rate."""

LONGEST_STRETCH_SECONDS = 28.0
"""Whisper sees 30 s at a time; a stretch stays below it with room for padding."""


class SpeechToText(Protocol):
    """A recogniser. Loads its model on first use, not when it is made."""

    @property
    def name(self) -> str:
        """The name people choose it by."""
        ...

    @property
    def loaded(self) -> bool:
        """True once the model is in memory."""
        ...

    def warm(self) -> None:
        """Loads the model now, so that the first recording is not kept waiting.

        Raises:
            UnknownLanguage: the engine has not learned ``language``.
            ModelMissing, ModelDamaged: the model's files are not there or not whole.
        """
        ...

    def recognise(
        self, stretch: AudioClip, language: str | None, vocabulary: Sequence[str] = ()
    ) -> tuple[tuple[Word, ...], str | None]:
        """Words of one stretch of speech, times counted from its start, and the language heard.

        Args:
            stretch: mono at ``SAMPLE_RATE_HZ``, at most ``LONGEST_STRETCH_SECONDS`` long.
            language: ISO 639-1 code, or None to let the engine guess.
            vocabulary: names and terms that are more likely than elsewhere; none is heard for being named.

        Raises:
            ModelMissing, ModelDamaged: the model's files are not there or not whole.
            TranscriptionFailed: the engine gave up on this stretch.
        """
        ...
