"""Accounts of deputies whose mandate has ended: disabled, unless they have another use."""

from services.accounts import repository
from services.accounts.domain import rights
from services.accounts.domain.accounts import State
from services.accounts.domain.copies import Deputyship
from services.accounts.handlers import accounts
from shared.envelope import Event
from shared.storage.work import Work


async def end_account(work: Work, deputyship: Deputyship, _: Event) -> None:
    account = await repository.account_of(work.reader, deputyship.id)
    if account is None or account.town != work.town or account.state is State.DISABLED:
        return
    if set(account.roles) <= rights.MANDATE:
        await accounts.disable(work, account, detail="mandate-ended")
