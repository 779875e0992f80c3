"""What was heard: words with their times. The one value that both voice and journal speak of."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, Field, computed_field

UNCERTAIN_BELOW: Final = 0.5
"""Of words that Whisper base gives a lower probability about half are wrong, of the others one in fifteen; see
docs/benchmarks.md."""

NOISE_AT_LEAST_SECONDS: Final = 2.0
FEW_CERTAIN: Final = 0.75


class Word(BaseModel):
    """One recognised word."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(description="The word as written, punctuation included, no surrounding spaces.")
    start: float = Field(ge=0, description="Seconds from the start of the recording.")
    end: float = Field(ge=0, description="Seconds from the start of the recording.")
    probability: float = Field(ge=0, le=1, description="How sure the recogniser is.")

    @computed_field(description="The recogniser is so unsure of it that it is worth hearing again.")  # type: ignore[prop-decorator]
    @property
    def uncertain(self) -> bool:
        return self.probability < UNCERTAIN_BELOW


class Transcript(BaseModel):
    """All that was heard in one recording."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(description="The words joined to sentences; empty if nobody spoke.")
    language: str | None = Field(description="ISO 639-1 code; null if nobody spoke.")
    duration_seconds: float = Field(ge=0, description="Length of the recording, silence included.")
    words: tuple[Word, ...] = ()
    noise_seconds: float = Field(0.0, ge=0, description="Sound that was neither silence nor understood.")

    @property
    def no_speech(self) -> bool:
        """True when no word was heard."""
        return not self.words

    @property
    def mostly_noise(self) -> bool:
        """True when there was more noise than speech, and few words could be made out for it."""
        certain = sum(not word.uncertain for word in self.words)
        spoken_seconds = sum(word.end - word.start for word in self.words)
        noisy = self.noise_seconds >= NOISE_AT_LEAST_SECONDS and self.noise_seconds > spoken_seconds
        return noisy and certain <= FEW_CERTAIN * len(self.words)
