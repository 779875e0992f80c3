"""Errors as HTTP: one table from class to status, one JSON shape, nothing of what was sent or said in it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.body_limit import LONGEST_BODY_MB
from core import errors
from core.errors import OutbreathError

STATUS: dict[type[OutbreathError], HTTPStatus] = {
    OutbreathError: HTTPStatus.INTERNAL_SERVER_ERROR,
    # The request can be mended by whoever sent it.
    errors.UsageError: HTTPStatus.BAD_REQUEST,
    errors.BadValue: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooShort: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooManyWords: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.EmptyText: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnknownAudioFormat: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooMuchText: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.RequestTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.RangeNotSatisfiable: HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    errors.WrongMethod: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.NotPaired: HTTPStatus.UNAUTHORIZED,
    errors.WrongPairingCode: HTTPStatus.FORBIDDEN,
    errors.WrongPasscode: HTTPStatus.FORBIDDEN,
    errors.UnknownPhone: HTTPStatus.NOT_FOUND,
    errors.TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.UnreadableAudio: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnreadableFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadArchive: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooMuchToPrepare: HTTPStatus.TOO_MANY_REQUESTS,
    # What is kept here does not allow it now.
    errors.SettingFixed: HTTPStatus.CONFLICT,
    errors.PageLocked: HTTPStatus.LOCKED,
    errors.BadScript: HTTPStatus.CONFLICT,
    errors.NotReady: HTTPStatus.CONFLICT,
    errors.DamagedRecording: HTTPStatus.CONFLICT,
    errors.AlreadyRunning: HTTPStatus.CONFLICT,
    errors.PortTaken: HTTPStatus.CONFLICT,
    errors.FolderNotEmpty: HTTPStatus.CONFLICT,
    errors.JournalLocked: HTTPStatus.LOCKED,
    errors.WrongKey: HTTPStatus.FORBIDDEN,
    # The machine cannot do it now.
    errors.BeingPrepared: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.NoHomeNetwork: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.LinesNotKept: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.DiskFull: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.AudioError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ModelMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.ModelDamaged: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.TranscriptionFailed: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.JournalError: HTTPStatus.SERVICE_UNAVAILABLE,
}

_log = logging.getLogger(__name__)


def status_of(error: OutbreathError) -> HTTPStatus:
    """The status of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def answer(error: OutbreathError, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The one JSON shape of an error."""
    return JSONResponse({"error": error.as_json()}, status_of(error), headers)


def install(app: FastAPI) -> None:
    """Makes every failure of ``app`` an answer of this page."""
    app.add_exception_handler(OutbreathError, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(BugsWithoutWords)


def usage_error(fault: ValidationError | RequestValidationError) -> OutbreathError:
    """The first fault of a validation, named by its field. What was sent is not repeated."""
    first = fault.errors()[0]
    place = [str(part) for part in first["loc"] if part not in ("body", "query", "path", "header")]
    if first["type"] == "json_invalid" and not (place and place[0].isidentifier()):
        return errors.UsageError("The body isn't valid JSON.", "Send a JSON object, or a form with the part audio.")
    if first["type"] == "extra_forbidden" or not place:
        # The name of an unknown field was made up by the sender, who may have put words of the person there.
        return errors.BadValue("the body", "only the fields that /api/v1/docs lists")
    return errors.BadValue(place[0], _allowed(first["type"], first["msg"]))


def _allowed(kind: str, message: str) -> str:
    """What pydantic says may be there: "Input should be greater than 0" becomes "a value greater than 0"."""
    message = message.removeprefix("Value error, ")  # what our own validators say
    if kind == "missing":
        return "something: it is required"
    for opening in ("Input should be ", "String should have "):
        if message.startswith(opening):
            said = message.removeprefix(opening)
            # Behind a comma stands what was wrong with the value, except in a list of choices.
            said = said if kind in ("literal_error", "enum") else said.partition(", ")[0]
            return f"a value {said}" if said.startswith(("greater", "less", "finite")) else said
    return "what /api/v1/docs says"


async def _expected(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, OutbreathError)
    if isinstance(error, errors.RangeNotSatisfiable):
        return answer(error, {"Content-Range": f"bytes */{error.size_bytes}"})
    if isinstance(error, errors.TooManyTries) and error.wait_seconds is not None:
        return answer(error, {"Retry-After": str(error.wait_seconds)})
    if isinstance(error, errors.BeingPrepared):
        return answer(error, {"Retry-After": str(error.seconds_left)})
    return answer(error)


async def _invalid(_: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, RequestValidationError)
    return answer(usage_error(fault))


async def _http(_: Request, fault: Exception) -> JSONResponse:
    """What the framework itself refuses: unknown addresses, wrong methods, bodies that are no form."""
    assert isinstance(fault, HTTPException)
    known: dict[int, OutbreathError] = {
        HTTPStatus.NOT_FOUND: errors.NoSuchAddress(),
        HTTPStatus.METHOD_NOT_ALLOWED: errors.WrongMethod(),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: errors.RequestTooLarge(LONGEST_BODY_MB),
    }
    error = known.get(fault.status_code) or errors.UsageError(
        "This request can't be understood.", "See /api/v1/docs for what can be asked."
    )
    return answer(error, fault.headers)


class BugsWithoutWords:
    """Turns an unexpected exception into a 500 and logs where it arose, never its message, which may hold words."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            if message["type"] == "lifespan.startup.failed":
                message["message"] = ""  # a traceback
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except ClientDisconnect:
            return  # nobody is left to answer
        except Exception as bug:
            places = " > ".join(f"{step.filename}:{step.lineno}" for step in traceback.extract_tb(bug.__traceback__))
            _log.error("bug: %s at %s", type(bug).__name__, places)
            if scope["type"] == "lifespan":
                raise  # a server that cannot start must not look as if it had
            if scope["type"] == "http" and not started:
                await answer(errors.Bug())(scope, receive, send)
            # Once bytes are out, ending without the rest makes the server close the connection: the client sees a
            # broken transfer instead of a file that looks whole.
