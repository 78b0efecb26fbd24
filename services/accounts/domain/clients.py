"""API clients: programs that act for themselves, with up to two secrets, until a day."""

from datetime import date, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from services.accounts.domain.rights import ClientRole
from services.accounts.domain.values import Instant
from services.accounts.errors import WrongState
from shared.storage.work import Record

SECRETS: Final = 2


class Secret(BaseModel):
    """`fingerprint`: SHA-256 of the secret, which has 256 bits."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    fingerprint: str
    created_at: Instant


class Client(Record):
    """A program. `generation` grows when its tokens are to be believed no more; it is part of their session. `signs`:
    it may sign requests in the place of getting tokens."""

    name: str
    roles: list[ClientRole]
    areas: list[str]
    expires_on: date
    secrets: list[Secret] = []
    generation: int = 1
    signs: bool = False
    disabled_at: Instant | None = None

    @property
    def session(self) -> str:
        return f"{self.id}/{self.generation}"

    def usable(self, today: date) -> bool:
        return self.disabled_at is None and today <= self.expires_on

    def with_secret(self, fingerprint: str, now: datetime, *, alone: bool) -> "Client":
        """With a new secret; the one before stays valid, unless the new one is to be `alone`."""
        if self.disabled_at is not None:
            raise WrongState("客户端已停用")
        kept = [] if alone else self.secrets[-(SECRETS - 1) :]
        secrets = [*kept, Secret(fingerprint=fingerprint, created_at=now)]
        return self.model_copy(update={"secrets": secrets, "generation": self.generation + int(alone)})

    def disabled(self, now: datetime) -> "Client":
        if self.disabled_at is not None:
            raise WrongState("客户端已停用")
        return self.model_copy(update={"disabled_at": now, "generation": self.generation + 1, "secrets": []})
