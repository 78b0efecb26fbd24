"""Sessions of people who are signed in: their account, and their tokens, renewed in time and never sent on."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import aiohttp

from services.console.api import Client
from services.console.errors import Away, Refused, SignedOut
from services.console.repository import RENEWAL_SECONDS, Repository, fingerprint

OFFICE_DAYS: Final = 0.5
LETTER_DAYS: Final = 90.0
EARLY_SECONDS: Final = 60
"""A token is renewed this long before it ends."""
WAIT_SECONDS: Final = 0.2
TRIES: Final = 60
ANSWER_SECONDS: Final = RENEWAL_SECONDS - 5.0
"""How long a renewal waits for its answer: no longer than it is for this process alone."""
OVER: Final = frozenset({400, 401})
"""Answers to a renewal that end the session; any other says nothing about it."""


@dataclass
class Session:
    """`account`: as accounts gave it at the sign-in. `town`: which town the pages are about, if one.
    `csrf`: the token that forms carry."""

    id: str
    account: Mapping[str, Any]
    csrf: str
    town: str
    year: int
    days: float
    tokens: Mapping[str, str] = field(repr=False)
    token_until: datetime = field(repr=False)
    flash: Mapping[str, Any] | None = None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.account["roles"])

    @property
    def area(self) -> str:
        """Division code the account is for; its first, where there are several."""
        return str(self.account["areas"][0])

    @property
    def user(self) -> str:
        """The account's id, by which drafts and preferences are kept."""
        return str(self.account["id"])


@dataclass(frozen=True)
class Sessions:
    repository: Repository
    http: aiohttp.ClientSession
    accounts_url: str
    source_header: str
    _renewals: set[asyncio.Task[bool]] = field(default_factory=set, repr=False)

    async def finish(self) -> None:
        """Wait for the renewals that are under way: what accounts has given is kept."""
        await asyncio.gather(*self._renewals, return_exceptions=True)

    async def sign_in(self, body: Mapping[str, Any], source: str) -> tuple[str, Session]:
        """The session's secret, for the cookie, and the session. Errors: Refused, Away."""
        signed = await self.public("/accounts/v1/sign_ins", body, source)
        account = signed["account"]
        letter = "letter" in body
        days = LETTER_DAYS if letter else OFFICE_DAYS
        own = account["areas"][0]
        content = {
            "account": account,
            "csrf": await self.repository.form_token(account["id"]),
            "town": own if len(own) == 9 and not own.endswith("000") else "",
            "year": self.repository.clock.today().year,
            "token_until": self._token_until(signed),
            "refresh": fingerprint(signed["refresh_token"]),
            "renewing": None,
        }
        tokens = {"access": signed["access_token"], "refresh": signed["refresh_token"]}
        secret = await self.repository.add_session(content, tokens, days)
        session = await self.find(secret)
        if session is None:
            raise SignedOut
        return secret, session

    async def find(self, secret: str) -> Session | None:
        id = fingerprint(secret)
        found = await self.repository.session(id)
        return None if found is None else _session(found)

    async def end(self, session: Session) -> None:
        await self.repository.end_session(session.id)
        await self.repository.drop_drafts(session.user)
        try:
            await self._public("/accounts/oauth/revoke", {}, data={"token": session.tokens["refresh"]})
        except (Refused, Away):
            return  # the session is gone here, and its tokens with it

    def api(self, session: Session, url: str, source: str) -> Client:
        async def token() -> str:
            return await self.access(session)

        return Client(self.http, url, token, self.accounts_url, self._told(source))

    async def access(self, session: Session) -> str:
        """An access token that is valid for a while. Errors: SignedOut, Away."""
        for _ in range(TRIES):
            if self.repository.clock.now() < session.token_until - timedelta(seconds=EARLY_SECONDS):
                return session.tokens["access"]
            if await self._renewed(session):
                continue
            await asyncio.sleep(WAIT_SECONDS)  # another request, or process, is about it
            found = await self.repository.session(session.id)
            if found is None:
                raise SignedOut
            session.tokens, session.token_until = found["tokens"], found["token_until"]
        raise Away("accounts")

    async def _renewed(self, session: Session) -> bool:
        """Whether this request, and no other, has renewed the token.

        A task of its own: a part of a page that gives up waiting must not leave a token that accounts has given.
        """

        async def claim_and_renew() -> bool:
            claimed = await self.repository.claim_renewal(session.id, session.tokens["refresh"])
            if claimed:
                await self._renew(session)
            return claimed

        renewal = asyncio.create_task(claim_and_renew())
        self._renewals.add(renewal)
        renewal.add_done_callback(self._renewals.discard)
        return await asyncio.shield(renewal)

    async def _renew(self, session: Session) -> None:
        grant = {"grant_type": "refresh_token", "refresh_token": session.tokens["refresh"]}
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            renewed = await self._public("/accounts/oauth/token", {}, data=grant, timeout=timeout)
        except (Refused, Away) as error:
            if isinstance(error, Refused) and error.status in OVER:
                await self.repository.end_session(session.id)
                raise SignedOut from None
            await self.repository.change_session(session.id, {"renewing": None})
            raise Away("accounts") from error
        session.tokens = {"access": renewed["access_token"], "refresh": renewed["refresh_token"]}
        session.token_until = self._token_until(renewed)
        await self.repository.renew(session.id, session.tokens, session.token_until, session.days)

    def _token_until(self, signed: Mapping[str, Any]) -> datetime:
        return self.repository.clock.now() + timedelta(seconds=int(signed["expires_in"]))

    async def public(self, path: str, body: Mapping[str, Any], source: str) -> Any:
        """A command that needs no token. Errors: Refused, Away."""
        return await self._public(path, self._told(source), json=dict(body))

    def _told(self, source: str) -> dict[str, str]:
        return {self.source_header: source} if self.source_header else {}

    async def _public(self, path: str, headers: Mapping[str, str], **content: Any) -> Any:
        try:
            async with self.http.post(self.accounts_url + path, headers=headers, **content) as response:
                try:
                    body = await response.json(content_type=None)
                except ValueError:
                    body = None
                if response.status in (502, 503, 504):
                    raise Away(path)
                if response.status >= 400:
                    raise Refused(response.status, body if isinstance(body, dict) else {})
                return body
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Away(path) from error


def _session(found: Mapping[str, Any]) -> Session:
    return Session(
        id=found["_id"],
        account=found["account"],
        csrf=found["csrf"],
        town=found["town"],
        year=found["year"],
        days=found["days"],
        tokens=found["tokens"],
        token_until=found["token_until"],
        flash=found.get("flash"),
    )
