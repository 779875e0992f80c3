"""Everything about phones in the home network, made when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from outbreath.phones.paired import PairedPhones
from outbreath.phones.pairing import Pairing

if TYPE_CHECKING:
    from outbreath.phones.certificates import Certificates


class Phones:
    """Which phones are paired, the code that pairs one, and the certificates.

    Args:
        folder: where certificates and the list of phones are kept; need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.paired = PairedPhones(folder / "paired.json")
        self.pairing = Pairing()

    @cached_property
    def certificates(self) -> Certificates:
        from outbreath.phones.certificates import Certificates

        return Certificates(self._folder)
