"""Routes of accounts of people. Codes are shown once: no answer is kept for an Idempotency-Key."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from services.accounts import repository
from services.accounts.domain import rights
from services.accounts.domain.accounts import Account
from services.accounts.errors import (
    DeputyshipTaken,
    LastOffice,
    NameTaken,
    OfficeAndTeller,
    ReferenceUnknown,
    WrongState,
)
from services.accounts.handlers import accounts, copies
from services.accounts.handlers.tokens import Issuer
from services.accounts.pages import addresses
from services.accounts.routes.lists import visible_to
from services.accounts.routes.roles import MANAGERS, READERS, check_manager
from services.accounts.schemas.accounts import (
    AccountGiven,
    AccountIn,
    AccountOut,
    AccountPatch,
    AccountsPage,
    LetterGiven,
    ResetIn,
    SetUpGiven,
)
from services.accounts.schemas.values import Nothing
from shared.chinese import strokes
from shared.chinese.initials import initials
from shared.errors import NotFound
from shared.http import Call, Order, Reply, route
from shared.http.html import qr_svg
from shared.http.listing import Listing
from shared.security.codes import grouped
from shared.storage.work import Work

T = TypeVar("T")
LISTING: Final = Listing(
    repository.ACCOUNTS,
    ("state", "roles", "deputyship_id"),
    order=Order("strokes", tuple[str, str], accounts.stroke_values, strokes.leading),
    words=lambda account: (account.name, account.display_name, initials(account.display_name)),
)


@dataclass(frozen=True)
class Accounts:
    issuer: Issuer

    @route(
        "POST",
        "/accounts",
        roles=MANAGERS,
        commits=False,
        status=201,
        problems=[NameTaken, DeputyshipTaken, OfficeAndTeller, ReferenceUnknown],
    )
    async def add_account(self, call: Call[None, AccountIn]) -> Reply[AccountGiven]:
        """新建账号：本人用一次性的链接设置口令；链接只在这里出现一次。"""
        check_manager(call.actor)
        accounts.check_giver(call.actor, list(call.body.roles), call.body.areas)
        given = await call.store.execute(
            town=rights.home(call.body.areas),
            actor=call.actor.sub,
            run=lambda work: accounts.add_account(work, call.body, call.actor),
        )
        return await self._given(call, given, status=201)

    @route("GET", "/accounts", roles=READERS, query=LISTING.query("accounts"))
    async def list_accounts(self, call: Call[Any]) -> AccountsPage:
        """辖区内的账号。"""
        check_manager(call.actor)
        visible = visible_to(call.actor, call.store, repository.accounts_in)
        page = await LISTING.page(call.work, call.query, visible)
        waiting = await copies.unchecked(call.store, page.records)
        items = [AccountOut.from_account(account, waiting.get(account.id, ())) for account in page.records]
        return AccountsPage(items=items, next_cursor=page.next_cursor, total=page.total)

    @route("GET", "/accounts/{id}", roles=READERS)
    async def get_account(self, call: Call) -> Reply[AccountOut]:
        """查看一个账号。"""
        return await _shown(call, await account_in(call))

    @route("PATCH", "/accounts/{id}", roles=MANAGERS, commits=False, problems=[LastOffice, ReferenceUnknown])
    async def change_account(self, call: Call[None, AccountPatch]) -> Reply[AccountOut]:
        """修改姓名、角色、区划、代表或测评会议；权限有变的，立即退出全部登录。"""
        changed = await self._act(
            call, lambda work, id: accounts.change_account(work, id, call.body, call.actor)
        )
        return await _shown(call, changed)

    @route("POST", "/accounts/{id}:reset", roles=MANAGERS, commits=False, guarded=True)
    async def reset_account(self, call: Call[None, ResetIn]) -> Reply[AccountGiven]:
        """口令作废，全部登录退出，另给一次性的链接；手机丢失的，动态口令一并重设。"""
        again = call.body.second_step
        return await self._given(
            call,
            await self._act(
                call,
                lambda work, id: accounts.reset_account(work, id, call.actor, second_step=again),
            ),
        )

    @route(
        "POST", "/accounts/{id}:disable", roles=MANAGERS, commits=False, guarded=True, problems=[LastOffice]
    )
    async def disable_account(self, call: Call[None, Nothing]) -> Reply[AccountOut]:
        """停用账号，30 秒之内处处生效。"""
        disabled = await self._act(call, lambda work, id: accounts.disable_account(work, id, call.actor))
        return await _shown(call, disabled)

    @route(
        "POST", "/accounts/{id}:enable", roles=MANAGERS, commits=False, guarded=True, problems=[WrongState]
    )
    async def enable_account(self, call: Call[None, Nothing]) -> Reply[AccountGiven]:
        """重新启用，另给一次性的链接设置口令。"""
        return await self._given(
            call, await self._act(call, lambda work, id: accounts.enable_account(work, id, call.actor))
        )

    @route(
        "POST", "/accounts/{id}:letter", roles=MANAGERS, commits=False, guarded=True, problems=[WrongState]
    )
    async def give_letter(self, call: Call[None, Nothing]) -> LetterGiven:
        """给代表一封一次性的登录信（二维码），手机扫后 90 天不用再登录。"""
        _, invitation, code = await self._act(
            call, lambda work, id: accounts.give_letter(work, id, call.actor)
        )
        url = addresses.letter(self.issuer.settings.public_url, code)
        return LetterGiven(code=grouped(code), url=url, expires_at=invitation.expires_at, qr=qr_svg(url))

    async def _act(self, call: Call, run: Callable[[Work, str], Awaitable[T]]) -> T:
        """Run a use case on the account of the path, at the version of If-Match, and publish what it revoked."""
        account = await account_in(call)
        result = await call.act(repository.ACCOUNTS, account, run)
        await self.issuer.publish(call.store, call.store.clock.now())
        return result

    async def _given(self, call: Call, given: accounts.Given, *, status: int = 200) -> Reply[AccountGiven]:
        account, invitation, code = given
        set_up = SetUpGiven(
            code=grouped(code),
            url=addresses.set_up(self.issuer.settings.public_url, code),
            expires_at=invitation.expires_at,
        )
        shown = (await _out(call, account)).model_dump()
        return Reply(AccountGiven(**shown, set_up=set_up), status=status, version=account.version)


def visible(call: Call, account: Account) -> bool:
    return all(call.actor.covers(area) for area in account.areas)


async def account_in(call: Call) -> Account:
    """The account of the path. Errors: NotFound, also outside the caller's area."""
    check_manager(call.actor)
    account = await repository.account(call.store, call.path["id"])
    if account is None or not visible(call, account):
        raise NotFound(f"找不到编号为 {call.path['id']} 的记录")
    return account


async def _out(call: Call, account: Account) -> AccountOut:
    waiting = await copies.unchecked(call.store, [account])
    return AccountOut.from_account(account, waiting.get(account.id, ()))


async def _shown(call: Call, account: Account) -> Reply[AccountOut]:
    return Reply(await _out(call, account), version=account.version)
