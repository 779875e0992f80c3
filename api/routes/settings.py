"""The few settings that are chosen on the page. Where the server listens and where things lie is not among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Body, Request, Response

from api.dependencies import Parts
from api.routes.health import voices_of
from api.routes.phones import is_phone
from api.schemas import SettingChanges, SettingsShown, ShownSetting
from audio import files
from audio.beds import BED_NAMES
from core.errors import BadValue, UnknownVoice
from core.settings import Guidance, Settings
from core.settings_file import Value
from outbreath.wiring import Outbreath
from voice.languages import languages
from voice.voices import NAMED, SAMPLE, selectable

OWN: Final = "own"
"""Stands for a voice that the settings name by its path: which that is, is nobody's business."""

ON_THE_PAGE: Final = ("voice", "guidance", "bed", "language", "lock_after_minutes")
SOUND = {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}}

router = APIRouter(tags=["settings"])


@router.get("/settings")
def settings(parts: Parts, request: Request) -> SettingsShown:
    """The settings of the page: their values, where each comes from, and what there is to choose."""
    choices = _choices(parts)
    return SettingsShown(
        settings=tuple(_shown(parts, name, choices.get(name)) for name in ON_THE_PAGE),
        this_machine=not is_phone(request),
    )


@router.patch("/settings")
def change(parts: Parts, request: Request, body: Annotated[SettingChanges, Body()]) -> SettingsShown:
    """Changes settings, and keeps them in ``config.toml``. They hold from now on, but for what plays."""
    values = body.model_dump(exclude_unset=True)
    if values.get("voice") == OWN and parts.settings.voice not in NAMED:
        del values["voice"]  # it stays what it is
    _expect_choices(values, _choices(parts))
    if values:
        parts.choose(values)
    return settings(parts, request)


@router.get("/voices/{name}/sample", response_class=Response, responses={200: SOUND})
def sample(parts: Parts, name: str) -> Response:
    """Two sentences in a voice, as WAV."""
    known = voices_of(parts)
    if name == OWN and parts.settings.voice not in NAMED:
        name = parts.settings.voice
    elif name not in {*known, *NAMED}:
        raise UnknownVoice(selectable(parts.models))
    return Response(files.wav_bytes(parts.narrator(name).line(SAMPLE)), media_type=files.FORMATS["wav"])


def _choices(parts: Outbreath) -> dict[str, tuple[Value, ...]]:
    """What each of them may be, in the order in which it is offered; None is unset."""
    own = () if parts.settings.voice in NAMED else (OWN,)
    spoken = languages(parts.settings.speech_model)
    return {
        "voice": (*own, *selectable(parts.models)),
        "guidance": get_args(Guidance),
        "bed": (None, *BED_NAMES),
        "language": (None, *spoken) if len(spoken) > 1 else spoken,
    }


def _shown(parts: Outbreath, name: str, choices: tuple[Value, ...] | None) -> ShownSetting:
    value, source = getattr(parts.settings, name), parts.configuration.sources[name]
    if name == "voice" and value not in NAMED:
        value = OWN
    if choices is not None and value not in choices:
        choices = (value, *choices)
    return ShownSetting(
        name=name,
        value=value,
        source=source,
        fixed=source in ("environment", "flag"),
        choices=choices,
        about=Settings.model_fields[name].description or "",
    )


def _expect_choices(values: Mapping[str, Any], choices: Mapping[str, tuple[Value, ...]]) -> None:
    for name, value in values.items():
        if name in choices and value not in choices[name]:
            named = ", ".join("null" if each is None else str(each) for each in choices[name])
            raise BadValue(name, f"one of: {named}")
