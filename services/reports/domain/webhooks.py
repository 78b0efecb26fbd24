"""Rules of webhooks: which events one wants, its keys and signatures (Standard Webhooks 1.0), when a delivery is tried.

Secrets are serialized as the specification says: `whsec_` (symmetric), `whsk_` and `whpk_` (ed25519), base64 behind.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import BaseModel, ConfigDict

SECRET, PRIVATE, PUBLIC = "whsec_", "whsk_", "whpk_"
SECRET_BYTES: Final = 32
SCHEDULE: Final = (
    *(timedelta(0), timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)),
    *(timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24)),
)
"""Delays before each attempt, as the specification has them; jitter comes on top."""
JITTER: Final = 0.2
"""The most that a delay is lengthened by, as a part of it."""
LONGEST_WAIT: Final = timedelta(hours=24)
"""The longest that a receiver may have us wait by Retry-After."""
LONGEST_DELAY: Final = max(LONGEST_WAIT, SCHEDULE[-1]) * (1 + JITTER)
"""No attempt is put off for longer."""
FAILING: Final = timedelta(days=5)
"""A webhook of which every delivery has failed for so long is disabled."""
PAUSE: Final = 2 * LONGEST_DELAY
"""Where nothing was tried for so long, the server was away or its clock jumped: the receiver is not to blame for it."""
TESTED: Final = "reports.webhook.tested.v1"
"""The event of a test delivery: it goes to the webhook it names and to no other."""

LEVELS: Final = (2, 4, 6, 9)
"""Lengths of division codes: province, city, county, town."""

State = Literal["enabled", "disabled"]
Reason = Literal["", "asked", "gone", "failing"]
"""Why a webhook is disabled: somebody asked, the receiver answered 410, or everything failed for FAILING."""


def division_of(area: str) -> str:
    """The division in whose stream the webhooks of an area are recorded: its code in nine digits."""
    return area.ljust(9, "0")


class Keys(BaseModel):
    """The keys of a webhook at a time. `until`: after a rotation the old ones sign as well until then."""

    model_config = ConfigDict(frozen=True)

    secret: str
    private: str
    until: datetime | None = None


def new_keys(secret: bytes, seed: bytes) -> Keys:
    """Keys from random bytes: SECRET_BYTES for the secret, 32 for the ed25519 key."""
    return Keys(secret=SECRET + _text(secret), private=PRIVATE + _text(seed))


def public_key(keys: Keys) -> str:
    public = _signer(keys).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return PUBLIC + _text(public)


def rotated(keys: Sequence[Keys], new: Keys, now: datetime, keep: timedelta) -> tuple[Keys, ...]:
    """The new keys first, then those before for `keep` more; what expired is dropped."""
    until = now + keep
    kept = (old.model_copy(update={"until": min(old.until or until, until)}) for old in in_force(keys, now))
    return (new, *(old for old in kept if keep))


def in_force(keys: Iterable[Keys], now: datetime) -> list[Keys]:
    return [key for key in keys if key.until is None or now < key.until]


def signatures(keys: Iterable[Keys], id: str, timestamp: int, body: bytes) -> str:
    """The header `webhook-signature`: of each of the keys the symmetric and the asymmetric signature."""
    content = f"{id}.{timestamp}.".encode() + body
    return " ".join(signature for key in keys for signature in (_v1(key, content), _v1a(key, content)))


def _v1(keys: Keys, content: bytes) -> str:
    secret = base64.b64decode(keys.secret.removeprefix(SECRET))
    return "v1," + _text(hmac.digest(secret, content, hashlib.sha256))


def _v1a(keys: Keys, content: bytes) -> str:
    return "v1a," + _text(_signer(keys).sign(content))


def _signer(keys: Keys) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(keys.private.removeprefix(PRIVATE)))


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def may_want(types: Collection[str], service: str) -> bool:
    """Whether events of a service may be among these types."""
    return not types or any(type.startswith(f"{service}.") for type in types)


def failing_since(since: str | None, last: str | None, now: datetime) -> datetime:
    """Since when a receiver has failed that fails now. `since`, `last`: when it did for the first and the last time
    since it answered; the count begins anew after a pause, and where the clock was set back."""
    if since is None:
        return now
    begun = datetime.fromisoformat(since)
    return begun if begun <= now <= datetime.fromisoformat(last or since) + PAUSE else now


def delay(tries: int, chance: float, asked: timedelta = timedelta(0)) -> timedelta | None:
    """The wait after `tries` attempts that failed; None when there are no more. `chance`: between 0 and 1, the jitter;
    `asked`: Retry-After of the receiver."""
    if tries >= len(SCHEDULE):
        return None
    return max(SCHEDULE[tries] * (1 + JITTER * chance), min(asked, LONGEST_WAIT))
