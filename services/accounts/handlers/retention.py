"""Erasure in time: what the rules of retention say is over."""

from services.accounts.domain.accounts import Account
from services.accounts.handlers.audit import note
from services.accounts.repository import ACCOUNTS
from shared.storage.work import Work


async def erase_account(work: Work, id: str) -> Account | None:
    """The name of a disabled account; stored answers that contain it too."""
    account = await work.get(ACCOUNTS, id)
    if account is None or account.disabled_at is None or account.erased_at is not None:
        return None
    work.forget(ACCOUNTS, id)
    note(work, "erased", f"account/{id}", "accounts.disabled")
    return work.change(ACCOUNTS, account.erased(work.clock.now()), "erased")
