"""Ways back in, for whoever is at the machine itself: whatever was lost, and whoever the account is of."""

from services.accounts import repository
from services.accounts.domain.accounts import Account, State, key_of
from services.accounts.domain.credentials import Invitation, Purpose
from services.accounts.errors import WrongState
from services.accounts.handlers import accounts, invitations
from services.accounts.handlers.audit import note
from shared.errors import NotFound
from shared.storage.reader import Reader
from shared.storage.work import Work


async def named(reader: Reader, name: str) -> Account:
    """Errors: NotFound."""
    account = await repository.account_named(reader, key_of(name))
    if account is None:
        raise NotFound(f"没有登录名为 {name} 的账号")
    return account


async def recover(work: Work, id: str, *, second_step: bool) -> accounts.Given:
    """Another password is set with the code; a disabled account is enabled."""
    account = await work.require(repository.ACCOUNTS, id)
    disabled = account.state is State.DISABLED
    note(work, "recovered", f"account/{id}", "second-step" if second_step else "password")
    if disabled:
        enabled = account.enabled()
        await accounts.check_free(work, enabled)
        return await accounts.renewed(work, enabled, "enabled", second_step=True)
    return await accounts.renewed(work, account, "reset", second_step=second_step)


async def note_lost_data_key(work: Work) -> None:
    """Record that the installation was started without a key: passwords that it encrypted are to be set anew."""
    note(work, "recovered", "key/data", "data-key")


async def first_set_up(work: Work) -> tuple[Invitation, str]:
    """The code by which the first account is made. Errors: WrongState where there is one already."""
    if await repository.any_account(work.reader):
        raise WrongState("已有账号；请写明登录名")
    note(work, "recovered", "account/first", "first")
    return await invitations.invite(work, Purpose.FIRST, second_step=True)
