"""Accounts of people: their rights and state, and what makes one the last of its kind."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import computed_field

from services.accounts.domain.rights import PersonRole
from services.accounts.domain.values import Instant
from services.accounts.errors import WrongState
from shared.storage.work import Record


class State(StrEnum):
    """An invited account has no password or device yet; a disabled one cannot be used."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class Account(Record):
    """An account of a person. `town` is the division that it is recorded under; `areas` are what it acts for.

    `key`: the name in the form in which it is unique. `second_step`: whether six digits are asked for at sign-in.
    """

    name: str
    key: str
    display_name: str
    roles: list[PersonRole]
    areas: list[str]
    deputyship_id: str | None = None
    meeting_id: str | None = None
    state: State = State.INVITED
    second_step: bool = False
    created_at: Instant
    disabled_at: Instant | None = None
    erased_at: Instant | None = None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def holder(self) -> str:
        """Unique among accounts: a deputyship has one that is not disabled."""
        return self.id if self.state is State.DISABLED else self.subject

    @property
    def subject(self) -> str:
        """`sub` of its tokens: for a deputy the deputyship, by which the other services know whose record is whose."""
        return self.deputyship_id or self.id

    def disabled(self, now: datetime) -> "Account":
        if self.state is State.DISABLED:
            raise WrongState("账号已停用")
        return self.model_copy(update={"state": State.DISABLED, "disabled_at": now})

    def erased(self, now: datetime) -> "Account":
        """Without a name, by which nobody is known any more; what it did stays under its id."""
        gone = f"erased-{self.id}"
        return self.model_copy(
            update={"name": gone, "key": gone, "display_name": "（已删除）", "erased_at": now}
        )

    def enabled(self) -> "Account":
        """Enabled accounts start without password and device, as new ones."""
        if self.state is not State.DISABLED:
            raise WrongState("账号没有停用")
        if self.erased_at is not None:
            raise WrongState("账号的姓名已按期删除，请新建账号")
        return self.model_copy(update={"state": State.INVITED, "disabled_at": None, "second_step": False})


def key_of(name: str) -> str:
    """The form in which names are compared: full-width and capital letters count as plain ones."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def successors(account: Account, others: Iterable[Account]) -> list[Account]:
    """Active office accounts that can do in all areas of `account` what it does, without it."""
    return [
        other
        for other in others
        if other.id != account.id
        and other.state is State.ACTIVE
        and "office" in other.roles
        and all(area.startswith(tuple(other.areas)) for area in account.areas)
    ]
