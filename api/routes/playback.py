"""Playing on the sound card of the machine itself, led from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter

from api.dependencies import Parts
from api.routes.sessions import chosen, prepared
from api.schemas import Play
from sessions.player import Lead, Playback

router = APIRouter(tags=["playback"], prefix="/playback")


@router.get("")
def playback(parts: Parts) -> Playback:
    """What is played, and how far it is."""
    return parts.player.playback


@router.post("")
def play(parts: Parts, body: Play) -> Playback:
    """Begins a session in place of the one that is played."""
    return parts.player.play(prepared(parts, chosen(parts, body.slug, body)))


@router.post("/{lead}")
def lead(parts: Parts, lead: Lead) -> Playback:
    """Pauses, resumes, skips to the next section, or stops."""
    return parts.player.lead(lead)
