"""The plain page where a phone learns to trust this machine. Nothing else is served without https."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access import OwnPagesOnly
from api.phone_access import FONTS, PUBLIC_FILES
from api.routes.page import template
from api.shell import STATIC
from outbreath.phones.home_network import HomeNetwork

CERTIFICATE = "/outbreath-at-home.crt"


def create_trust_app(network: HomeNetwork, certificate: Callable[[], bytes], fingerprint: str) -> ASGIApp:
    """The application of that page.

    Args:
        certificate: gives the authority's certificate, as DER.
        fingerprint: of it, for whoever wants to compare.
    """

    def page(_: Request) -> HTMLResponse:
        return HTMLResponse(
            template("trust.html").render(network=network, certificate=CERTIFICATE, fingerprint=fingerprint)
        )

    def handed_out(_: Request) -> Response:
        return Response(certificate(), media_type="application/x-x509-ca-cert")

    async def elsewhere(_: Request, __: Exception) -> Response:
        return RedirectResponse("/", 303)

    app = Starlette(
        routes=[
            Route("/", page),
            Route(CERTIFICATE, handed_out),
            Mount("/static", _PublicFiles(directory=STATIC)),
        ],
        exception_handlers={404: elsewhere},
    )
    return OwnPagesOnly(app, network.address)


class _PublicFiles(StaticFiles):
    """Only what the page looks like."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path in PUBLIC_FILES or path.startswith(FONTS):
            await super().__call__(scope, receive, send)
        else:
            await RedirectResponse("/", 303)(scope, receive, send)
