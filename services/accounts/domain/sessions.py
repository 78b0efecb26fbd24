"""Sessions of people: refresh tokens that are used once, and what is revoked before it expires (RFC 6749 § 10.4)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from services.accounts.domain.values import Instant
from shared.storage.work import Record

ACCESS_SECONDS: Final = 600
SLIDING: Final = timedelta(hours=12)
"""A session by password ends so long after its last use."""
LONGEST: Final = timedelta(days=7)
"""And at last so long after it began."""
PHONE: Final = timedelta(days=90)
"""A session by letter, from its beginning."""
USED_KEPT: Final = 50
GRACE: Final = timedelta(minutes=1)
"""How long the refresh token used last is accepted once more, as the answer to its use may have been lost."""
REPEATS: Final = 5
"""And how often: each time adds to `used`, where the token that its holder got must still be found."""
REVOKED_FOR: Final = timedelta(seconds=ACCESS_SECONDS + 120)
"""How long a revoked session is published: until the last of its access tokens has expired everywhere."""


class How(StrEnum):
    PASSWORD = "password"  # noqa: S105 - a way to sign in
    LETTER = "letter"


class Session(Record):
    """`current`: fingerprint of the refresh token that is valid; `used`: those before it, the last used last;
    `renewed_at`: when that one was used first; `repeats`: how often since."""

    account_id: str
    how: How
    current: str
    used: list[str] = []
    began_at: Instant
    expires_at: Instant
    renewed_at: Instant | None = None
    repeats: int = 0
    ended_at: Instant | None = None

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at

    def renewed(self, fingerprint: str, now: datetime) -> "Session":
        used = [*self.used, self.current][-USED_KEPT:]
        expires_at = expiry(self.how, self.began_at, now)
        change = {"current": fingerprint, "used": used, "renewed_at": now, "repeats": 0}
        return self.model_copy(update={**change, "expires_at": expires_at})

    def may_repeat(self, fingerprint: str, now: datetime) -> bool:
        """Whether a token was used last, and that not long ago and not often; nor long ahead, by a clock set back."""
        last = self.used[-1:] == [fingerprint] and self.repeats < REPEATS
        return last and self.renewed_at is not None and abs(now - self.renewed_at) < GRACE

    def repeated(self, fingerprint: str) -> "Session":
        """Renewed again by the token used last, which stays so; the token given for it before counts as used."""
        *before, last = self.used
        used = [*before, self.current, last][-USED_KEPT:]
        return self.model_copy(update={"current": fingerprint, "used": used, "repeats": self.repeats + 1})

    def ended(self, now: datetime) -> "Session":
        return self.model_copy(update={"ended_at": now})


class Revocation(Record):
    """What is published as revoked; the id is the fingerprint of a `jti` or `sid`."""

    until: Instant


class KeyUse(Record):
    """The key that signs tokens, as last seen, so that another one is noticed however it came."""

    kid: str


def expiry(how: How, began_at: datetime, now: datetime) -> datetime:
    return began_at + PHONE if how is How.LETTER else min(now + SLIDING, began_at + LONGEST)
