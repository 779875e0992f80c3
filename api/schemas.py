"""What requests may hold, and the few answers that are no values of the rooms below."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, Json, StringConstraints

from core.settings import Guidance, Source
from journal.entry import Answer
from journal.written_text import LONGEST_TAG_CHARACTERS

DAY = r"\d{4}-\d{2}-\d{2}"
MOMENT = rf"{DAY}[Tt ]\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?([Zz]|[+-]\d{{2}}:\d{{2}})"


def _only_moments(value: Any) -> Any:
    """Left to itself pydantic takes numbers, and texts that are numbers, for seconds since 1970."""
    if not isinstance(value, str) or not re.fullmatch(MOMENT, value, re.ASCII):
        raise ValueError("Input should be a time with its offset such as 2026-11-23T20:15:00+01:00")
    return value


def _only_days_and_moments(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(DAY, value, re.ASCII):
        return value
    return _only_moments(value)


Mood = Annotated[int, Field(ge=1, le=5, strict=True, description="1 (heavy) to 5 (light).")]
FormMood = Annotated[int, Field(ge=1, le=5, description="1 (heavy) to 5 (light).")]
Moment = Annotated[AwareDatetime, BeforeValidator(_only_moments)]
# A date such as 2026-11-23 has no offset, so it cannot be taken for a moment.
Boundary = Annotated[AwareDatetime | date, BeforeValidator(_only_days_and_moments)]
JournalState = Literal["open", "locked", "unusable"]
TagName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TAG_CHARACTERS)]


class Body(BaseModel):
    """A request: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Choices(Body):
    """How a session is to be played; what is left out is the script's own choice, or that of the settings."""

    minutes: float | None = Field(None, gt=0, allow_inf_nan=False, description="Length in minutes.")
    guidance: Guidance | None = Field(None, description="How much is said.")
    bed: str | None = Field(None, max_length=100, description="Bed of sound; /health lists them.")
    voice: str | None = Field(None, max_length=1000, description="Who speaks; /health lists them.")


class Play(Choices):
    """A session for the machine's own sound card."""

    slug: str = Field(max_length=200, description="A session of the library.")


class Preparation(BaseModel):
    """How far the lines of a session are spoken."""

    lines: int
    lines_ready: int


class TypedEntry(Body):
    """An entry that was written instead of spoken."""

    text: str
    guide: str | None = Field(None, description="Slug of the session it follows.")
    spoken_at: Moment | None = Field(None, description="When it was written; now if not given.")


class RecordingFields(Body):
    """What may come with a recording."""

    guide: str | None = Field(None, description="Slug of the session it follows.")
    spoken_at: Moment | None = Field(None, description="When it was spoken, with its offset; now if not given.")
    mood_before: FormMood | None = None
    mood_after: FormMood | None = None
    prompts: Json[tuple[Answer, ...]] = Field((), description="JSON: the questions and when they were answered.")


class RecordingForm(RecordingFields):
    """The form of an upload, for the documentation: it is read as it arrives."""

    audio: str = Field(
        description="The recording, in any format a browser or phone makes.", json_schema_extra={"format": "binary"}
    )


class EntryChanges(Body):
    """What a person may correct. What is absent stays as it is, and so does what is null, except for a mood."""

    text: str | None = None
    mood_before: Mood | None = Field(None, description="Null takes it away.")
    mood_after: Mood | None = Field(None, description="Null takes it away.")
    guide: str | None = Field(None, description="Slug of the session it follows.")
    goal_id: str | None = Field(None, max_length=100)
    spoken_at: Moment | None = Field(None, description="When it was spoken, with its offset.")


class UnsentKey(BaseModel):
    """Opens what a page keeps of an entry until it is safe in the journal."""

    key: str = Field(description="32 bytes, base64.", repr=False)


class PublicKey(Body):
    """One half of what two sides agree on a key with; it opens nothing."""

    public_key: str = Field(max_length=88, description="A point of P-256, uncompressed: 65 bytes, base64.")


class Passphrase(Body):
    """Opens a locked journal."""

    passphrase: Annotated[str, Field(min_length=1, max_length=4096, repr=False)]


class Passcode(Body):
    """Opens a locked page."""

    passcode: Annotated[str, Field(max_length=4096, repr=False)]


class NewPasscode(Body):
    """Another passcode for all pages, or none."""

    passcode: str | None = Field(max_length=4096, repr=False, description="4 to 200 characters; null takes it away.")
    current: str | None = Field(None, max_length=4096, repr=False, description="The one there is, if there is one.")


class LockState(BaseModel):
    """How a page stands."""

    passcode: bool = Field(description="There is one; without it no page is ever locked.")
    locked: bool
    idle_seconds: float = Field(description="After so long without a touch it locks.")
    seconds_left: float | None = Field(description="Until it locks if nobody touches it; null without passcode.")


class SettingChanges(Body):
    """What is absent stays as it is; null unsets, where that is a choice."""

    voice: str | None = Field(None, max_length=100, description="Who speaks.")
    guidance: str | None = Field(None, max_length=100, description="How much is said: less, normal or more.")
    bed: str | None = Field(None, max_length=100, description="Bed of sound; null keeps each script's own.")
    language: str | None = Field(None, max_length=100, description="What is spoken; null lets the recogniser guess.")
    lock_after_minutes: int | None = Field(None, description="Minutes until a page with a passcode locks.")


class ShownSetting(BaseModel):
    """One setting as it stands."""

    name: str
    value: str | int | None
    source: Source
    fixed: bool = Field(description="The environment or a flag says so; it can't be changed here.")
    choices: tuple[str | int | None, ...] | None = Field(description="Null where it is a number.")
    about: str


class SettingsShown(BaseModel):
    """The settings that are chosen on the page."""

    settings: tuple[ShownSetting, ...]
    this_machine: bool = Field(description="False on a phone, which cannot pair others.")


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


class PairingCode(BaseModel):
    """What a phone needs to be paired."""

    code: str = Field(description="Six digits, for one phone.")
    valid_seconds: float
    address: str = Field(description="Where the phone begins.")
    fingerprint: str = Field(description="SHA-256 of the certificate that it is to trust.")
