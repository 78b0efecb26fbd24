"""Requests that a client signs with its secret, for platforms that know an appKey and a signature and no tokens."""

import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from pydantic import BaseModel, ConfigDict

from services.accounts.domain.values import Instant
from shared.storage.work import Record

WINDOW: Final = timedelta(seconds=300)
"""How far the time of a request may be from ours; its nonce is remembered for as long."""
MILLISECONDS: Final = 13
"""Digits of a time that is not in seconds."""
_TIME: Final = re.compile(r"[0-9]{10}|[0-9]{13}")


class SigningSecrets(Record):
    """Of the client with the same id, encrypted, as a signature cannot be checked by a fingerprint. `before`: the
    secret that was replaced last, while it is valid. Both are None where the key that encrypted them is lost."""

    secret: str | None = None
    before: str | None = None

    def replaced(self, secret: str, *, alone: bool) -> "SigningSecrets":
        return self.model_copy(update={"secret": secret, "before": None if alone else self.secret})


class Nonce(Record):
    """A nonce that was used; the id is the fingerprint of client and nonce."""

    until: Instant


class Signed(BaseModel):
    """A request as far as it is signed. `target`: path and query as they were sent; `digest`: SHA-256 of the body in
    hexadecimal."""

    model_config = ConfigDict(frozen=True)

    app_key: str
    timestamp: str
    nonce: str
    method: str
    target: str
    digest: str

    @property
    def text(self) -> str:
        """What is signed: the six lines."""
        return "\n".join(self.model_dump().values())

    def in_time(self, now: datetime) -> bool:
        if not _TIME.fullmatch(self.timestamp):
            return False
        seconds = int(self.timestamp) / (1000 if len(self.timestamp) == MILLISECONDS else 1)
        return abs(seconds - now.timestamp()) <= WINDOW.total_seconds()

    def fits(self, signature: str, secrets: SigningSecrets | None) -> bool:
        """Whether the signature is HMAC-SHA256 by one of the secrets; it takes as long where there is none."""
        keys = (secrets.secret, secrets.before) if secrets is not None else (None, None)
        found = False
        for key in keys:
            made = hmac.digest((key or "-").encode(), self.text.encode(), sha256).hex()
            found |= hmac.compare_digest(made.encode(), signature.lower().encode()) and key is not None
        return found
