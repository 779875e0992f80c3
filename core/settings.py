"""Settings: defaults, then ``config.toml``, then environment ``OUTBREATH_*``, then flags. Read once, in wiring."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import BadSettings
from core.paths import Places

PREFIX = "OUTBREATH_"
HOME_VARIABLE = PREFIX + "HOME"

# Secrets and places: environment only, never shown and never in the settings file.
NOT_SETTINGS = {HOME_VARIABLE, PREFIX + "PASSPHRASE"}

Guidance = Literal["less", "normal", "more"]
Source = Literal["default", "config.toml", "environment", "flag"]


class Settings(BaseModel):
    """Every choice a person can make once and keep."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address of this machine that the server listens on: 127.0.0.1 or ::1.")
    port: int = Field(8765, ge=0, le=65535, description="Port the server listens on; 0 takes a free one.")
    open_page: bool = Field(True, description="Open the page in the browser when the server starts.")
    lan: bool = Field(False, description="Let paired phones in over the home network, by https.")
    lan_address: str | None = Field(None, description="This machine's address in the home network; unset finds it.")
    voice: str = Field(
        "hibari", description="Voice of sessions: hibari, joe, kokoro if it is installed, or the path of a Piper voice."
    )
    guidance: Guidance = Field("normal", description="How much is said in a session: less, normal or more.")
    bed: str | None = Field(None, description="Bed of sound under every session; unset keeps each script's own.")
    speech_model: str = Field("base", description="Recogniser: base, tiny.en, or a folder with a CTranslate2 Whisper.")
    language: str | None = Field("en", description="Language spoken to Outbreath; unset lets the recogniser guess.")
    threads: int = Field(2, ge=1, le=64, description="CPU threads that the recogniser and the voices may use.")
    day_starts_at_hour: int = Field(4, ge=0, le=23, description="Hour at which a day begins, for people on shifts.")
    lock_after_minutes: int = Field(
        5,
        ge=1,
        le=240,
        description="Minutes without a touch after which the page asks for its passcode, if it has one.",
    )
    spoken_lines_limit_mb: int = Field(512, ge=16, description="Megabytes of spoken session lines kept for reuse.")
    recording_limit_mb: int = Field(4096, ge=1, description="Megabytes that one uploaded recording may have.")
    key_store: Literal["auto", "keyring", "file"] = Field(
        "auto", description="Where the journal's key is kept: the system keyring, a file, or whichever works."
    )
    output_device: str | None = Field(None, description="Sound card that plays; unset is the system's choice.")
    input_device: str | None = Field(None, description="Microphone that listens; unset is the system's choice.")
    reduced_motion: bool = Field(False, description="The breath pacer of the terminal keeps its circle still.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("warning", description="How much is logged.")


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings as read, where each value came from, and the folders they apply to."""

    settings: Settings
    sources: Mapping[str, Source]
    places: Places


def load(flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None) -> Configuration:
    """Reads all sources; a later one wins.

    Args:
        flags: values given on the command line; those that are None were not given.
        environment: variables to read instead of the process's own.

    Raises:
        BadSettings: a value is out of range or unknown, or ``config.toml`` cannot be read.
    """
    configuration, faults = load_what_can_be_used(flags, environment)
    for fault in faults.values():
        raise fault
    return configuration


def load_what_can_be_used(
    flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> tuple[Configuration, dict[str, BadSettings]]:
    """The same without raising: what cannot be used is named, and in its place stands the default."""
    environment = os.environ if environment is None else environment
    home = environment.get(HOME_VARIABLE)
    places = Places.under(Path(home) if home else None)
    faults: dict[str, BadSettings] = {}
    layers: tuple[tuple[Source, dict[str, Any]], ...] = (
        ("config.toml", _from_file(places.settings_file, faults)),
        ("environment", _from_environment(environment)),
        ("flag", {name: value for name, value in (flags or {}).items() if value is not None}),
    )
    values: dict[str, Any] = {}
    sources: dict[str, Source] = dict.fromkeys(Settings.model_fields, "default")
    for source, layer in layers:
        values |= layer
        sources |= dict.fromkeys(layer, source)
    try:
        settings = Settings(**values)
    except ValidationError as fault:
        names = dict.fromkeys(str(each["loc"][0]) for each in fault.errors())
        faults |= {name: BadSettings(name, allowed(name)) for name in names}
        settings = Settings(**{name: value for name, value in values.items() if name not in names})
    return Configuration(settings, sources, places), faults


def allowed(name: str) -> str:
    """What a setting may be, as the end of a sentence that begins with "Use"."""
    if name not in Settings.model_fields:
        return f"one of: {', '.join(Settings.model_fields)}"
    schema = Settings.model_json_schema()["properties"][name]
    kinds = [schema, *schema.get("anyOf", ())]
    unset = ", or leave it unset" if {"type": "null"} in kinds else ""
    if "enum" in schema:
        return f"one of: {', '.join(schema['enum'])}"
    match next(kind["type"] for kind in kinds if "type" in kind):
        case "integer":
            upwards = f" to {schema['maximum']}" if "maximum" in schema else " upwards"
            return f"a whole number from {schema['minimum']}{upwards}"
        case "boolean":
            return "true or false"
        case _:
            return f"a text{unset}"


def _from_file(path: Path, faults: dict[str, BadSettings]) -> dict[str, Any]:
    try:
        # TOML has no null: an empty text means "unset", as an empty variable does.
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        return {name: None if value == "" else value for name, value in values.items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        faults[path.name] = BadSettings(str(path), "a readable TOML file")
        return {}


def _from_environment(environment: Mapping[str, str]) -> dict[str, str | None]:
    # An empty variable means "unset" where that is allowed, as people write it in unit files.
    return {
        name.removeprefix(PREFIX).lower(): value or None
        for name, value in environment.items()
        if name.startswith(PREFIX) and name not in NOT_SETTINGS
    }
