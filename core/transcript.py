"""What was heard: words with their times. The one value that both voice and journal speak of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Word(BaseModel):
    """One recognised word."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(description="The word as written, punctuation included, no surrounding spaces.")
    start: float = Field(ge=0, description="Seconds from the start of the recording.")
    end: float = Field(ge=0, description="Seconds from the start of the recording.")
    probability: float = Field(ge=0, le=1, description="How sure the recogniser is.")


class Transcript(BaseModel):
    """All that was heard in one recording."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(description="The words joined to sentences; empty if nobody spoke.")
    language: str | None = Field(description="ISO 639-1 code; null if nobody spoke.")
    duration_seconds: float = Field(ge=0, description="Length of the recording, silence included.")
    words: tuple[Word, ...] = ()

    @property
    def no_speech(self) -> bool:
        """True when no word was heard."""
        return not self.words
