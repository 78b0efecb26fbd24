"""Copies of mandates, and the accounts of deputies whose mandate has ended: disabled, unless they have another use."""

from typing import Final

from services.accounts import repository
from services.accounts.domain import rights
from services.accounts.domain.accounts import State
from services.accounts.domain.copies import Deputyship
from services.accounts.handlers import accounts
from services.accounts.repository import DEPUTYSHIPS
from shared.envelope import Event
from shared.storage.work import Work

ENDS: Final = ("roster.deputyship.ended.v1", "roster.deputyship.voided.v1")


async def project_deputyship(work: Work, deputyship: Deputyship, event: Event) -> None:
    work.project(DEPUTYSHIPS, deputyship)
    if event.type in ENDS:
        await _end_with_mandate(work, deputyship)


async def _end_with_mandate(work: Work, deputyship: Deputyship) -> None:
    account = await repository.account_of(work.reader, deputyship.id)
    if account is None or account.town != work.town or account.state is State.DISABLED:
        return
    if set(account.roles) <= rights.MANDATE:
        await accounts.disable(work, account, detail="mandate-ended")
