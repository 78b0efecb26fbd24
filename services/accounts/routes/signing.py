"""Route of signed requests: a token for one that is the client's, in time and new."""

from dataclasses import dataclass

from services.accounts.errors import SignatureRefused
from services.accounts.handlers import clients, signing
from services.accounts.handlers.tokens import Issuer
from services.accounts.routes.refusals import Refusals
from services.accounts.schemas.oauth import TokenOut
from services.accounts.schemas.signing import SignatureIn
from shared.errors import TooMany
from shared.http import PUBLIC, Call, Reply, route
from shared.http.middleware import RATE, RATES


@dataclass(frozen=True)
class Signing:
    issuer: Issuer
    refusals: Refusals

    @route(
        "POST",
        "/signed_requests",
        roles=PUBLIC,
        commits=False,
        problems=[SignatureRefused, TooMany],
    )
    async def check_signature(self, call: Call[None, SignatureIn]) -> Reply[TokenOut]:
        """核对一个签名的请求（appKey、时间、随机串、签名），换取访问令牌；适配器用，同一个请求只认一次。"""
        client = await clients.known(call.store, call.body.app_key)
        signed, signature = call.body.signed(), call.body.signature
        if client is None or not client.signs:
            signed.fits(signature, None)
            raise SignatureRefused
        reason = await call.store.execute(
            town=client.town,
            actor=client.id,
            run=lambda work: signing.use(work, client, signed, signature),
        )
        if reason is not None:
            await self.refusals.record(call, client, reason)
            raise SignatureRefused
        call.request[RATE] = call.request.app[RATES].take(client.id)
        roles: list[str] = sorted(client.roles)
        token = self.issuer.for_client(client, roles)
        body = TokenOut.bearer(token, roles)
        return Reply(body, status=200, headers={"Cache-Control": "no-store"})
