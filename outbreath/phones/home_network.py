"""This machine in its home network: its address there, and where its servers listen."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final

from core.errors import NoHomeNetwork
from outbreath.phones.certificates import HOME_NETWORKS

# Nothing is sent: to choose a route for a datagram is to choose the address it would come from (RFC 5737 test address).
ELSEWHERE: Final = ("192.0.2.1", 9)


@dataclass(frozen=True, slots=True)
class HomeNetwork:
    """Where phones find this machine: over https, and before they trust it, at a plain page that tells how to."""

    address: str
    https_port: int
    trust_port: int

    @property
    def page(self) -> str:
        """Outbreath itself."""
        return f"https://{_host(self.address)}:{self.https_port}/"

    @property
    def trust_page(self) -> str:
        """How a phone comes to trust this machine; there is nothing else."""
        return f"http://{_host(self.address)}:{self.trust_port}/"


def own_address(configured: str | None = None) -> str:
    """The address of this machine in its home network; ``configured`` if that is one.

    Raises:
        NoHomeNetwork: there is none, or the address is one that everybody can reach.
    """
    address = configured or _found()
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        raise NoHomeNetwork from None
    if not any(number in network for network in HOME_NETWORKS) or (configured is None and number.is_loopback):
        raise NoHomeNetwork
    return address


def _found() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as chosen:
        try:
            chosen.connect(ELSEWHERE)
        except OSError:
            raise NoHomeNetwork from None
        return str(chosen.getsockname()[0])


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address
