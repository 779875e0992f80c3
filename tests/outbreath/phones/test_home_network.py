from __future__ import annotations

import pytest

from core.errors import NoHomeNetwork
from outbreath.phones.home_network import HomeNetwork, own_address


@pytest.mark.parametrize("address", ["192.168.178.20", "10.0.0.4", "172.20.1.1", "fd00::5", "127.0.0.2"])
def test_an_address_of_a_home_network_is_taken(address: str) -> None:
    assert own_address(address) == address


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:db8::1", "0.0.0.0", "kitchen", "192.168.1.5:80", "172.32.0.1"])
def test_any_other_is_refused(address: str) -> None:
    with pytest.raises(NoHomeNetwork):
        own_address(address)


def test_addresses_to_open() -> None:
    home = HomeNetwork("fd00::5", 8766, 8767)
    assert (home.page, home.trust_page) == ("https://[fd00::5]:8766/", "http://[fd00::5]:8767/")
