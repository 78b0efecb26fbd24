"""Bearer tokens (JWT, RFC 9068, ES256): their claims, and the JWK sets (RFC 7517) they are verified against.

The claims are `sub`, `area` (a prefix of town codes, or a list of them) and `roles`; `jti` and `sid` name the token and
the session it belongs to, `client_id` the program it was issued to, `meeting_id` the only meeting it has duties at.
What a role may do is declared at the routes.
"""

import asyncio
import hashlib
import json
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final, Protocol

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from shared.errors import Unauthenticated, Unavailable

ROLES: Final = frozenset({"office", "leader", "deputy", "teller", "county", "auditor", "service"})
NATIONAL: Final = "service"
"""The only role whose area may be empty, which means all towns."""

ALGORITHM: Final = "ES256"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - a media type
"""RFC 9068 § 2.1. What the same keys may sign besides has another `typ` and is no token."""
TOKEN_TYPES: Final = frozenset({TOKEN_TYPE, f"application/{TOKEN_TYPE}"})
USED_FOR: Final = "lvzhi_for"
"""Member of a JWK that is published for one purpose only; no token is verified with such a key."""
AREAS_LIMIT: Final = 100
LEEWAY_SECONDS: Final = 30
TOKEN_LIMIT: Final = 8192
SEEN_LIMIT: Final = 1024
UNREADABLE: Final = (JoseError, ValueError, TypeError, RecursionError)
"""What a text that is no token may raise; the last is for JSON that is nested too deep."""
SUBJECT_LIMIT: Final = 200
FETCH_SECONDS: Final = 5.0
REFRESH_SECONDS: Final = 10.0
"""After which a key set is asked for again: keys and sessions that were withdrawn are believed no longer than twice so
long."""
RETRY_SECONDS: Final = 10.0
"""The shortest time between fetches of the key set that tokens with unknown keys cause."""

log = structlog.get_logger(__name__)

_AREA = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Actor:
    """An authenticated caller. `area` is a prefix of the codes of the towns they act for; several are separated by
    spaces. `client` is the program that acts for itself; empty for a person. `meeting`: the only one at which they have
    duties; empty where they are bound to none."""

    sub: str
    area: str
    roles: frozenset[str]
    client: str = ""
    meeting: str = ""

    @property
    def areas(self) -> list[str]:
        return self.area.split(" ")

    def covers(self, area: str) -> bool:
        """Whether `area`, a town's code or a prefix of several, lies within the caller's own."""
        return area.startswith(tuple(self.areas))

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


NOBODY: Final = Actor("", "none", frozenset())
"""The caller of public pages: covers nothing."""


class Published(KeySet):
    """A JWK set as its issuer published it, with the fingerprints of revoked tokens and sessions."""

    revoked: frozenset[str] = frozenset()


class Keys(Protocol):
    """A source of the issuer's public keys."""

    async def current(self, *, stale: bool = False) -> Published:
        """The key set; `stale` requests a newer one, because the last lacked a key. Errors: Unavailable."""
        ...


def revocation(id: str) -> str:
    """The fingerprint under which the `jti` of a token or the `sid` of a session is published as revoked."""
    return hashlib.sha256(id.encode()).hexdigest()[:32]


def token_keys(content: bytes | str) -> Published:
    """As `key_set`, without the keys that have another purpose."""
    return key_set(content, among=lambda key: USED_FOR not in key)


def key_set(
    content: bytes | str, *, among: Callable[[Mapping[str, Any]], bool] = lambda _: True
) -> Published:
    """The P-256 signature keys of a JWK set; others are ignored. Errors: ValueError for anything but a JWK set."""
    document = json.loads(content)
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise ValueError("not a JWK set")
    fit = [
        key
        for key in keys
        if (key.get("kty"), key.get("crv")) == ("EC", "P-256")
        and key.get("use", "sig") == "sig"
        and key.get("alg", ALGORITHM) == ALGORITHM
        and among(key)
    ]
    public = [{name: value for name, value in key.items() if name != "d"} for key in fit]
    published = Published([ECKey.import_key(key) for key in public])
    revoked = document.get("revoked", [])
    published.revoked = frozenset(revoked if isinstance(revoked, list) else [])
    return published


