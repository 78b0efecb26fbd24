"""Addresses that nothing is sent to, in every form that they can be written in."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reports.domain.receivers import origin_of, reachable
from services.reports.errors import ReceiverRefused

INSIDE = (ip_network("10.20.0.0/16"), ip_network("fd00::/8"))
PRIVATE = (
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1"),
    *("192.0.0.1", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *(
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1%eth0",
    ),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_inside_address_is_out_of_reach(address: str) -> None:
    assert not reachable(address, (), secure=True)


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8"])
def test_a_public_address_is_reached_over_https_only(address: str) -> None:
    assert reachable(address, (), secure=True)
    assert not reachable(address, INSIDE, secure=False)


@pytest.mark.parametrize("address", ["10.20.3.4", "fd00::7", "::ffff:10.20.3.4"])
def test_an_opened_network_is_reached_in_clear_text_too(address: str) -> None:
    assert reachable(address, INSIDE, secure=False)


@given(st.ip_addresses(v=4))
def test_every_form_of_an_ipv4_address_is_judged_like_it(address: IPv4Address) -> None:
    number = int(address)
    forms = [IPv6Address(0xFFFF << 32 | number), IPv6Address((0x64FF9B << 96) | number)]
    plain = reachable(str(address), (), secure=True)
    assert [reachable(str(form), (), secure=True) for form in forms] == [plain, plain]


def test_an_origin_has_no_path_and_no_query() -> None:
    assert origin_of("https://rd.example.cn/hook?token=1", ()) == "https://rd.example.cn"
    assert origin_of("https://rd.example.cn:8443/hook", ()) == "https://rd.example.cn:8443"
    assert origin_of("http://10.20.0.9:8080/", INSIDE) == "http://10.20.0.9:8080"
    assert origin_of("https://[2400:3200::1]/x", ()) == "https://[2400:3200::1]"


@pytest.mark.parametrize(
    "url",
    [
        *("", "hook", "ftp://a.cn/", "file:///etc/passwd", "https://", "https:///x", "http://a.cn/"),
        *("https://user:pass@a.cn/", "https://user@a.cn/", "https://a.cn/#x", "https://a.cn:99999/"),
        *("https://a.cn\\@127.0.0.1/", "https://a.cn /", "https://a.cn/\r\nX: y", "https://代表.cn/"),
        *("https://127.0.0.1/", "https://[::1]/", "https://[::ffff:7f00:1]/", "https://10.0.0.1/"),
        *(
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://0/",
        ),
        *("https://127.0.0.1./", "https://localhost/", "https://LOCALHOST./", "https://a.localhost/"),
        *("https://.../", "https://a..cn/", f"https://{'a' * 64}.cn/", "https://-a.cn/", "https://a.cn:0/"),
        *("https://[fe80::1%25eth0]/", "https://[::1/", "https://a.cn/" + "x" * 2000),
    ],
)
def test_such_an_address_is_refused_when_it_is_entered(url: str) -> None:
    with pytest.raises(ReceiverRefused) as refused:
        origin_of(url, ())
    assert refused.value.errors[0].loc == "body.url"


def test_a_closed_network_stays_closed_beside_an_opened_one() -> None:
    networks: tuple[IPv4Network | IPv6Network, ...] = INSIDE
    with pytest.raises(ReceiverRefused):
        origin_of("http://10.21.0.1/", networks)
