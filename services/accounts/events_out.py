"""Payloads of the events that accounts publishes: ids, rights and states. No names, passwords, codes or addresses."""

from datetime import date

from pydantic import BaseModel

from services.accounts.domain.accounts import State
from services.accounts.domain.rights import ClientRole, PersonRole


class AccountsFact(BaseModel):
    id: str
    town: str
    version: int


class AccountFact(AccountsFact):
    roles: list[PersonRole]
    areas: list[str]
    deputyship_id: str | None
    meeting_id: str | None
    state: State
    second_step: bool


class ClientFact(AccountsFact):
    roles: list[ClientRole]
    areas: list[str]
    expires_on: date
    generation: int


class AuditFact(AccountsFact):
    """What happened to `subject`; `detail` is a slug: how it was done, or why it was refused."""

    subject: str
    detail: str | None = None


PUBLISHED: dict[str, type[BaseModel]] = {
    "accounts.account.added.v1": AccountFact,
    "accounts.account.changed.v1": AccountFact,
    "accounts.account.set_up.v1": AccountFact,
    "accounts.account.reset.v1": AccountFact,
    "accounts.account.disabled.v1": AccountFact,
    "accounts.account.enabled.v1": AccountFact,
    "accounts.account.erased.v1": AccountFact,
    "accounts.client.added.v1": ClientFact,
    "accounts.client.rotated.v1": ClientFact,
    "accounts.client.disabled.v1": ClientFact,
    "accounts.sign_in.succeeded.v1": AuditFact,
    "accounts.sign_in.refused.v1": AuditFact,
    "accounts.session.ended.v1": AuditFact,
    "accounts.letter.given.v1": AuditFact,
    "accounts.key.rotated.v1": AuditFact,
    "accounts.recovery.performed.v1": AuditFact,
}
