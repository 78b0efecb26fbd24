"""The network of a request: whoever has a whole /64 to choose addresses from counts as one."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:0:0:0:9", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::5]:4711", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::1", "::/64"),
        ("", ""),
        ("unknown", "unknown"),
        ("_hidden", "_hidden"),
    ],
)
def test_the_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0x20010000 << 32, 0x3FFF << 48))
def test_addresses_of_one_subscriber_are_one(one: int, other: int, prefix: int) -> None:
    first, second = (str(IPv6Address(prefix << 64 | rest)) for rest in (one, other))
    assert network_of(first) == network_of(second)
    assert network_of(str(IPv6Address((prefix + 1) << 64 | one))) != network_of(first)


@given(st.integers(0, 2**32 - 1))
def test_an_address_of_version_4_is_itself(number: int) -> None:
    address = str(IPv4Address(number))
    assert network_of(address) == network_of(f"::ffff:{address}") == address


@given(st.text(max_size=60))
def test_whatever_is_sent_is_a_network(text: str) -> None:
    assert isinstance(network_of(text), str)
