"""Tokens of another issuer (OpenID Connect): found by discovery, verified with its keys, translated into our claims.

What its tokens look like is set: audience, where roles and areas stand, and what its words mean here.
"""

import asyncio
import base64
import json
import time
import urllib.request
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet, RSAKey, import_key

from shared.errors import Unavailable
from shared.security.tokens import (
    FETCH_SECONDS,
    REFRESH_SECONDS,
    RETRY_SECONDS,
    ROLES,
    TOKEN_TYPES,
    Actor,
    NoRedirect,
    Published,
    UrlKeys,
    Verifier,
    check_address,
)

ALGORITHMS: Final = ("RS256", "ES256", "EdDSA", "Ed25519")
KINDS: Final[Mapping[tuple[str, str | None], frozenset[str]]] = {
    ("RSA", None): frozenset({"RS256"}),
    ("EC", "P-256"): frozenset({"ES256"}),
    ("OKP", "Ed25519"): frozenset({"EdDSA", "Ed25519"}),
}
"""Kinds of keys by `kty` and `crv`, and the algorithms each is for."""
RSA_BITS: Final = 2048
DISCOVERY: Final = "/.well-known/openid-configuration"
DISCOVERY_BYTES: Final = 1 << 18
MARKS_OF_AN_ID_TOKEN: Final = frozenset({"nonce", "at_hash", "c_hash", "s_hash"})


@dataclass(frozen=True)
class Profile:
    """What the tokens of an issuer look like. Paths are dotted; of several the first that is there counts.

    `role_names` and `area_names` translate its words into roles and areas; without `role_names` it uses ours. `plain`:
    tokens of `typ` JWT that do not say what they are for are accepted as well; those of Keycloak say it.
    """

    subject: str = "sub"
    roles: Sequence[str] = ("roles", "realm_access.roles")
    areas: Sequence[str] = ("area",)
    role_names: Mapping[str, str] = field(default_factory=dict)
    area_names: Mapping[str, str] = field(default_factory=dict)
    plain: bool = False

    def translate(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """`sub`, `roles` and `area` in our words; what means nothing here is left out."""
        names = self.role_names or {role: role for role in ROLES}
        roles = [names[word] for word in _words(claims, self.roles) if word in names]
        words = list(_words(claims, self.areas))
        areas = [self.area_names.get(word, word) for word in words]
        fit = [area for area in areas if area.isascii() and area.isdigit() and len(area) <= 9]
        return {"sub": _at(claims, self.subject), "roles": roles, "area": list(dict.fromkeys(fit))}


@dataclass
class ForeignVerifier(Verifier):
    """Verifies the tokens of another issuer."""

    profile: Profile = field(default_factory=Profile)

    def decoded(self, token: str, keys: KeySet) -> dict[str, Any]:
        with warnings.catch_warnings():  # RFC 9864 renames EdDSA; issuers still use the old name
            warnings.simplefilter("ignore", SecurityWarning)
            content = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
        self._check_use(content.header, content.claims)
        return content.claims

    def actor(self, claims: Mapping[str, Any]) -> Actor:
        translated = self.profile.translate(claims)
        return super().actor({**translated, "client_id": None})

    def _check_use(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        """Refuse what is signed for another use: ID tokens, refresh tokens, logout tokens. Errors: ValueError."""
        kind = str(header.get("typ", "JWT")).lower()
        if kind in TOKEN_TYPES:
            return
        says_bearer = claims.get("typ") == "Bearer"
        silent = "typ" not in claims and MARKS_OF_AN_ID_TOKEN.isdisjoint(claims)
        if kind != "jwt" or not (says_bearer or (self.profile.plain and silent)):
            raise ValueError("not an access token")


@dataclass
class EitherVerifier:
    """Tokens of this installation and those of another issuer, told apart by `iss`."""

    own: Verifier
    foreign: ForeignVerifier

    async def verify(self, token: str) -> Actor:
        """Errors: as `Verifier.verify`."""
        of_other = _issuer_of(token) == self.foreign.issuer
        return await (self.foreign if of_other else self.own).verify(token)


@dataclass
class DiscoveredKeys:
    """The keys of an issuer whose address is known: where they lie is asked for once, then now and then."""

    issuer: str
    refresh_seconds: float = REFRESH_SECONDS
    _keys: UrlKeys | None = None
    _asked: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        check_address(self.issuer)
        self._opener = urllib.request.build_opener(NoRedirect)

    async def current(self, *, stale: bool = False) -> Published:
        if self._keys is None:
            await self._discover()
        if self._keys is None:
            raise Unavailable("暂时无法取得登录密钥")
        return await self._keys.current(stale=stale)

    async def _discover(self) -> None:
        async with self._lock:
            if self._keys is not None or time.monotonic() - self._asked < RETRY_SECONDS:
                return
            self._asked = time.monotonic()
            try:
                address = jwks_address(await asyncio.to_thread(self._fetch), self.issuer)
                self._keys = UrlKeys(address, self.refresh_seconds, read=foreign_keys)
            except (OSError, ValueError) as error:
                raise Unavailable("暂时无法取得登录密钥") from error

    def _fetch(self) -> bytes:
        url = self.issuer.rstrip("/") + DISCOVERY
        with self._opener.open(url, timeout=FETCH_SECONDS) as answer:
            return bytes(answer.read(DISCOVERY_BYTES))


def jwks_address(document: bytes, issuer: str) -> str:
    """`jwks_uri` of a discovery document (OpenID Connect Discovery § 4.3). Errors: ValueError, also where the document
    is another issuer's."""
    content = json.loads(document)
    if not isinstance(content, dict) or content.get("issuer") != issuer:
        raise ValueError("not the discovery document of this issuer")
    address = str(content.get("jwks_uri"))
    check_address(address)
    return address


def foreign_keys(content: bytes) -> Published:
    """The signature keys that we can use of a JWK set; others are ignored. Errors: ValueError for no JWK set."""
    document = json.loads(content)
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise ValueError("not a JWK set")
    return Published(list(_usable(keys)))


def _usable(keys: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    for key in keys:
        crv = key.get("crv")
        algorithms = KINDS.get((str(key.get("kty")), crv if isinstance(crv, str) else None), frozenset())
        if key.get("use", "sig") != "sig" or not (key.get("alg") is None or key["alg"] in algorithms):
            continue
        if not algorithms:
            continue
        public = {
            name: key[name] for name in ("kty", "crv", "n", "e", "x", "y", "kid", "use", "alg") if name in key
        }
        try:
            imported = import_key(public)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if not isinstance(imported, RSAKey) or imported.raw_value.key_size >= RSA_BITS:
            yield imported


def _words(claims: Mapping[str, Any], paths: Sequence[str]) -> Iterator[str]:
    """The texts at the first path that is there: one, or a list of them."""
    for path in paths:
        value = _at(claims, path)
        if isinstance(value, str):
            yield value
            return
        if isinstance(value, list):
            yield from (word for word in value if isinstance(word, str))
            return


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """The value at a path; a claim whose name has dots, as URLs do, is looked for first."""
    if path in claims:
        return claims[path]
    value: Any = claims
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _issuer_of(token: str) -> Any:
    """`iss` before anything is verified."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, IndexError, RecursionError):
        return None
    return claims.get("iss") if isinstance(claims, dict) else None
