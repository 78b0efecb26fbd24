"""Routes of set-up: public, by a one-time code."""

from dataclasses import dataclass
from typing import Final

from services.accounts.domain import second_step
from services.accounts.domain.accounts import Account
from services.accounts.domain.credentials import Invitation
from services.accounts.errors import CodeUnknown, PasswordWeak, TooManyAttempts
from services.accounts.handlers import passwords, set_ups
from services.accounts.routes.sources import Sources
from services.accounts.schemas.accounts import AccountOut
from services.accounts.schemas.set_ups import SecondStepOffer, SetUpIn, SetUpOpen, SetUpOut
from shared.http import PUBLIC, Call, route
from shared.http.html import qr_svg

FIRST: Final = "第一个账号"
"""What an authenticator calls the account that has no name yet."""


@dataclass(frozen=True)
class SetUps:
    sources: Sources

    @route("POST", "/set_ups:open", roles=PUBLIC, commits=False, problems=[CodeUnknown, TooManyAttempts])
    async def open_set_up(self, call: Call[None, SetUpOpen]) -> SetUpOut:
        """凭一次性的代码查看：给谁设口令，要不要动态口令。"""
        await self.sources.count(call, "code")
        invitation, account = await set_ups.opened(call.work, call.body.code)
        await self.sources.forget(call, "code")
        return shown(invitation, account)

    @route(
        "POST",
        "/set_ups",
        roles=PUBLIC,
        commits=False,
        status=201,
        problems=[CodeUnknown, PasswordWeak, TooManyAttempts],
    )
    async def set_up(self, call: Call[None, SetUpIn]) -> AccountOut:
        """凭一次性的代码设置口令；代码随即作废。"""
        await self.sources.count(call, "code")
        account = await set_up_now(call, call.body)
        await self.sources.forget(call, "code")
        return AccountOut.from_account(account)


async def set_up_now(call: Call, body: SetUpIn) -> Account:
    invitation, account = await set_ups.opened(call.work, body.code)
    set_ups.check(body, account)
    phc = await passwords.hashed(body.password)
    return await call.store.execute(
        town=set_ups.home_of(invitation, body),
        actor=account.subject if account is not None else "",
        run=lambda work: set_ups.set_up(work, body, phc),
    )


def shown(invitation: Invitation, account: Account | None) -> SetUpOut:
    offer = None
    if invitation.secret is not None:
        url = second_step.address(invitation.secret, account.name if account is not None else FIRST)
        offer = SecondStepOffer(secret=invitation.secret, url=url, qr=qr_svg(url))
    return SetUpOut(
        first=account is None,
        name=account.name if account is not None else None,
        display_name=account.display_name if account is not None else None,
        second_step=offer,
    )
