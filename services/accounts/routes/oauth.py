"""OAuth 2 (RFC 6749, 7009, 8414, 9068): tokens for programs and renewal for people, revocation, metadata.

Errors have the form of RFC 6749 § 5.2, which clients read, and a description in Chinese.
"""

import base64
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args
from urllib.parse import unquote_plus

from aiohttp import web

from services.accounts.domain.clients import Client
from services.accounts.domain.rights import ClientRole
from services.accounts.domain.sessions import ACCESS_SECONDS
from services.accounts.handlers import clients, sessions, tokens
from services.accounts.handlers.sessions import Refused
from services.accounts.handlers.tokens import Issuer
from services.accounts.routes.refusals import Refusals
from services.accounts.schemas.oauth import (
    IssuerOut,
    OAuthErrorOut,
    RevokedOut,
    RevokeIn,
    TokenIn,
    TokenOut,
)
from shared.errors import Problem, TooLarge, TooMany, Unauthenticated
from shared.http import PUBLIC, Call, read_form, route
from shared.http.middleware import RATE, RATES

FORM_BYTES: Final = 16_384
SECRETS_KEPT_OUT: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
METADATA: Final = "/.well-known/oauth-authorization-server"
METHODS: Final = ["client_secret_basic", "client_secret_post", "none"]


class OAuthError(Exception):
    """An error of RFC 6749 § 5.2."""

    def __init__(
        self, error: str, description: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error)
        self.error, self.description, self.status = error, description, status
        self.headers = dict(headers or {})

    def answer(self) -> web.Response:
        body = {"error": self.error, "error_description": self.description}
        return web.json_response(body, status=self.status, headers=SECRETS_KEPT_OUT | self.headers)


@dataclass(frozen=True)
class OAuth:
    issuer: Issuer
    refusals: Refusals

    @route(
        "POST",
        "/accounts/oauth/token",
        roles=PUBLIC,
        root=True,
        commits=False,
        returns=TokenOut,
        form=TokenIn,
        refusal=OAuthErrorOut,
        problems=[Unauthenticated, TooLarge, TooMany],
    )
    async def issue_token(self, call: Call) -> web.Response:
        """令牌（RFC 6749）：程序用 client_credentials，人用 refresh_token 续期，没收到答复的一分钟内可以再发。"""
        return await _answer(self._issue(call))

    @route(
        "POST",
        "/accounts/oauth/revoke",
        roles=PUBLIC,
        root=True,
        commits=False,
        returns=RevokedOut,
        form=RevokeIn,
        refusal=OAuthErrorOut,
        problems=[Unauthenticated, TooLarge, TooMany],
    )
    async def revoke_token(self, call: Call) -> web.Response:
        """撤销令牌（RFC 7009）：续期令牌连同整个登录，访问令牌只是它自己；30 秒之内处处生效。"""
        return await _answer(self._revoke(call))

    @route("GET", METADATA, roles=PUBLIC, root=True, returns=IssuerOut)
    async def describe_issuer(self, call: Call) -> web.Response:  # noqa: ARG002 - the same for everybody
        """授权服务的说明（RFC 8414）。"""
        base = self.issuer.settings.public_url.rstrip("/")
        return web.json_response(
            {
                "issuer": self.issuer.settings.own_issuer,
                "token_endpoint": f"{base}/accounts/oauth/token",
                "revocation_endpoint": f"{base}/accounts/oauth/revoke",
                "jwks_uri": f"{base}/accounts/jwks.json",
                "service_documentation": f"{base}/accounts/docs",
                "response_types_supported": [],
                "grant_types_supported": ["client_credentials", "refresh_token"],
                "scopes_supported": list(get_args(ClientRole)),
                "token_endpoint_auth_methods_supported": METHODS,
                "revocation_endpoint_auth_methods_supported": METHODS,
            }
        )

    async def _issue(self, call: Call) -> web.Response:
        fields = await _fields(call.request)
        match fields.get("grant_type"):
            case "client_credentials":
                return await self._for_client(call, fields)
            case "refresh_token":
                return await self._renewed(call, fields)
            case None:
                raise OAuthError("invalid_request", "缺少 grant_type")
        raise OAuthError("unsupported_grant_type", "只支持 client_credentials 和 refresh_token")

    async def _revoke(self, call: Call) -> web.Response:
        fields = await _fields(call.request)
        if not (token := fields.get("token")):
            raise OAuthError("invalid_request", "缺少 token")
        named = _credentials(call.request, fields)
        owner = (await self._client(call, *named)).id if named is not None else None
        await tokens.revoke(call.store, self.issuer, token, owner=owner)
        return web.json_response({}, headers=SECRETS_KEPT_OUT)

    async def _for_client(self, call: Call, fields: Mapping[str, str]) -> web.Response:
        named = _credentials(call.request, fields)
        if named is None:
            raise _invalid_client()
        client = await self._client(call, *named)
        call.request[RATE] = call.request.app[RATES].take(client.id)
        asked = fields.get("scope", "").split()
        if not set(asked) <= set(client.roles):
            raise OAuthError("invalid_scope", "scope 超出这个客户端的角色")
        roles = sorted(asked or client.roles)
        return _issued(self.issuer.for_client(client, roles), {"scope": " ".join(roles)})

    async def _renewed(self, call: Call, fields: Mapping[str, str]) -> web.Response:
        token = fields.get("refresh_token", "")
        session = await sessions.session_of(call.store, token)
        if session is None:
            raise OAuthError("invalid_grant", "续期令牌无效，请重新登录")
        outcome = await call.store.execute(
            town=session.town, actor="", run=lambda work: sessions.renew(work, session.id, token)
        )
        if isinstance(outcome, Refused):
            if outcome.revoked:
                await self.issuer.publish(call.store, call.store.clock.now())
            raise OAuthError("invalid_grant", "续期令牌无效，请重新登录")
        access = self.issuer.for_account(outcome.account, outcome.session)
        scope = " ".join(sorted(outcome.account.roles))
        return _issued(access, {"scope": scope, "refresh_token": outcome.refresh_token})

    async def _client(self, call: Call, id: str, secret: str) -> Client:
        """The client that proves who it is. Errors: OAuthError."""
        client = await clients.known(call.store, id)
        proven = clients.proves(client, secret)
        if client is not None and proven and client.usable(call.store.clock.today()):
            return client
        if client is not None:
            await self.refusals.record(call, client, "secret" if not proven else "expired")
        raise _invalid_client()


