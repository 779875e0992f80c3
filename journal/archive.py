"""The shape of an exported journal: a folder that can be read without Outbreath, and taken in again without loss.

outbreath.json        everything; one entry per line, so that neither side needs it all in memory
entries/*.md          the same to read
audio/*               the recordings
vocabulary.txt        the person's own words, one per line; missing if there are none
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from journal.entry import Entry
from journal.recorded_sound import MICROPHONE_MEDIA_TYPE

FORMAT: Final = "outbreath-export"
VERSION: Final = 2
INDEX_FILE: Final = "outbreath.json"
ENTRIES_FOLDER: Final = "entries"
AUDIO_FOLDER: Final = "audio"
VOCABULARY_FILE: Final = "vocabulary.txt"

BEGINNINGS: Final = tuple(
    f'{{"format": "{FORMAT}", "version": {version}, "entries": [\n' for version in range(1, VERSION + 1)
)
"""The first line of each version. 2 has ``forgotten_tags``, without which 1 can be read as well."""
LAST_LINE: Final = b"]}"

# By media type without its parameters; what is not known keeps its bytes under an ending that claims nothing.
_ENDINGS: Final = {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/opus": "opus",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/x-flac": "flac",
    "audio/webm": "webm",
    "video/webm": "webm",
    "video/mp4": "mp4",
    "audio/3gpp": "3gp",
    "audio/amr": "amr",
}
_UNKNOWN_ENDING: Final = "audio"
_AUDIO_NAME: Final = re.compile(rf"{AUDIO_FOLDER}/[0-9A-Za-z][0-9A-Za-z._-]{{0,120}}")


class ArchivedRecording(BaseModel):
    """Where the sound of an entry lies. A microphone's samples have got a WAV header, other files their own bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str = Field(pattern=f"^{_AUDIO_NAME.pattern}$")
    media_type: str = Field(max_length=200, pattern="^[ -~]*$", description="As it was recorded.")
    size_bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    complete: bool = Field(description="False if it was cut off.")

    @property
    def from_microphone(self) -> bool:
        """Its file is the samples behind a WAV header."""
        return self.media_type == MICROPHONE_MEDIA_TYPE


class ArchivedEntry(BaseModel):
    """One line of the index."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: Entry
    kind: Literal["spoken", "typed"]
    removed_tags: tuple[str, ...] = Field(description="Suggestions that the person did not want.")
    forgotten_tags: tuple[str, ...] = Field((), description="Of which the decision is no example for suggestions.")
    recording: ArchivedRecording | None


def file_stem(entry: Entry) -> str:
    """Names of an entry's files sort by day."""
    return f"{entry.shift_day.isoformat()}-{entry.id}"


def audio_path(entry: Entry, media_type: str) -> str:
    """Where an entry's recording lies within the folder."""
    plain = "audio/wav" if media_type == MICROPHONE_MEDIA_TYPE else media_type.partition(";")[0].strip().lower()
    return f"{AUDIO_FOLDER}/{file_stem(entry)}.{_ENDINGS.get(plain, _UNKNOWN_ENDING)}"


def index_of(folder: Path) -> Path:
    """The file that tells what is in an exported folder."""
    return folder / INDEX_FILE
