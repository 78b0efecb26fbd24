"""Who is calling: ES256 bearer tokens (RFC 7519), the key sets that vouch for them, the key we sign with ourselves.

A token says `sub`, `area` (a prefix of town codes) and `roles`. What a role may do stands at the routes, not here.
"""

import asyncio
import json
import os
import re
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from shared.errors import Unauthenticated, Unavailable

ROLES: Final = frozenset({"office", "leader", "deputy", "teller", "county", "auditor", "service"})
NATIONAL: Final = "service"
"""The one role whose area may be empty, which is every town."""

ALGORITHM: Final = "ES256"
LEEWAY_SECONDS: Final = 30
TOKEN_LIMIT: Final = 8192
SEEN_LIMIT: Final = 1024
SUBJECT_LIMIT: Final = 200
FETCH_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 10.0
"""How often a token with an unknown key may make us ask the issuer again."""

_AREA = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Actor:
    """A caller. `area` is a prefix of the codes of the towns he acts for."""

    sub: str
    area: str
    roles: frozenset[str]

    def covers(self, area: str) -> bool:
        """Whether `area`, a town's code or a prefix of several, lies within his own."""
        return area.startswith(self.area)

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


NOBODY: Final = Actor("", "none", frozenset())
"""The caller of public pages: covers nothing."""


class Keys(Protocol):
    """Public keys of the issuer."""

    async def current(self, *, stale: bool = False) -> KeySet:
        """The key set; `stale` says that the one handed out last lacked a key."""
        ...


def _key_set(content: bytes) -> KeySet:
    """Only P-256 keys for signatures: others in the set serve other purposes. ValueError when it is no key set."""
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

    async def current(self, *, stale: bool = False) -> KeySet:  # noqa: ARG002 - the file tells by itself
        try:
            state = self.path.stat()
            mark = (state.st_mtime_ns, state.st_size, state.st_ino)
            if self._read is None or self._read[0] != mark:
                self._read = mark, _key_set(self.path.read_bytes())
        except (OSError, ValueError, JoseError) as error:
            raise Unavailable("读取登录密钥失败") from error
        return self._read[1]


@dataclass
class UrlKeys:
    """A JWK set at an https address, kept for `refresh_seconds`; while the issuer is away the last one stays valid."""

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
                    self._keys = _key_set(await asyncio.to_thread(self._fetch))
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
    """Keys of the path or URL in a setting."""
    if isinstance(source, str) and "://" in source:
        return UrlKeys(source, refresh_seconds)
    return FileKeys(Path(source))


@dataclass(frozen=True)
class _Seen:
    """What a token was found to mean, until it expires (Unix seconds) or the keys change."""

    actor: Actor
    expires: float
    keys: KeySet


@dataclass
class Verifier:
    """Turns a token into an Actor or refuses it. `roles` are those that mean something here; others grant nothing."""

    keys: Keys
    issuer: str = "lvzhi"
    audience: str = "lvzhi"
    roles: frozenset[str] = ROLES

    def __post_init__(self) -> None:
        # Checking a signature costs as much as the rest of a small request, and callers send the same token again.
        self._seen: dict[str, _Seen] = {}
        # joserfc.decode checks the signature only; everything a token claims is checked by this registry.
        self._registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def verify(self, token: str) -> Actor:
        """Raises Unauthenticated, with the challenge of RFC 6750, for whatever is wrong with it."""
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
        if not _fits(area, known):
            raise _refused("令牌的 area 不对")
        return Actor(sub, str(area), known)


def _fits(area: object, roles: Collection[str]) -> bool:
    if area == "":
        return set(roles) == {NATIONAL}
    return isinstance(area, str) and area.isascii() and _AREA.fullmatch(area) is not None


def _refused(detail: str) -> Unauthenticated:
    return Unauthenticated(detail, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})


class KeyStore:
    """The signing key of an installation: `signing-key.json` (private) and `jwks.json` (public) in one directory.

    Several processes may open the same directory at the same moment; they agree on the key that was linked first.
    """

    def __init__(self, directory: Path, *, issuer: str = "lvzhi", audience: str = "lvzhi") -> None:
        self.issuer, self.audience = issuer, audience
        self.jwks_path = directory / "jwks.json"
        directory.mkdir(parents=True, exist_ok=True)
        private = directory / "signing-key.json"
        if not private.exists():
            key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
            place_file(private, json.dumps(key.as_dict(private=True)), mode=0o600, replace=False)
        self._key = ECKey.import_key(json.loads(private.read_text("utf-8")))
        published = json.dumps({"keys": [self._key.as_dict(private=False)]}, indent=2)
        if not self.jwks_path.exists() or self.jwks_path.read_text("utf-8") != published:
            place_file(self.jwks_path, published, mode=0o644, replace=True)

    def mint(self, subject: str, area: str, roles: Collection[str], hours: float = 12.0) -> str:
        """A token of this installation. ValueError for roles or an area that no Verifier would accept."""
        if not roles or not ROLES.issuperset(roles):
            raise ValueError(f"roles must be among {sorted(ROLES)}")
        if not _fits(area, roles) or not 1 <= len(subject) <= SUBJECT_LIMIT:
            raise ValueError(
                "area must be 1 to 9 digits; only a service may have none; subject 1 to 200 characters"
            )
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "area": area,
            "roles": sorted(set(roles)),
            "iat": now,
            "exp": now + int(hours * 3600),
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid, "typ": "JWT"}, claims, self._key)

    def sign(self, content: bytes, *, kind: str) -> str:
        """A compact JWS. `kind` becomes its `typ`, so that what was signed for one purpose serves no other."""
        return jws.serialize_compact(
            {"alg": ALGORITHM, "kid": self._key.kid, "typ": kind}, content, self._key
        )


def place_file(path: Path, content: str, *, mode: int, replace: bool) -> None:
    """Write a file whole or not at all; without `replace` one that is there already stays."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(name).replace(path)
            return
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink(missing_ok=True)
