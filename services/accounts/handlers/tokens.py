"""Access tokens: minted by the holder of the only private key, and what is published about them."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import Any, Final

from services.accounts import repository
from services.accounts.domain import rights
from services.accounts.domain.accounts import Account
from services.accounts.domain.clients import Client
from services.accounts.domain.sessions import ACCESS_SECONDS, REVOKED_FOR, KeyUse, Session
from services.accounts.handlers import sessions
from services.accounts.handlers.audit import note
from services.accounts.repository import KEY_USES
from services.accounts.settings import Settings
from shared.http.call import Store
from shared.process.serve import key_store
from shared.security.keystore import KeyStore
from shared.security.tokens import UNREADABLE, decoded, token_keys
from shared.storage.reader import Reader
from shared.storage.work import Work

KEY: Final = "tokens"
HOURS: Final = ACCESS_SECONDS / 3600


@dataclass(frozen=True)
class Issuer:
    """Issues the tokens of an installation."""

    settings: Settings

    @cached_property
    def keys(self) -> KeyStore:
        """Opened at first use: only a process that serves has keys."""
        return key_store(self.settings)

    def for_account(self, account: Account, session: Session) -> str:
        own = {"deputyship_id": account.deputyship_id, "meeting_id": account.meeting_id}
        return self.keys.mint(
            account.subject,
            account.areas,
            account.roles,
            HOURS,
            sid=session.id,
            account_id=account.id,
            **{name: value for name, value in own.items() if value is not None},
        )

    def for_client(self, client: Client, roles: list[str]) -> str:
        """RFC 9068 § 2.2: for a program that acts for itself `sub` is its id."""
        return self.keys.mint(client.id, client.areas, roles, HOURS, sid=client.session, client_id=client.id)

    def read(self, token: str) -> dict[str, Any] | None:
        """The claims of an access token that was issued here; None for any other text."""
        try:
            return decoded(token, token_keys(self.keys.jwks_path.read_bytes()))
        except UNREADABLE:
            return None

    async def publish(self, reader: Reader, now: datetime) -> None:
        """Publish the keys, and what is revoked."""
        revoked = await repository.revoked(reader, now)
        await asyncio.to_thread(lambda: self.keys.announce(revoked))


async def revoke(store: Store, issuer: Issuer, token: str, *, owner: str | None) -> None:
    """End what a token is of: the session of a refresh token; of an access token itself alone. Any other text, and the
    token of another than `owner`, changes nothing."""
    claims = issuer.read(token)
    if claims is not None:
        if owner in (None, claims.get("client_id")):
            until = datetime.fromtimestamp(int(claims["exp"]), UTC) + REVOKED_FOR
            await store.execute(
                town=rights.INSTALLATION, actor="", run=partial(_revoke_token, id=claims["jti"], until=until)
            )
    elif (session := await sessions.session_of(store, token)) is not None and owner is None:
        await store.execute(
            town=session.town, actor="", run=partial(sessions.sign_out, id=session.id, refresh_token=token)
        )
    await issuer.publish(store, store.clock.now())


async def note_key(work: Work, kid: str) -> None:
    """Record that another key signs, where it does."""
    before = await work.get(KEY_USES, KEY)
    if before is not None and before.kid == kid:
        return
    if before is None:
        work.create(KEY_USES, KeyUse(id=KEY, town=work.town, kid=kid), "seen")
    else:
        work.change(KEY_USES, before.model_copy(update={"kid": kid}), "seen")
    note(work, "key_rotated", f"key/{KEY}", kid)


async def _revoke_token(work: Work, id: str, until: datetime) -> None:
    sessions.revoke(work, id, until=until)
