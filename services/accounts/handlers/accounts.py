"""Use cases of accounts: add, change, reset, disable, enable, letters."""

from collections.abc import Callable

from services.accounts import repository
from services.accounts.domain import accounts as domain
from services.accounts.domain import rights
from services.accounts.domain.accounts import Account, State
from services.accounts.domain.credentials import Credential, Invitation, Purpose
from services.accounts.errors import (
    BeyondOwnRights,
    DeputyshipTaken,
    LastOffice,
    NameTaken,
    RightsUnfit,
    WrongState,
)
from services.accounts.handlers import copies, invitations, sessions
from services.accounts.handlers.audit import note
from services.accounts.repository import ACCOUNTS, CREDENTIALS
from services.accounts.schemas.accounts import AccountIn, AccountPatch
from shared.errors import FieldError
from shared.ids import new_id
from shared.security.tokens import Actor
from shared.storage.work import Work

Given = tuple[Account, Invitation, str]
"""An account with an invitation and its code, which is known only here."""


def check_giver(actor: Actor, roles: list[str], areas: list[str]) -> None:
    """Errors: BeyondOwnRights."""
    if not rights.may_give(actor.roles, actor.areas, roles, areas):
        raise BeyondOwnRights("只能在自己的辖区内，授予自己可以授予的角色")


async def stroke_values(_: Work) -> Callable[[Account], tuple[str]]:
    return lambda account: (account.display_name,)


async def add_account(work: Work, body: AccountIn, actor: Actor) -> Given:
    check_giver(actor, list(body.roles), body.areas)
    account = new_account(work, body)
    await check_free(work, account)
    await copies.check(work, account)
    created = work.create(ACCOUNTS, account, "added")
    note(work, "account_added", f"account/{account.id}")
    return created, *await _invite(work, created)


def new_account(work: Work, body: AccountIn) -> Account:
    """Errors: RightsUnfit, OfficeAndTeller."""
    rights.check(body.roles, body.areas, body.deputyship_id, body.meeting_id)
    return Account(
        id=new_id(),
        town=work.town,
        key=domain.key_of(body.name),
        created_at=work.clock.now(),
        **body.model_dump(),
    )


async def check_free(work: Work, account: Account) -> None:
    """Errors: NameTaken, DeputyshipTaken."""
    named = await repository.account_named(work.reader, account.key)
    if named is not None and named.id != account.id:
        raise NameTaken(errors=[FieldError("body.name", "已被使用，请换一个")])
    if account.deputyship_id is None:
        return
    holder = await repository.account_of(work.reader, account.deputyship_id)
    if holder is not None and holder.id != account.id:
        raise DeputyshipTaken(errors=[FieldError("body.deputyship_id", "已有账号；先停用原来的，再新建")])


async def change_account(work: Work, id: str, body: AccountPatch, actor: Actor) -> Account:
    """Whose rights change is signed out everywhere, and signs in again with the new ones."""
    account = await work.require(ACCOUNTS, id)
    check_giver(actor, list(account.roles), account.areas)
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    if not sent:
        return account
    changed = account.model_copy(update=sent)
    check_giver(actor, list(changed.roles), changed.areas)
    rights.check(changed.roles, changed.areas, changed.deputyship_id, changed.meeting_id)
    _check_change(changed)
    await check_free(work, changed)
    if _bound(changed) != _bound(account):
        await copies.check(work, changed)
        await invitations.withdraw(work, id, Purpose.LETTER)
    if "office" in account.roles and not ("office" in changed.roles and changed.areas == account.areas):
        await _keep_an_office(work, account)
    if changed.model_dump(exclude={"display_name"}) != account.model_dump(exclude={"display_name"}):
        await sessions.end_all(work, account.id)
    note(work, "account_changed", f"account/{id}")
    return work.change(ACCOUNTS, changed, "changed")


def _bound(account: Account) -> tuple[object, ...]:
    """What a letter was given for, and what is checked."""
    return sorted(account.roles), account.areas, account.deputyship_id, account.meeting_id


def _check_change(changed: Account) -> None:
    """Errors: RightsUnfit where another division would record it; WrongState where it lacks the second step."""
    if rights.home(changed.areas) != changed.town:
        why = "换了地方的，请停用后在那里新建"
        raise RightsUnfit(why, errors=[FieldError("body.areas", why)])
    if rights.needs_second_step(changed.roles) and not changed.second_step:
        raise WrongState("县级角色必须使用动态口令：请本人先打开，或者新建县级账号")


