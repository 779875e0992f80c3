"""An entry: what was said or written, and all that belongs to it. Its JSON form is public."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.transcript import Word

LONGEST_TEXT_CHARACTERS = 2_000_000
"""About 300,000 words, a hundred hours of speech; beyond it a text is taken for an accident."""

Mood = Literal["mood_before", "mood_after"]
MOODS: Final[tuple[Mood, ...]] = ("mood_before", "mood_after")


class State(StrEnum):
    """Where an entry stands on its way from the microphone to the shelf."""

    RECORDING = "recording"
    RECOVERED = "recovered"
    TRANSCRIBING = "transcribing"
    READY = "ready"
    NO_SPEECH = "no_speech"
    FAILED = "failed"

    @property
    def settled(self) -> bool:
        """Nothing more happens to the entry by itself."""
        return self in (State.READY, State.NO_SPEECH, State.FAILED)


class Record(BaseModel):
    """Base of the values below: frozen, so that they can be passed around."""

    model_config = ConfigDict(frozen=True)


class Span(Record):
    """A piece of an entry's text."""

    text: str
    start: int = Field(ge=0, description="Character offset of its first character.")
    end: int = Field(ge=0, description="Character offset behind its last character.")
    start_seconds: float | None = Field(default=None, description="When it was said, in seconds; null if it was typed.")
    end_seconds: float | None = None


TagKind = Literal["feeling", "theme", "practice", "own"]


class Tag(Record):
    """A tag on an entry: suggested with its reasons, or given by the person."""

    name: str
    kind: TagKind
    source: Literal["suggested", "person"] = "suggested"
    confidence: float | None = Field(None, ge=0, le=1, description="How sure the suggestion is; null from the person.")
    evidence: tuple[Span, ...] = ()


class TagCount(Record):
    """A tag and how many entries bear it."""

    name: str
    kind: TagKind
    count: int = Field(ge=1)


class TagLessons(Record):
    """How many examples of a tag there are to learn from."""

    name: str
    kind: TagKind
    yes: int = Field(ge=0, description="Entries that the person gave it, or said yes to it.")
    no: int = Field(ge=0, description="Entries that the person took it away from.")


class Answer(Record):
    """What was said to one prompt."""

    prompt: str
    text: str = ""
    start: float = Field(ge=0, description="Seconds into the recording.")
    end: float = Field(ge=0, description="Seconds into the recording.")


class Failure(Record):
    """Why an entry failed, and what to do."""

    code: str
    message: str
    next_step: str


class Entry(Record):
    """One reflection, spoken or typed."""

    id: str
    state: State
    spoken_at: datetime = Field(description="With the offset of the place where it was spoken.")
    shift_day: date = Field(description="The day it belongs to, which need not begin at midnight.")
    guide: str | None = Field(None, description="Slug of the session it followed.")
    duration_seconds: float | None = Field(None, description="Length of the recording; null if typed.")
    text: str = Field("", description="As corrected by the person.")
    original_text: str = Field("", description="As recognised or first typed.")
    language: str | None = None
    answers: tuple[Answer, ...] = ()
    words: tuple[Word, ...] = Field((), description="Empty in lists and search results, to keep those small.")
    tags: tuple[Tag, ...] = ()
    mood_before: int | None = Field(None, ge=1, le=5)
    mood_after: int | None = Field(None, ge=1, le=5)
    goal_id: str | None = None
    failure: Failure | None = None
    mostly_noise: bool = Field(False, description="Most of the recording is noise, and few words could be made out.")


class Mark(Record):
    """Where in a snippet a word stands that was looked for."""

    start: int = Field(ge=0, description="Character offset of its first character.")
    end: int = Field(ge=0, description="Character offset behind its last character.")


class SearchResult(Record):
    """An entry that was found, and why."""

    entry: Entry
    score: float = Field(description="Higher is better; scores of different queries cannot be compared.")
    snippet: str
    marks: tuple[Mark, ...] = Field((), description="What of the snippet was looked for; empty if it was the meaning.")
    matched: tuple[Literal["words", "meaning", "tag"], ...] = Field(description="Why it was found.")
    at_seconds: float | None = Field(None, description="Where in its recording that is said; null if not known.")


class SearchResults(Record):
    """What a search found, best first."""

    query: str
    total: int
    results: tuple[SearchResult, ...]


class RelatedEntries(Record):
    """Entries that are about the same as another one, the nearest first."""

    results: tuple[SearchResult, ...]


Period = Literal["month", "week"]


class TagPeriod(Record):
    """How many entries of a month or a week bear a tag. Periods without any are left out."""

    since: date = Field(description="Its first day; weeks begin on Monday.")
    count: int = Field(ge=1)


class TagHistory(Record):
    """When a tag was used, and with which others."""

    name: str
    kind: TagKind
    count: int = Field(ge=0)
    timeline: tuple[TagPeriod, ...] = Field(description="By shift days, the oldest first.")
    together: tuple[TagCount, ...] = Field(description="Tags of the same entries, the most frequent first.")


class EntryPage(Record):
    """Some of the entries, newest first."""

    entries: tuple[Entry, ...]
    total: int
    next_cursor: str | None = None
