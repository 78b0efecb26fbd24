"""Rules of the addresses that webhooks may be sent to: none inside a network that is not opened for it."""

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from services.reports.errors import ReceiverRefused
from shared.errors import FieldError

Network = IPv4Network | IPv6Network
URL_LENGTH: Final = 2_000
EMBEDDED: Final = IPv6Network("64:ff9b::/96")
"""Addresses of IPv4 behind a translator (RFC 6052)."""
_LABEL: Final = re.compile(r"[0-9a-z_]([0-9a-z_-]{0,61}[0-9a-z_])?", re.IGNORECASE)
NAME_LENGTH: Final = 253
_WRITTEN: Final = re.compile(r"[\x21-\x7e]+")
_NUMBER: Final = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE)


def origin_of(url: str, networks: Collection[Network]) -> str:
    """Scheme, host and port of a receiver's address. Errors: ReceiverRefused for one that nothing is sent to.

    What a name stands for shows when it is connected to: `reachable` decides there, on the address itself.
    """
    parts = _split(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and networks):
        raise _refused("须以 https:// 开头；只有管理员开放的内部网络才可以用 http")
    if not host or "%" in host or parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused("须是一个完整的网址，不带用户名、口令和 # 后的部分")
    address = _literal(host)
    if address is not None and not reachable(address, networks, secure=parts.scheme == "https"):
        raise _refused("这个地址在内部网络中，管理员没有开放")
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def reachable(address: str, networks: Collection[Network], *, secure: bool) -> bool:
    """Whether a connection to an address is allowed: it is public, or in one of `networks`. In clear text (`secure`
    false) only the latter."""
    plain = _plain(ip_address(address.partition("%")[0]))
    if any(plain in network for network in networks):
        return True
    hidden = plain.is_multicast or plain.is_reserved or plain.is_unspecified or plain.is_loopback
    site = isinstance(plain, IPv6Address) and plain.is_site_local
    return secure and plain.is_global and not hidden and not site


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for: mapped, compatible, 6to4, Teredo or translated."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in EMBEDDED or (1 < int(address) < 2**32):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _split(url: str) -> SplitResult:
    if len(url) > URL_LENGTH or not _WRITTEN.fullmatch(url) or "\\" in url:
        raise _refused(f"网址只写可见的 ASCII 字符，不超过 {URL_LENGTH} 个")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("不是有效的网址") from None
    if port == 0:
        raise _refused("端口为 1 至 65535")
    return parts


def _literal(host: str) -> str | None:
    """The host where it is an address; None for a name. Errors: ReceiverRefused for a number in any other form."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    name = host.removesuffix(".").lower()
    if not all(map(_LABEL.fullmatch, name.split("."))) or len(name) > NAME_LENGTH:
        raise _refused("主机名不合写法")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        raise _refused("写成数字的地址须是通常的写法，如 203.0.113.9")
    return "127.0.0.1" if name == "localhost" or name.endswith(".localhost") else None


def _refused(why: str) -> ReceiverRefused:
    return ReceiverRefused(why, errors=[FieldError("body.url", why)])
