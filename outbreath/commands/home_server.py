"""What ``serve --lan`` adds: Outbreath over https for paired phones, and the plain page where they begin."""

from __future__ import annotations

import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import typer

from core.errors import BadValue, NoHomeNetwork, PortTaken

if TYPE_CHECKING:
    from core.settings import Settings
    from outbreath.phones.home_network import HomeNetwork
    from outbreath.wiring import Outbreath

LAST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Serving:
    """An application and where it listens; ``options`` for its server."""

    app: Any
    listener: socket.socket
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HomeServer:
    """Sockets in the home network."""

    network: HomeNetwork
    https: socket.socket
    trust: socket.socket

    def servers(self, outbreath: Outbreath, app: Any) -> tuple[Serving, Serving]:
        """Outbreath for phones, and the page where they learn to trust this machine."""
        from api.trust_page import create_trust_app

        now = outbreath.clock.now()
        certificates = outbreath.phones.certificates
        tls = {"ssl_certfile": certificates.for_server(self.network.address, now), "lifespan": "off"}
        authority = certificates.authority(now)
        trust = create_trust_app(self.network, lambda: authority, certificates.fingerprint(now))
        return Serving(app, self.https, tls), Serving(trust, self.trust, {"lifespan": "off"})


@contextmanager
def listening(settings: Settings) -> Iterator[HomeServer | None]:
    """Listens at the two ports after that of the server, in the home network; None unless it is asked for.

    Raises:
        NoHomeNetwork: this machine has no address there.
        PortTaken: another program listens at one of them.
        BadValue: there are no two more ports.
    """
    if not settings.lan:
        yield None
        return
    from outbreath.phones.home_network import HomeNetwork, own_address

    address = own_address(settings.lan_address)
    with ExitStack() as opened:
        https, trust = (opened.enter_context(_listener(address, settings.port, after)) for after in (1, 2))
        yield HomeServer(HomeNetwork(address, https.getsockname()[1], trust.getsockname()[1]), https, trust)


def tell(network: HomeNetwork, outbreath: Outbreath, page: str) -> None:
    """Says on the terminal how to pair a phone."""
    import segno

    code = outbreath.phones.pairing.new_code(outbreath.clock.monotonic_seconds())
    typer.echo(f"On a phone in this network: {network.trust_page}")
    if sys.stdout.isatty():
        segno.make(network.trust_page, micro=False).terminal(compact=True, border=2)
    typer.echo(f"Pairing code: {code[:3]} {code[3:]}, for ten minutes. Another one: {page}/phones")


def _listener(address: str, port: int, after: int) -> socket.socket:
    wanted = port + after if port else 0
    if wanted > LAST_PORT:
        raise BadValue("--port", f"0 to {LAST_PORT - 2}: phones take the two ports behind it")
    try:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, wanted), family=family)
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise PortTaken(wanted) from None
        raise NoHomeNetwork from None
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
