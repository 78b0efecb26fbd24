"""Use cases of one's own account: password, second step, sessions."""

from dataclasses import dataclass

from services.accounts import repository
from services.accounts.domain import rights, second_step
from services.accounts.domain.accounts import Account, State
from services.accounts.domain.credentials import Credential
from services.accounts.domain.sessions import Session
from services.accounts.errors import SecondStep, SignInRefused, WrongState
from services.accounts.handlers import accounts, invitations, sessions
from services.accounts.handlers.audit import note
from services.accounts.repository import ACCOUNTS, SESSIONS
from shared.errors import FieldError, Invalid, NotFound
from shared.security.tokens import Actor
from shared.storage.reader import Reader
from shared.storage.work import Work


async def own_account(reader: Reader, actor: Actor) -> Account:
    """Errors: NotFound for tokens that no account stands behind."""
    account = await repository.account_of(reader, actor.sub)
    if account is None or account.state is not State.ACTIVE:
        raise NotFound("这个凭证不属于任何账号")
    return account


async def change_password(work: Work, id: str, before: str | None, phc: str) -> Account:
    """All sessions end: whoever knew the old password is out. `before`: the password as it was when it was found to
    fit. Errors: SignInRefused where it was changed meanwhile."""
    account = await work.require(ACCOUNTS, id)
    credential = await accounts.credential_of(work, account)
    if credential.password != before:
        raise SignInRefused("原来的口令刚刚改过了")
    accounts.keep_credential(work, credential.model_copy(update={"password": phc}))
    await sessions.end_all(work, id)
    note(work, "account_reset", f"account/{id}", "own-password")
    return account


@dataclass(frozen=True)
class Proof:
    """What the holder typed to change the second step: digits, and the password as it was when it was found to fit."""

    phc: str | None
    digits: str | None


async def offer_second_step(work: Work, id: str, proof: Proof) -> str:
    """A new secret; it counts once it is confirmed. A token alone, which may be stolen, does not bind a device. Errors:
    SignInRefused, SecondStep."""
    account = await work.require(ACCOUNTS, id)
    credential = _proved(work, await accounts.credential_of(work, account), proof)
    secret = invitations.new_secret()
    accounts.keep_credential(work, credential.model_copy(update={"offered": secret}))
    return secret


async def confirm_second_step(work: Work, id: str, digits: str) -> Account:
    account = await work.require(ACCOUNTS, id)
    credential = await accounts.credential_of(work, account)
    if credential.offered is None:
        raise WrongState("请先取得动态口令的密钥")
    step = second_step.step_of(credential.offered, digits, work.clock.now().timestamp(), after=0)
    if step is None:
        raise Invalid("六位数字不对", errors=[FieldError("body.digits", "请看验证器上现在的数字")])
    kept = {"secret": credential.offered, "offered": None, "step": step}
    accounts.keep_credential(work, credential.model_copy(update=kept))
    note(work, "account_changed", f"account/{id}", "second-step-on")
    return work.change(ACCOUNTS, account.model_copy(update={"second_step": True}), "changed")


def check_may_drop(account: Account) -> None:
    """Errors: WrongState."""
    if rights.needs_second_step(account.roles):
        raise WrongState("县级账号必须使用动态口令")


def _proved(work: Work, credential: Credential, proof: Proof) -> Credential:
    """The credential with the step that was used. Errors: SignInRefused, SecondStep."""
    if proof.phc is None or proof.phc != credential.password:
        raise SignInRefused("口令不对")
    if credential.secret is None:
        return credential
    if proof.digits is None:
        raise SecondStep("请输入现在的动态口令")
    now = work.clock.now().timestamp()
    step = second_step.step_of(credential.secret, proof.digits, now, after=credential.step)
    if step is None:
        raise SignInRefused("动态口令不对，或者已经用过")
    return credential.model_copy(update={"step": step})


async def drop_second_step(work: Work, id: str, proof: Proof) -> Account:
    """Errors: WrongState, SignInRefused, SecondStep."""
    account = await work.require(ACCOUNTS, id)
    check_may_drop(account)
    credential = _proved(work, await accounts.credential_of(work, account), proof)
    accounts.keep_credential(work, credential.model_copy(update={"secret": None, "step": 0}))
    note(work, "account_changed", f"account/{id}", "second-step-off")
    return work.change(ACCOUNTS, account.model_copy(update={"second_step": False}), "changed")


async def open_sessions(work: Work, id: str) -> list[Session]:
    now = work.clock.now()
    return [session for session in await repository.sessions_of(work, id) if session.is_open(now)]


async def end_session(work: Work, account_id: str, id: str) -> None:
    session = await work.get(SESSIONS, id)
    if session is None or session.account_id != account_id:
        raise NotFound("没有这次登录")
    sessions.end(work, session)
    note(work, "session_ended", f"account/{account_id}", "own")
