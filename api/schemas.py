"""What requests may hold, and the few answers that are no values of the rooms below."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, Json, StringConstraints

from core.settings import Guidance
from journal.entry import Answer

Mood = Annotated[int, Field(ge=1, le=5, description="1 (heavy) to 5 (light).")]
JournalState = Literal["open", "locked", "unusable"]
TagName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Body(BaseModel):
    """A request: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TypedEntry(Body):
    """An entry that was written instead of spoken."""

    text: str
    guide: str | None = Field(None, description="Slug of the session it follows.")
    spoken_at: AwareDatetime | None = Field(None, description="When it was written; now if not given.")


class RecordingFields(Body):
    """What may come with a recording."""

    guide: str | None = Field(None, description="Slug of the session it follows.")
    spoken_at: AwareDatetime | None = Field(None, description="When it was spoken, with its offset; now if not given.")
    mood_before: Mood | None = None
    mood_after: Mood | None = None
    prompts: Json[tuple[Answer, ...]] = Field((), description="JSON: the questions and when they were answered.")


class RecordingForm(RecordingFields):
    """The form of an upload, for the documentation: it is read as it arrives."""

    audio: str = Field(
        description="The recording, in any format a browser or phone makes.", json_schema_extra={"format": "binary"}
    )


class EntryChanges(Body):
    """What a person may correct. What is absent or null stays as it is."""

    text: str | None = None
    mood_before: Mood | None = None
    mood_after: Mood | None = None
    guide: str | None = Field(None, description="Slug of the session it follows.")
    goal_id: str | None = Field(None, max_length=100)
    spoken_at: AwareDatetime | None = Field(None, description="When it was spoken, with its offset.")


class Passphrase(Body):
    """Opens a locked journal."""

    passphrase: Annotated[str, Field(min_length=1, max_length=4096, repr=False)]


class Defaults(BaseModel):
    """What the settings choose where a request does not."""

    voice: str
    guidance: Guidance
    bed: str | None = Field(description="Null keeps each script's own.")


class Health(BaseModel):
    """What works here, and what there is to choose from."""

    version: str
    engines: dict[str, str] = Field(description="Which engine speaks and which one listens.")
    models: tuple[str, ...] = Field(description="Names of the models that are installed.")
    journal: JournalState
    voices: tuple[str, ...]
    beds: tuple[str, ...]
    formats: tuple[str, ...]
    defaults: Defaults


class ErrorDetail(BaseModel):
    """What went wrong and what to do about it."""

    code: str
    message: str
    next_step: str


class ErrorBody(BaseModel):
    """The one shape of every error."""

    error: ErrorDetail
