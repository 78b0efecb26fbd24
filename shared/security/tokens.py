"""Bearer tokens (JWT, RFC 7519, ES256): their claims, and the JWK sets (RFC 7517) they are verified against.

The claims are `sub`, `area` (a prefix of town codes) and `roles`. What a role may do is declared at the routes.
"""

import asyncio
import json
import re
import time
import urllib.parse
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from shared.errors import Unauthenticated, Unavailable

ROLES: Final = frozenset({"office", "leader", "deputy", "teller", "county", "auditor", "service"})
NATIONAL: Final = "service"
"""The only role whose area may be empty, which means all towns."""

ALGORITHM: Final = "ES256"
LEEWAY_SECONDS: Final = 30
TOKEN_LIMIT: Final = 8192
SEEN_LIMIT: Final = 1024
SUBJECT_LIMIT: Final = 200
FETCH_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 10.0
"""The shortest time between fetches of the key set that tokens with unknown keys cause."""

_AREA = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Actor:
    """An authenticated caller. `area` is a prefix of the codes of the towns they act for."""

    sub: str
    area: str
    roles: frozenset[str]

    def covers(self, area: str) -> bool:
        """Whether `area`, a town's code or a prefix of several, lies within the caller's own."""
        return area.startswith(self.area)

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


NOBODY: Final = Actor("", "none", frozenset())
"""The caller of public pages: covers nothing."""


class Keys(Protocol):
    """A source of the issuer's public keys."""

    async def current(self, *, stale: bool = False) -> KeySet:
        """The key set; `stale` requests a newer one, because the last lacked a key. Errors: Unavailable."""
        ...


def key_set(content: bytes | str) -> KeySet:
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
    ]
    public = [{name: value for name, value in key.items() if name != "d"} for key in fit]
    return KeySet([ECKey.import_key(key) for key in public])


@dataclass
class FileKeys:
    """A JWK set in a file, read again whenever the file changes."""

    path: Path
    _read: tuple[tuple[int, int, int], KeySet] | None = None

    async def current(self, *, stale: bool = False) -> KeySet:  # noqa: ARG002 - a change of the file shows by its status
        try:
            state = self.path.stat()
            mark = (state.st_mtime_ns, state.st_size, state.st_ino)
            if self._read is None or self._read[0] != mark:
                self._read = mark, key_set(self.path.read_bytes())
        except (OSError, ValueError, JoseError) as error:
            raise Unavailable("读取登录密钥失败") from error
        return self._read[1]


@dataclass
class UrlKeys:
    """A JWK set at an https address, cached for `refresh_seconds`; the last one is used while the issuer is down."""

    url: str
    refresh_seconds: float = 600.0
    _keys: KeySet | None = None
    _asked: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        local = urllib.parse.urlsplit(self.url).hostname in ("localhost", "127.0.0.1", "::1")
        if not self.url.startswith(("https://", "http://") if local else "https://"):
            raise ValueError("a key set must come over https")

    async def current(self, *, stale: bool = False) -> KeySet:
        async with self._lock:
            age = time.monotonic() - self._asked
            wait = RETRY_SECONDS if stale or self._keys is None else self.refresh_seconds
            if age >= wait:
                self._asked = time.monotonic()
                try:
                    self._keys = key_set(await asyncio.to_thread(self._fetch))
                except (OSError, ValueError, JoseError) as error:
                    if self._keys is None:
                        raise Unavailable("暂时无法取得登录密钥") from error
            if self._keys is None:
                raise Unavailable("暂时无法取得登录密钥")
            return self._keys

    def _fetch(self) -> bytes:
        with urllib.request.urlopen(self.url, timeout=FETCH_SECONDS) as answer:  # noqa: S310 - scheme checked above
            return bytes(answer.read(1 << 20))


def keys_from(source: str | Path, *, refresh_seconds: float = 600.0) -> Keys:
    """The keys at a path or URL."""
    if isinstance(source, str) and "://" in source:
        return UrlKeys(source, refresh_seconds)
    return FileKeys(Path(source))


@dataclass(frozen=True)
class _Seen:
    """A verified token: its actor, its expiry (Unix seconds) and the key set it was verified with."""

    actor: Actor
    expires: float
    keys: KeySet


@dataclass
class Verifier:
    """Verifies tokens. `roles` are the roles that are recognised; others are ignored."""

    keys: Keys
    issuer: str = "lvzhi"
    audience: str = "lvzhi"
    roles: frozenset[str] = ROLES

    def __post_init__(self) -> None:
        # A signature costs as much to verify as the rest of a small request, and callers reuse their tokens.
        self._seen: dict[str, _Seen] = {}
        # joserfc.decode checks the signature only; this registry checks the claims.
        self._registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
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
            claims = self._decode(token, keys)
        except (JoseError, ValueError, TypeError):
            before, keys = keys, await self.keys.current(stale=True)
            if before is keys:
                raise _refused("令牌无效") from None
            try:
                claims = self._decode(token, keys)
            except (JoseError, ValueError, TypeError):
                raise _refused("令牌无效") from None
        try:
            self._registry.validate(claims)
        except (JoseError, ValueError, TypeError):
            raise _refused("令牌已过期或不是发给本系统的") from None
        actor = self._actor(claims)
        if len(self._seen) >= SEEN_LIMIT:
            self._seen.clear()
        self._seen[token] = _Seen(actor, claims["exp"] + LEEWAY_SECONDS, keys)
        return actor

    def _decode(self, token: str, keys: KeySet) -> dict[str, Any]:
        return jwt.decode(token, keys, algorithms=[ALGORITHM]).claims

    def _actor(self, claims: Mapping[str, Any]) -> Actor:
        sub, area, roles = claims.get("sub"), claims.get("area"), claims.get("roles")
        if not isinstance(sub, str) or not 1 <= len(sub) <= SUBJECT_LIMIT or not sub.isprintable():
            raise _refused("令牌缺少 sub")
        if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
            raise _refused("令牌缺少 roles")
        known = self.roles.intersection(roles)
        if not fits(area, known):
            raise _refused("令牌的 area 不对")
        return Actor(sub, str(area), known)


def fits(area: object, roles: Collection[str]) -> bool:
    """Whether a token with these roles may have this area."""
    if area == "":
        return set(roles) == {NATIONAL}
    return isinstance(area, str) and area.isascii() and _AREA.fullmatch(area) is not None


def _refused(detail: str) -> Unauthenticated:
    return Unauthenticated(detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
