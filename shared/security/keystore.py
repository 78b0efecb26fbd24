"""The signing key of an installation (P-256): issues bearer tokens, signs JWS, publishes the JWK set."""

import json
import os
import tempfile
import time
from collections.abc import Collection
from pathlib import Path

from joserfc import jws, jwt
from joserfc.jwk import ECKey

from shared.security.tokens import ALGORITHM, ROLES, SUBJECT_LIMIT, fits


class KeyStore:
    """The signing key of an installation: `signing-key.json` (private) and `jwks.json` (public) in one directory.

    Several processes may open the same directory at the same time; all use the key that was linked first.
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
        """Issue a token. Errors: ValueError for roles, an area or a subject that no Verifier accepts."""
        if not roles or not ROLES.issuperset(roles):
            raise ValueError(f"roles must be among {sorted(ROLES)}")
        if not fits(area, roles) or not 1 <= len(subject) <= SUBJECT_LIMIT:
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
        """A compact JWS. `kind` becomes its `typ`, so that a signature for one purpose is not valid for another."""
        return jws.serialize_compact(
            {"alg": ALGORITHM, "kid": self._key.kid, "typ": kind}, content, self._key
        )


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
