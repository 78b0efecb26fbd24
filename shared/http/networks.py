"""The network that a request comes from: what is counted where guessing is slowed down."""

from ipaddress import IPv6Address, ip_address
from typing import Final

from aiohttp import web

SUBSCRIBER: Final = 64
"""Bits of an IPv6 address that a subscriber does not choose (RFC 6177, RFC 7934)."""


def network_from(request: web.Request, proxies: int) -> str:
    """The network of the connection, or what the trusted proxies in front say of theirs: each adds an address to
    X-Forwarded-For, and what stands before those the caller may have written."""
    said = [part.strip() for part in ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")]
    trusted = 0 < proxies <= len(said) and said[-proxies]
    return network_of(said[-proxies] if trusted else request.remote or "")


def network_of(address: str) -> str:
    """An IPv4 address as it is, of an IPv6 address the /64; a port and a zone are left out. Anything else is returned
    as it is."""
    plain = address.strip()
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        parsed = ip_address(plain.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> SUBSCRIBER << SUBSCRIBER)}/{SUBSCRIBER}"
