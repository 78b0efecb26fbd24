"""The route of recovery: for the machine itself alone."""

from dataclasses import dataclass

from services.accounts.domain import rights
from services.accounts.domain.credentials import Invitation
from services.accounts.errors import WrongState
from services.accounts.handlers import recovery
from services.accounts.handlers.tokens import Issuer
from services.accounts.pages import addresses
from services.accounts.schemas.accounts import AccountOut, SetUpGiven
from services.accounts.schemas.recovery import RecoveryIn, RecoveryOut
from shared.errors import Forbidden
from shared.http import Call, route
from shared.security.codes import grouped


@dataclass(frozen=True)
class Recovery:
    issuer: Issuer

    @route(
        "POST",
        "/recoveries",
        roles={"service"},
        commits=False,
        status=201,
        versioned=False,
        problems=[WrongState],
    )
    async def recover(self, call: Call[None, RecoveryIn]) -> RecoveryOut:
        """找回：在机器上执行，给一个账号（或者第一个账号）一次性的链接；记入审计。"""
        if call.actor.areas != [""] or call.actor.client:
            raise Forbidden("找回只能在机器上用 lvzhi account recover 执行")
        body = call.body
        if body.name is None:
            invitation, code = await call.store.execute(
                town=rights.INSTALLATION, actor=call.actor.sub, run=recovery.first_set_up
            )
            return RecoveryOut(account=None, set_up=self._given(invitation, code))
        account = await recovery.named(call.store, body.name)
        recovered, invitation, code = await call.store.execute(
            town=account.town,
            actor=call.actor.sub,
            run=lambda work: recovery.recover(work, account.id, second_step=body.second_step),
        )
        await self.issuer.publish(call.store, call.store.clock.now())
        return RecoveryOut(account=AccountOut.from_account(recovered), set_up=self._given(invitation, code))

    def _given(self, invitation: Invitation, code: str) -> SetUpGiven:
        return SetUpGiven(
            code=grouped(code),
            url=addresses.set_up(self.issuer.settings.public_url, code),
            expires_at=invitation.expires_at,
        )
