"""Signing keys (P-256) of one holder: issue bearer tokens, sign JWS, publish the JWK set, and are replaced in turn."""

import base64
import fcntl
import json
import os
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey

from shared.ids import new_id
from shared.security.tokens import ALGORITHM, ROLES, SUBJECT_LIMIT, TOKEN_TYPE, USED_FOR, area_claim, fits

AHEAD_SECONDS: Final = 120.0
"""A key is published so long before it signs: by then every verifier knows it."""


class KeyStore:
    """The keys of one holder in one directory: `signing-key.json` (private), `next-key.json` (private, published and
    not used yet) and `jwks.json` (public: the current key, then the next one and those that signed before).

    Several processes may open the same directory at the same time; all use the key that was linked first.
    `keep_seconds`: how long a key that was replaced still verifies; None: always. `beside`: files of JWK sets that are
    published together with these keys. `purpose`: what the keys alone are for; tokens are verified with no key that
    has one.
    """

    def __init__(
        self,
        directory: Path,
        *,
        issuer: str = "lvzhi",
        audience: str = "lvzhi",
        keep_seconds: float | None = None,
        beside: Sequence[Path] = (),
        purpose: str = "",
    ) -> None:
        self.issuer, self.audience = issuer, audience
        self.jwks_path = directory / "jwks.json"
        self._private, self._next = directory / "signing-key.json", directory / "next-key.json"
        self._keep_seconds, self._beside, self._purpose = keep_seconds, tuple(beside), purpose
        self._read: tuple[tuple[int, int, int], ECKey] | None = None
        directory.mkdir(parents=True, exist_ok=True)
        if not self._private.exists():
            place_file(self._private, _new_key(), mode=0o600, replace=False)
        with self._locked():
            self._publish(self._document())

    @property
    def _key(self) -> ECKey:
        """The key that signs now, also after another process has replaced it."""
        state = self._private.stat()
        mark = (state.st_mtime_ns, state.st_size, state.st_ino)
        if self._read is None or self._read[0] != mark:
            self._read = mark, _key_in(self._private)
        return self._read[1]

    def mint(
        self,
        subject: str,
        area: str | Collection[str],
        roles: Collection[str],
        hours: float = 12.0,
        **claims: Any,
    ) -> str:
        """Issue a token. Errors: ValueError for roles, an area or a subject that no Verifier accepts."""
        areas = (area,) if isinstance(area, str) else tuple(area)
        if not roles or not ROLES.issuperset(roles):
            raise ValueError(f"roles must be among {sorted(ROLES)}")
        if not fits(list(areas), roles) or not 1 <= len(subject) <= SUBJECT_LIMIT:
            raise ValueError(
                "area must be 1 to 9 digits; only a service may have none; subject 1 to 200 characters"
            )
        now = int(time.time())
        content = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject,
            "area": area_claim(areas),
            "roles": sorted(set(roles)),
            "iat": now,
            "exp": now + int(hours * 3600),
            "jti": new_id(),
            **claims,
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid, "typ": TOKEN_TYPE}, content, self._key)

    def sign(self, content: bytes, *, kind: str) -> str:
        """A compact JWS. `kind` becomes its `typ`, so that a signature for one purpose is not valid for another.

        Deterministic (RFC 6979): the same content gives the same bytes, as long as the key is the same.
        """
        key = self._key
        header = json.dumps({"alg": ALGORITHM, "kid": key.kid, "typ": kind}, separators=(",", ":")).encode()
        signed = f"{_base64(header)}.{_base64(content)}"
        private = key.private_key
        assert isinstance(private, EllipticCurvePrivateKey)
        r, s = decode_dss_signature(
            private.sign(signed.encode(), ECDSA(SHA256(), deterministic_signing=True))
        )
        return f"{signed}.{_base64(r.to_bytes(32) + s.to_bytes(32))}"

    def published(self) -> bytes:
        """The JWK set, together with those beside it."""
        document = json.loads(self.jwks_path.read_bytes())
        known = {key["kid"] for key in document["keys"]}
        for path in self._beside:
            if path.exists():
                other = json.loads(path.read_bytes())
                document["keys"] += [key for key in other["keys"] if key.get("kid") not in known]
                document = {**other, **document}
        return json.dumps(document).encode()

    def announce(self, revoked: Collection[str]) -> None:
        """Publish what is revoked with the keys: fingerprints of tokens and sessions (`tokens.revocation`)."""
        with self._locked():
            self._publish({**self._document(), "revoked": sorted(revoked)})

    def rotate(self, *, at_once: bool = False, withdraw: bool = False) -> bool:
        """Go one step towards another key, and return whether it signs now.

        The first step publishes the next key; AHEAD_SECONDS later another one makes it sign. `at_once` does both.
        `withdraw`: what the key before has signed is not valid any more, for a key that others may have.
        """
        with self._locked():
            if not self._next.exists():
                place_file(self._next, _new_key(), mode=0o600, replace=True)
                self._publish(self._document())
            if not at_once and time.time() - self._next.stat().st_mtime < AHEAD_SECONDS:
                return False
            retired = self._public(self._private) | {"retired_at": int(time.time())}
            os.utime(self._next)
            self._next.replace(self._private)
            document = self._document()
            kept = [key for key in document["keys"] if key["kid"] != retired["kid"]]
            self._publish({**document, "keys": kept if withdraw else [*kept, retired]})
            return True

    @property
    def kid(self) -> str:
        """Name of the key that signs."""
        return str(self._key.kid)

    @property
    def age_seconds(self) -> float:
        """For how long the current key has signed."""
        return time.time() - self._private.stat().st_mtime

    @property
    def rotating(self) -> bool:
        return self._next.exists()

    def _document(self) -> dict[str, Any]:
        """The set as it should be published: the current and the next key, and those before that still verify."""
        before = json.loads(self.jwks_path.read_bytes()) if self.jwks_path.exists() else {"keys": []}
        own = [self._public(path) for path in (self._private, self._next) if path.exists()]
        kids = {key["kid"] for key in own}
        now = int(time.time())
        retired = [{"retired_at": now, **key} for key in before["keys"] if key.get("kid") not in kids]
        return {**before, "keys": [*own, *(key for key in retired if self._verifies(key, now))]}

    def _verifies(self, key: Mapping[str, Any], now: int) -> bool:
        return self._keep_seconds is None or now - key["retired_at"] < self._keep_seconds

    def _public(self, path: Path) -> dict[str, Any]:
        public = dict(_key_in(path).as_dict(private=False))
        return {**public, USED_FOR: self._purpose} if self._purpose else public

    def _publish(self, document: Mapping[str, Any]) -> None:
        content = json.dumps(document, indent=2)
        if not self.jwks_path.exists() or self.jwks_path.read_text("utf-8") != content:
            place_file(self.jwks_path, content, mode=0o644, replace=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time changes what is published."""
        handle = os.open(self.jwks_path.parent, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _new_key() -> str:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    return json.dumps(key.as_dict(private=True))


def _key_in(path: Path) -> ECKey:
    return ECKey.import_key(json.loads(path.read_text("utf-8")))


def place_file(path: Path, content: str, *, mode: int, replace: bool) -> None:
    """Write a file atomically. Without `replace` an existing file is kept."""
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


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