async def _answer(work: Awaitable[web.Response]) -> web.Response:
    try:
        return await work
    except OAuthError as error:
        return error.answer()


def _issued(access_token: str, more: Mapping[str, Any]) -> web.Response:
    body = {"access_token": access_token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS, **more}
    return web.json_response(body, headers=SECRETS_KEPT_OUT)


async def _fields(request: web.Request) -> dict[str, str]:
    try:
        return await read_form(request, limit=FORM_BYTES)
    except TooLarge:
        raise
    except Problem as problem:
        raise OAuthError("invalid_request", problem.detail or problem.title) from None


def _credentials(request: web.Request, fields: Mapping[str, str]) -> tuple[str, str] | None:
    """Id and secret of a client, by HTTP Basic or in the form, RFC 6749 § 2.3.1; None where there are none.

    Errors: OAuthError for both at once, or for a header that is none.
    """
    header = request.headers.get("Authorization")
    in_form = "client_id" in fields and "client_secret" in fields
    if header is None:
        return (fields["client_id"], fields["client_secret"]) if in_form else None
    if "client_secret" in fields:
        raise OAuthError("invalid_request", "客户端凭证只能用一种方式给出")
    scheme, _, encoded = header.partition(" ")
    try:
        id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:  # no base 64, or not of UTF-8
        raise _invalid_client() from None
    if scheme.lower() != "basic" or not colon:
        raise _invalid_client()
    return unquote_plus(id), unquote_plus(secret)


def _invalid_client() -> OAuthError:
    challenge = {"WWW-Authenticate": 'Basic realm="lvzhi", charset="UTF-8"'}
    return OAuthError("invalid_client", "客户端不存在、已停用、已过期，或者密钥不对", 401, challenge)
