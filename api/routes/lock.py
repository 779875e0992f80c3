"""The passcode of the page: giving it, staying, leaving, and setting another one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from api.dependencies import Parts
from api.page_lock import hand_out, token_of
from api.schemas import LockState, NewPasscode, Passcode
from outbreath.wiring import Outbreath

router = APIRouter(tags=["lock"], prefix="/lock")


@router.get("")
def lock(parts: Parts, request: Request) -> LockState:
    """Whether this page is locked, and when it will be."""
    return _state(parts, token_of(request.scope))


@router.post("/open")
def open_page(parts: Parts, request: Request, response: Response, body: Annotated[Passcode, Body()]) -> LockState:
    """Opens this page by the passcode. Without one it is open already."""
    token = token_of(request.scope)
    if parts.page_lock.has_passcode:
        token = parts.page_lock.open(body.passcode, token)
        hand_out(token, request.scope, response)
    return _state(parts, token)


@router.post("/touch")
def touch(parts: Parts, request: Request) -> LockState:
    """Somebody is there. Nothing else keeps a page open, so that what it does by itself does not."""
    token = token_of(request.scope)
    parts.page_lock.touch(token)
    return _state(parts, token)


@router.post("/close")
def close(parts: Parts, request: Request) -> LockState:
    """Locks this page now."""
    token = token_of(request.scope)
    parts.page_lock.close(token)
    return _state(parts, token)


@router.put("/passcode")
def set_passcode(parts: Parts, request: Request, response: Response, body: Annotated[NewPasscode, Body()]) -> LockState:
    """Sets another passcode, or takes it away. All other pages lock."""
    token = parts.page_lock.set_passcode(body.passcode, body.current)
    hand_out(token, request.scope, response)
    return _state(parts, token)


def _state(parts: Outbreath, token: str) -> LockState:
    left = parts.page_lock.seconds_left(token)
    return LockState(
        passcode=left is not None, locked=left == 0.0, idle_seconds=parts.page_lock.idle_seconds, seconds_left=left
    )
