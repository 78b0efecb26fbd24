"""Accounts of people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field

from services.accounts.domain.accounts import Account, State
from services.accounts.domain.rights import PersonRole
from services.accounts.schemas.values import Areas, DisplayName, Id, In, Name
from shared.http import omitted


def _distinct(roles: list[PersonRole]) -> list[PersonRole]:
    if len(set(roles)) < len(roles):
        raise ValueError("同一角色写了两次")
    return roles


Roles = Annotated[list[PersonRole], Field(min_length=1), AfterValidator(_distinct)]


class AccountIn(In):
    name: Name
    display_name: DisplayName
    roles: Roles
    areas: Areas
    deputyship_id: Id | None = None
    meeting_id: Id | None = None


class AccountPatch(In):
    display_name: DisplayName = omitted()
    roles: Roles = omitted()
    areas: Areas = omitted()
    deputyship_id: Id | None = None
    meeting_id: Id | None = None


class ResetIn(In):
    """`second_step`: the second step is to be set up anew as well, where the telephone is lost."""

    second_step: bool = False


class AccountOut(BaseModel):
    """`unchecked`: fields that name a record which roster or ratings has not told of yet."""

    id: str
    version: int
    name: str
    display_name: str
    roles: list[PersonRole]
    areas: list[str]
    deputyship_id: str | None
    meeting_id: str | None
    state: State
    second_step: bool
    created_at: datetime
    disabled_at: datetime | None
    unchecked: list[str] = []

    @classmethod
    def from_account(cls, account: Account, unchecked: Sequence[str] = ()) -> Self:
        return cls.model_validate({**account.model_dump(), "unchecked": list(unchecked)})


class SetUpGiven(BaseModel):
    """A one-time code and the address that contains it; neither is shown again."""

    code: str
    url: str
    expires_at: datetime


class AccountGiven(AccountOut):
    set_up: SetUpGiven


class LetterGiven(BaseModel):
    """A one-time letter: `qr` is an SVG picture of the address."""

    code: str
    url: str
    expires_at: datetime
    qr: str


class AccountsPage(BaseModel):
    items: list[AccountOut]
    next_cursor: str | None
    total: int | None = None