async def reset_account(work: Work, id: str, actor: Actor, *, second_step: bool) -> Given:
    """Password and sessions end; the holder sets another password with the code. The second step stays, unless it is to
    be set up anew."""
    account = await work.require(ACCOUNTS, id)
    check_giver(actor, list(account.roles), account.areas)
    if account.state is State.DISABLED:
        raise WrongState("账号已停用，请先启用")
    return await renewed(work, account, "reset", second_step=second_step)


async def enable_account(work: Work, id: str, actor: Actor) -> Given:
    account = await work.require(ACCOUNTS, id)
    check_giver(actor, list(account.roles), account.areas)
    enabled = account.enabled()
    await check_free(work, enabled)
    await copies.check(work, enabled)
    return await renewed(work, enabled, "enabled", second_step=True)


async def renewed(work: Work, account: Account, verb: str, *, second_step: bool) -> Given:
    await sessions.end_all(work, account.id)
    await invitations.withdraw(work, account.id)
    credential = await work.get(CREDENTIALS, account.id)
    if credential is not None:
        emptied = {"password": None} | ({"secret": None, "step": 0} if second_step else {})
        work.change(CREDENTIALS, credential.model_copy(update=emptied), "emptied")
    state = {"state": State.INVITED, "second_step": account.second_step and not second_step}
    changed = work.change(ACCOUNTS, account.model_copy(update=state), verb)
    note(work, "account_reset" if verb == "reset" else "account_enabled", f"account/{account.id}")
    return changed, *await _invite(work, changed, second_step=account.second_step)


async def _invite(work: Work, account: Account, *, second_step: bool = False) -> tuple[Invitation, str]:
    """The second step is set up with the password where the account must have one, or had one until now."""
    wanted = second_step or rights.needs_second_step(account.roles)
    return await invitations.invite(
        work, Purpose.SET_UP, account, second_step=wanted and not account.second_step
    )


async def disable_account(work: Work, id: str, actor: Actor) -> Account:
    """Effective at once: its sessions are published as revoked. Errors: LastOffice, WrongState."""
    account = await work.require(ACCOUNTS, id)
    check_giver(actor, list(account.roles), account.areas)
    return await disable(work, account)


async def disable(work: Work, account: Account, *, detail: str | None = None) -> Account:
    disabled = account.disabled(work.clock.now())
    if "office" in account.roles and account.state is State.ACTIVE:
        await _keep_an_office(work, account)
    await sessions.end_all(work, account.id)
    await invitations.withdraw(work, account.id)
    credential = await work.get(CREDENTIALS, account.id)
    if credential is not None:
        work.remove(CREDENTIALS, credential)
    note(work, "account_disabled", f"account/{account.id}", detail)
    return work.change(ACCOUNTS, disabled, "disabled")


async def _keep_an_office(work: Work, account: Account) -> None:
    """Errors: LastOffice. The account that remains is locked, so that two cannot leave at the same time."""
    others = await repository.accounts_in(work.reader, work.town)
    rest = domain.successors(account, others)
    if not rest:
        raise LastOffice("请先为另一人新建人大办账号，待其设好口令")
    work.lock(ACCOUNTS, rest[0])


async def give_letter(work: Work, id: str, actor: Actor) -> tuple[Account, Invitation, str]:
    """For deputies only: whoever holds the letter signs in with it, without a password."""
    account = await work.require(ACCOUNTS, id)
    check_giver(actor, list(account.roles), account.areas)
    if not set(account.roles) <= rights.MANDATE:
        raise WrongState("只有代表和组长的账号才用登录信")
    if account.state is State.DISABLED:
        raise WrongState("账号已停用")
    work.lock(ACCOUNTS, account)  # a change of its rights withdraws the letter, or is seen here
    note(work, "letter_given", f"account/{id}")
    return account, *await invitations.invite(work, Purpose.LETTER, account)


async def credential_of(work: Work, account: Account) -> Credential:
    return await work.get(CREDENTIALS, account.id) or Credential(id=account.id, town=account.town)


def keep_credential(work: Work, credential: Credential) -> None:
    if credential.version == 0:
        work.create(CREDENTIALS, credential, "kept")
    else:
        work.change(CREDENTIALS, credential, "kept")
