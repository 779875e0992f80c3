"""Pairing phones: what this machine shows, and what the phone does."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs

import segno
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse

from api.dependencies import Parts
from api.phone_access import COOKIE
from api.routes.page import template
from api.schemas import PairingCode
from core.errors import NotAllowed, OutbreathError, UnknownPhone
from outbreath.phones.home_network import HomeNetwork
from outbreath.phones.paired import Phone
from outbreath.phones.pairing import VALID_SECONDS

LONGEST_FORM_BYTES: Final = 1_000
# Else a form of the page would be sent with the Origin "null", and who sent it could not be told.
WITH_ORIGIN: Final = {"Referrer-Policy": "same-origin"}
YEAR_SECONDS: Final = 365 * 24 * 3600

router = APIRouter(tags=["phones"])
pages = APIRouter(include_in_schema=False)


@router.get("/phones")
def phones(parts: Parts) -> tuple[Phone, ...]:
    """The phones that are paired."""
    return parts.phones.paired.all()


@router.delete("/phones/{name}", status_code=204)
def forget(parts: Parts, name: str) -> None:
    """This phone, by its name or id, is let in no more."""
    parts.phones.paired.forget(name)


@router.post("/phones/code")
def new_code(request: Request, parts: Parts) -> PairingCode:
    """A code that pairs one phone within ten minutes. Only where the server was started with --lan."""
    network = _network(request)
    if network is None:
        raise NotAllowed
    return PairingCode(
        code=parts.phones.pairing.new_code(parts.clock.monotonic_seconds()),
        valid_seconds=VALID_SECONDS,
        address=network.trust_page,
        fingerprint=parts.phones.certificates.fingerprint(parts.clock.now()),
    )


@pages.get("/phones")
def shown(request: Request, parts: Parts) -> HTMLResponse:
    """The paired phones, and how to pair another."""
    return _shown(request, parts, None)


@pages.post("/phones")
def shown_with_code(request: Request, parts: Parts) -> HTMLResponse:
    """The same with a new code."""
    return _shown(request, parts, new_code(request, parts))


@pages.post("/phones/{name}/forget")
def forgotten(parts: Parts, name: str) -> RedirectResponse:
    """As ``DELETE``, for a page without scripts."""
    with suppress(UnknownPhone):  # from another tab, or in the terminal: it is gone, and the page shows that
        forget(parts, name)
    return RedirectResponse("/phones", 303)


@pages.get("/phones/address.svg")
def address_as_picture(request: Request) -> Response:
    """The address where a phone begins, to be read by its camera."""
    network = _network(request)
    if network is None:
        raise NotAllowed
    picture = io.BytesIO()
    segno.make(network.trust_page, micro=False).save(picture, kind="svg", scale=6, border=4, light="#fff")
    return Response(picture.getvalue(), media_type="image/svg+xml")


@pages.get("/pair")
def pair_page(request: Request) -> Response:
    """What an unpaired phone sees."""
    if not is_phone(request):
        return RedirectResponse("/phones", 303)
    return HTMLResponse(template("pair.html").render(fault=None, name=""), headers=WITH_ORIGIN)


@pages.post("/pair")
async def pair(request: Request, parts: Parts) -> Response:
    """Pairs the phone that gives the code; it gets a cookie that only this server sees."""
    if not is_phone(request):
        raise NotAllowed
    given = await _form(request)
    name = given.get("name", "")
    try:
        parts.phones.pairing.use(given.get("code", ""), parts.clock.monotonic_seconds())
        token = await run_in_threadpool(parts.phones.paired.add, name, parts.clock.now())
    except OutbreathError as fault:
        return HTMLResponse(template("pair.html").render(fault=fault, name=name), 403, WITH_ORIGIN)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(COOKIE, token, max_age=YEAR_SECONDS, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def _shown(request: Request, parts: Parts, code: PairingCode | None) -> HTMLResponse:
    content = template("phones.html").render(phones=parts.phones.paired.all(), network=_network(request), pairing=code)
    return HTMLResponse(content, headers=WITH_ORIGIN)


def _network(request: Request) -> HomeNetwork | None:
    network: HomeNetwork | None = request.app.state.home_network
    return network


def is_phone(request: Request) -> bool:
    """Whether it comes over the home network."""
    network = _network(request)
    return network is not None and request.scope["server"][1] == network.https_port


async def _form(request: Request) -> dict[str, str]:
    """The fields of a small form; what is larger is none of ours."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > LONGEST_FORM_BYTES:
            return {}
    try:
        fields = parse_qs(content.decode("utf-8", errors="replace"), max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in fields.items()}
