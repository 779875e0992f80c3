"""What works here; and opening the journal."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Body

from api.dependencies import Parts
from api.schemas import Defaults, Health, JournalState, Passphrase
from audio import files
from audio.beds import BED_NAMES
from core.errors import OutbreathError
from outbreath.wiring import Outbreath
from voice.voices import selectable

router = APIRouter(tags=["health"])


@router.get("/health")
def health(parts: Parts) -> Health:
    """Versions, engines, models; the journal locked or open; and what there is to choose from."""
    settings = parts.settings
    return Health(
        version=version("outbreath"),
        engines={"voice": settings.voice, "recogniser": settings.speech_model},
        models=parts.models.present,
        journal=_journal(parts),
        voices=voices_of(parts),
        beds=BED_NAMES,
        formats=tuple(files.FORMATS),
        defaults=Defaults(voice=settings.voice, guidance=settings.guidance, bed=settings.bed),
    )


def _journal(parts: Outbreath) -> JournalState:
    try:
        return "locked" if parts.locked else "open"
    except OutbreathError:  # its key is missing, or it belongs to another journal; asking for an entry says which
        return "unusable"


def voices_of(parts: Outbreath) -> tuple[str, ...]:
    """Voices that a request may choose: those that can speak here, and that of the settings."""
    named = selectable(parts.models)
    chosen = parts.settings.voice
    return named if chosen in named else (chosen, *named)


@router.post("/unlock")
def unlock(parts: Parts, body: Annotated[Passphrase, Body()]) -> Health:
    """Opens a locked journal until the program ends."""
    parts.unlock(body.passphrase)
    return health(parts)
