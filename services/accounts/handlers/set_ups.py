"""Use cases of set-up: the holder of a code sets a password, and the second step where there is one."""

from services.accounts import repository
from services.accounts.domain import passwords as rules
from services.accounts.domain import rights, second_step
from services.accounts.domain.accounts import Account, State
from services.accounts.domain.credentials import Invitation, Purpose
from services.accounts.errors import CodeUnknown
from services.accounts.handlers import accounts, invitations
from services.accounts.handlers.audit import note
from services.accounts.repository import ACCOUNTS, INVITATIONS
from services.accounts.schemas.accounts import AccountIn
from services.accounts.schemas.set_ups import FirstAccount, SetUpIn
from shared.errors import FieldError, Invalid
from shared.storage.reader import Reader
from shared.storage.work import Work

PURPOSES = (Purpose.SET_UP, Purpose.FIRST)


async def opened(work: Work, code: str) -> tuple[Invitation, Account | None]:
    """The invitation and the account that it is for. Errors: CodeUnknown."""
    invitation = await invitations.invitation_with(work, code, *PURPOSES)
    account = await _account(work.reader, invitation)
    if invitation.purpose is Purpose.FIRST and await repository.any_account(work.reader):
        raise CodeUnknown
    return invitation, account


def check(body: SetUpIn, account: Account | None) -> None:
    """Before the password is hashed. Errors: PasswordWeak; Invalid where the code does not make the first account."""
    first = body.account
    if account is not None and first is not None:
        why = "只有第一个账号才填写"
        raise Invalid(why, errors=[FieldError("body.account", why)])
    names = (
        (first.name, first.display_name) if first else (account.name, account.display_name) if account else ()
    )
    rules.check(body.password, *names)


async def set_up(work: Work, body: SetUpIn, phc: str) -> Account:
    """Errors: CodeUnknown; Invalid for missing or wrong digits."""
    invitation, account = await opened(work, body.code)
    secret = _secret(invitation, body)
    step = _step(work, secret, body.digits)
    if invitation.purpose is Purpose.FIRST:
        account = await _first(work, body.account)
    assert account is not None
    held = {"state": State.ACTIVE, "second_step": account.second_step or secret is not None}
    active = work.change(ACCOUNTS, account.model_copy(update=held), "set_up")
    credential = await accounts.credential_of(work, account)
    proof = {"secret": secret, "step": step} if secret is not None else {}
    accounts.keep_credential(work, credential.model_copy(update={"password": phc, **proof}))
    work.remove(INVITATIONS, invitation)
    note(work, "account_set_up", f"account/{account.id}", actor=account.subject)
    return active


def _secret(invitation: Invitation, body: SetUpIn) -> str | None:
    """Of the second step that is set up with the password. It is offered to the first account whatever its role will
    be: one that need not have it may leave the digits out."""
    first = body.account
    if first is not None and body.digits is None and not rights.needs_second_step([first.role]):
        return None
    return invitation.secret


def _step(work: Work, secret: str | None, digits: str | None) -> int:
    if secret is None:
        return 0
    step = second_step.step_of(secret, digits or "", work.clock.now().timestamp(), after=0)
    if step is None:
        why = "请输入验证器上的六位数字" if digits is None else "六位数字不对，请看验证器上现在的数字"
        raise Invalid(why, errors=[FieldError("body.digits", why)])
    return step


async def _first(work: Work, first: FirstAccount | None) -> Account:
    """The first account, which nobody has the right to give."""
    if first is None:
        raise Invalid("请填写第一个账号", errors=[FieldError("body.account", "必填")])
    body = AccountIn(name=first.name, display_name=first.display_name, roles=[first.role], areas=[first.area])
    account = accounts.new_account(work, body)
    await accounts.check_free(work, account)
    note(work, "account_added", f"account/{account.id}", "first")
    return work.create(ACCOUNTS, account, "added")


async def _account(reader: Reader, invitation: Invitation) -> Account | None:
    if invitation.account_id is None:
        return None
    account = await repository.account(reader, invitation.account_id)
    if account is None or account.state is State.DISABLED:
        raise CodeUnknown
    return account


def home_of(invitation: Invitation, body: SetUpIn) -> str:
    """The division in which the set-up is recorded."""
    return rights.home([body.account.area]) if body.account is not None else invitation.town