@dataclass
class FileKeys:
    """A JWK set in a file, read again whenever the file changes."""

    path: Path
    read: Callable[[bytes], Published] = token_keys
    _read: tuple[tuple[int, int, int], Published] | None = None

    async def current(self, *, stale: bool = False) -> Published:  # noqa: ARG002 - a change of the file shows by its status
        try:
            state = self.path.stat()
            mark = (state.st_mtime_ns, state.st_size, state.st_ino)
            if self._read is None or self._read[0] != mark:
                self._read = mark, self.read(self.path.read_bytes())
        except (OSError, *UNREADABLE) as error:
            raise Unavailable("读取登录密钥失败") from error
        return self._read[1]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A key set that says it lies elsewhere is not followed there: keys come from the address that was set."""

    def redirect_request(self, *_: Any) -> None:
        """Errors: HTTPError, as for any other answer that is not the key set."""


@dataclass
class UrlKeys:
    """A JWK set at an https address, asked for again after `refresh_seconds`; the last one is used while the issuer is
    down. `trusted`: the address lies in the installation's own network, where http will do."""

    url: str
    refresh_seconds: float = REFRESH_SECONDS
    trusted: bool = False
    read: Callable[[bytes], Published] = token_keys
    _keys: Published | None = None
    _content: bytes = b""
    _asked: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _refreshing: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        check_address(self.url, trusted=self.trusted)
        self._opener = urllib.request.build_opener(NoRedirect)

    async def current(self, *, stale: bool = False) -> Published:
        age, keys = time.monotonic() - self._asked, self._keys
        if keys is None or stale or age >= 2 * self.refresh_seconds:
            return await self._newer(RETRY_SECONDS if stale or keys is None else self.refresh_seconds)
        if age >= self.refresh_seconds and (self._refreshing is None or self._refreshing.done()):
            self._refreshing = asyncio.create_task(self._refresh(), name="refresh of a key set")
        return keys

    async def _newer(self, wait: float) -> Published:
        async with self._lock:
            if time.monotonic() - self._asked >= wait:
                await self._ask()
            if self._keys is None:
                raise Unavailable("暂时无法取得登录密钥")
            return self._keys

    async def _refresh(self) -> None:
        async with self._lock:
            await self._ask()

    async def _ask(self) -> None:
        self._asked = time.monotonic()
        try:
            content = await asyncio.to_thread(self._fetch)
            if content != self._content:
                self._keys, self._content = self.read(content), content
        except (OSError, HTTPException, *UNREADABLE) as error:
            log.warning("key set not fetched", reason=type(error).__name__)

    def _fetch(self) -> bytes:
        with self._opener.open(self.url, timeout=FETCH_SECONDS) as answer:
            return bytes(answer.read(1 << 20))


def check_address(url: str, *, trusted: bool = False) -> None:
    """Errors: ValueError where the address is not https, nor http on this machine."""
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        parts = urllib.parse.urlsplit("")
    local = trusted or parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme not in (("https", "http") if local else ("https",)) or not parts.hostname:
        raise ValueError("a key set must come over https")


def keys_from(source: str | Path, *, refresh_seconds: float = REFRESH_SECONDS, trusted: bool = False) -> Keys:
    """The keys at a path or URL."""
    if isinstance(source, str) and "://" in source:
        return UrlKeys(source, refresh_seconds, trusted)
    return FileKeys(Path(source))


@dataclass(frozen=True)
class _Seen:
    """A verified token: its actor, its expiry (Unix seconds) and the key set it was verified with."""

    actor: Actor
    expires: float
    keys: Published


