"""Use cases of sign-in. Whatever is wrong, the answer and the work are the same, and the attempt counts."""

from dataclasses import dataclass

from services.accounts import repository
from services.accounts.domain import rights, second_step, waits
from services.accounts.domain.accounts import Account, State, key_of
from services.accounts.domain.credentials import Credential, Invitation, Purpose
from services.accounts.domain.sessions import How
from services.accounts.errors import CodeUnknown, SecondStep, SignInRefused, TooManyAttempts
from services.accounts.handlers import accounts, invitations, passwords, sessions
from services.accounts.handlers.audit import note
from services.accounts.handlers.sessions import Begun
from services.accounts.repository import ACCOUNTS, ATTEMPTS, CREDENTIALS, INVITATIONS
from shared.storage.reader import Reader
from shared.storage.work import Work


@dataclass(frozen=True)
class Claimed:
    """Somebody who says they are the holder of an account: what there is under the name, if anything, and whether the
    password fits."""

    account: Account | None
    credential: Credential | None
    fits: bool

    @property
    def town(self) -> str:
        return self.account.town if self.account is not None else rights.INSTALLATION


async def count_attempt(work: Work, source: str, name: str) -> None:
    """Count an attempt before its outcome is known. Errors: TooManyAttempts, with Retry-After."""
    now = work.clock.now()
    limits = (
        (waits.key(source, key_of(name)), waits.FREE, waits.LONGEST_SECONDS),
        (waits.key(source), waits.FREE_OF_SOURCE, waits.LONGEST_OF_SOURCE_SECONDS),
    )
    for id, free, longest in limits:
        attempts = await work.get(ATTEMPTS, id)
        if left := waits.seconds_left(attempts, now, free=free, longest=longest):
            raise TooManyAttempts(f"请过 {left} 秒再试", headers={"Retry-After": str(left)})
        if attempts is None:
            fresh = waits.Attempts(id=id, town=work.town, last_at=now)
            work.create(ATTEMPTS, fresh.after(now), "counted")
        else:
            work.change(ATTEMPTS, attempts.after(now), "counted")


async def forget_attempts(work: Work, source: str, name: str) -> None:
    """After a success: those of the name; one less of the source."""
    own = await work.get(ATTEMPTS, waits.key(source, key_of(name)))
    if own is not None:
        work.remove(ATTEMPTS, own)
    shared = await work.get(ATTEMPTS, waits.key(source))
    if shared is not None and shared.failures:
        work.change(ATTEMPTS, shared.model_copy(update={"failures": shared.failures - 1}), "forgiven")


async def claim(reader: Reader, name: str, password: str) -> Claimed:
    """Errors: Busy."""
    account = await repository.account_named(reader, key_of(name))
    credential = await repository.credential(reader, account.id if account is not None else "nobody")
    active = account is not None and account.state is State.ACTIVE
    fits = await passwords.fits(password, credential.password if credential is not None and active else None)
    return Claimed(account, credential, fits)


async def sign_in(work: Work, claimed: Claimed, digits: str | None) -> Begun | SignInRefused | SecondStep:
    """A session, or the refusal, which is recorded."""
    stored = await work.get(ACCOUNTS, claimed.account.id) if claimed.account is not None else None
    credential = await work.get(CREDENTIALS, stored.id) if stored is not None else None
    unchanged = (
        credential is not None
        and claimed.credential is not None
        and (credential.password == claimed.credential.password)
    )
    if (
        stored is None
        or credential is None
        or not (claimed.fits and unchanged)
        or stored.state is not State.ACTIVE
    ):
        subject = f"account/{stored.id}" if stored is not None else "account/unknown"
        note(work, "sign_in_refused", subject, "password" if stored is not None else "name", actor="")
        return SignInRefused()
    if stored.second_step or rights.needs_second_step(stored.roles):
        if digits is None:
            return SecondStep()
        now = work.clock.now().timestamp()
        step = second_step.step_of(credential.secret or "", digits, now, after=credential.step)
        if step is None:
            note(work, "sign_in_refused", f"account/{stored.id}", "digits", actor="")
            return SignInRefused("动态口令不对，或者已经用过")
        credential = credential.model_copy(update={"step": step})
    accounts.keep_credential(
        work, credential
    )  # changed: whoever ends all sessions meanwhile learns of this one
    return _begun(work, stored, How.PASSWORD)


async def letter(work: Work, code: str) -> Invitation:
    """Errors: CodeUnknown."""
    return await invitations.invitation_with(work, code, Purpose.LETTER)


async def sign_in_by_letter(work: Work, code: str) -> Begun:
    """The letter is used up. Errors: CodeUnknown."""
    invitation = await letter(work, code)
    account = await work.get(ACCOUNTS, invitation.account_id or "")
    if account is None or account.state is State.DISABLED or not set(account.roles) <= rights.MANDATE:
        raise CodeUnknown
    work.remove(INVITATIONS, invitation)
    return _begun(work, account, How.LETTER)


def _begun(work: Work, account: Account, how: How) -> Begun:
    note(work, "sign_in", f"account/{account.id}", how.value, actor=account.subject)
    if account.state is State.ACTIVE:
        work.lock(ACCOUNTS, account)  # a session begins before the account is disabled, or not at all
    else:
        account = work.change(ACCOUNTS, account.model_copy(update={"state": State.ACTIVE}), "set_up")
    return sessions.begin(work, account, how)
