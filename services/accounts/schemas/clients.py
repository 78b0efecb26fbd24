"""API clients."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field

from services.accounts.domain.clients import Client
from services.accounts.domain.rights import ClientRole
from services.accounts.schemas.values import Areas, DisplayName, In
from shared.days import Day


def _distinct(roles: list[ClientRole]) -> list[ClientRole]:
    if len(set(roles)) < len(roles):
        raise ValueError("同一角色写了两次")
    return roles


class ClientIn(In):
    """`expires_on`: the last day on which it gets tokens. `signs`: it may sign requests (appKey); its secret is kept
    encrypted then, and not as a fingerprint alone."""

    name: DisplayName
    roles: Annotated[list[ClientRole], Field(min_length=1), AfterValidator(_distinct)]
    areas: Areas
    expires_on: Day
    signs: bool = False


class RotateIn(In):
    """`alone`: the secrets and tokens before are void at once, as where a secret has become known."""

    alone: bool = False


class ClientOut(BaseModel):
    id: str
    version: int
    name: str
    roles: list[ClientRole]
    areas: list[str]
    expires_on: date
    signs: bool
    secrets: int
    disabled_at: datetime | None

    @classmethod
    def from_client(cls, client: Client) -> Self:
        return cls.model_validate(client.model_dump(exclude={"secrets"}) | {"secrets": len(client.secrets)})


class ClientGiven(ClientOut):
    """`client_secret` is shown here and never again."""

    client_id: str
    client_secret: str


class ClientsPage(BaseModel):
    items: list[ClientOut]
    next_cursor: str | None
    total: int | None = None