@dataclass
class Verifier:
    """Verifies tokens. `roles` are the roles that are recognised; others are ignored."""

    keys: Keys
    issuer: str = "lvzhi"
    audience: str = "lvzhi"
    roles: frozenset[str] = ROLES
    leeway_seconds: int = LEEWAY_SECONDS

    def __post_init__(self) -> None:
        # A signature costs as much to verify as the rest of a small request, and callers reuse their tokens.
        self._seen: dict[str, _Seen] = {}
        # joserfc.decode checks the signature only; this registry checks the claims.
        self._registry = jwt.JWTClaimsRegistry(
            leeway=self.leeway_seconds,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def verify(self, token: str) -> Actor:
        """The actor of a token. Errors: Unauthenticated, with the challenge of RFC 6750; Unavailable without keys."""
        if not token or len(token) > TOKEN_LIMIT or not token.isascii():
            raise _refused("令牌格式不对")
        keys = await self.keys.current()
        if (seen := self._seen.get(token)) is not None and seen.keys is keys and time.time() < seen.expires:
            return seen.actor
        try:
            claims = self.decoded(token, keys)
        except UNREADABLE:
            before, keys = keys, await self.keys.current(stale=True)
            if before is keys:
                raise _refused("令牌无效") from None
            try:
                claims = self.decoded(token, keys)
            except UNREADABLE:
                raise _refused("令牌无效") from None
        try:
            self._registry.validate(claims)
        except (JoseError, ValueError, TypeError):
            raise _refused("令牌已过期或不是发给本系统的") from None
        actor = self.actor(claims)
        if not _ids(claims).isdisjoint(keys.revoked):
            raise _refused("令牌已被撤销，请重新登录")
        if len(self._seen) >= SEEN_LIMIT:
            self._seen.clear()
        self._seen[token] = _Seen(actor, claims["exp"] + self.leeway_seconds, keys)
        return actor

    def decoded(self, token: str, keys: KeySet) -> dict[str, Any]:
        """Errors: JoseError, ValueError."""
        return decoded(token, keys)

    def actor(self, claims: Mapping[str, Any]) -> Actor:
        sub, area, roles = claims.get("sub"), claims.get("area"), claims.get("roles")
        if not isinstance(sub, str) or not 1 <= len(sub) <= SUBJECT_LIMIT or not sub.isprintable():
            raise _refused("令牌缺少 sub")
        if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
            raise _refused("令牌缺少 roles")
        known = self.roles.intersection(roles)
        if not fits(area, known):
            raise _refused("令牌的 area 不对")
        areas = map(str, area if isinstance(area, list) else [area])
        meeting = claims.get("meeting_id", "")
        if not isinstance(meeting, str):
            raise _refused("令牌的 meeting_id 不对")
        client = sub if claims.get("client_id") == sub else ""
        return Actor(sub, " ".join(areas), known, client, meeting)


def decoded(token: str, keys: KeySet) -> dict[str, Any]:
    """The claims of an access token, of which only signature and `typ` were verified. Errors: JoseError, ValueError."""
    content = jwt.decode(token, keys, algorithms=[ALGORITHM])
    if str(content.header.get("typ", "")).lower() not in TOKEN_TYPES:
        raise ValueError("not an access token")
    return content.claims


def fits(area: object, roles: Collection[str]) -> bool:
    """Whether a token with these roles may have this area, or list of areas."""
    areas = area if isinstance(area, list) else [area]
    if areas == [""]:
        return set(roles) == {NATIONAL}
    return 0 < len(areas) <= AREAS_LIMIT and all(
        isinstance(one, str) and one.isascii() and _AREA.fullmatch(one) is not None for one in areas
    )


def area_claim(areas: Collection[str]) -> str | list[str]:
    """The claim `area`: a prefix, or a list where there are several."""
    sole, *others = areas
    return [sole, *others] if others else sole


def _ids(claims: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(revocation(str(claims[name])) for name in ("jti", "sid") if name in claims)


def _refused(detail: str) -> Unauthenticated:
    return Unauthenticated(detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
