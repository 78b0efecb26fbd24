"""Sessions of people: begun, renewed by a refresh token that is used once, ended and published as revoked."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from services.accounts import repository
from services.accounts.domain.accounts import Account, State
from services.accounts.domain.sessions import REVOKED_FOR, How, Revocation, Session, expiry
from services.accounts.handlers.audit import note
from services.accounts.repository import ACCOUNTS, CREDENTIALS, REVOCATIONS, SESSIONS
from shared.ids import new_id
from shared.security.codes import fingerprint
from shared.security.tokens import revocation
from shared.storage.reader import Reader
from shared.storage.work import Work


@dataclass(frozen=True)
class Begun:
    """A session with the refresh token that is valid now; it is known only here."""

    account: Account
    session: Session
    refresh_token: str


@dataclass(frozen=True)
class Refused:
    """Why a refresh token is not accepted; `revoked`: its session was ended because of it."""

    revoked: bool = False


def begin(work: Work, account: Account, how: How) -> Begun:
    now, id = work.clock.now(), new_id()
    secret = secrets.token_urlsafe(32)
    session = Session(
        id=id,
        town=account.town,
        account_id=account.id,
        how=how,
        current=fingerprint(secret),
        began_at=now,
        expires_at=expiry(how, now, now),
    )
    return Begun(account, work.create(SESSIONS, session, "begun"), f"{id}.{secret}")


async def session_of(reader: Reader, refresh_token: str) -> Session | None:
    id, _, _ = refresh_token.partition(".")
    return await repository.session(reader, id) if id else None


async def renew(work: Work, id: str, refresh_token: str) -> Begun | Refused:
    """The session with another refresh token. One that was used before ends the session: it was copied; but the one
    used last may be sent again for a minute."""
    session = await work.require(SESSIONS, id)
    account = await work.get(ACCOUNTS, session.account_id)
    now, sent = work.clock.now(), fingerprint(refresh_token.partition(".")[2])
    if account is None or account.state is not State.ACTIVE or not session.is_open(now):
        return Refused()
    repeats = session.may_repeat(sent, now)
    if sent in session.used and not repeats:
        end(work, session)
        note(work, "token_reused", f"account/{account.id}", "token-reused", actor=account.subject)
        return Refused(revoked=True)
    if not repeats and not hmac.compare_digest(sent, session.current):
        return Refused()
    secret = secrets.token_urlsafe(32)
    new = fingerprint(secret)
    after = session.repeated(new) if repeats else session.renewed(new, now)
    return Begun(account, work.change(SESSIONS, after, "renewed"), f"{id}.{secret}")


def end(work: Work, session: Session) -> None:
    """End a session; its access tokens are published as revoked until they have expired."""
    if session.ended_at is None:
        work.change(SESSIONS, session.ended(work.clock.now()), "ended")
    revoke(work, session.id)


async def sign_out(work: Work, id: str, refresh_token: str) -> None:
    """End the session of a refresh token that is or was valid."""
    session = await work.require(SESSIONS, id)
    if fingerprint(refresh_token.partition(".")[2]) in (session.current, *session.used):
        end(work, session)
        note(work, "session_ended", f"account/{session.account_id}", "signed-out")


def revoke(work: Work, id: str, *, until: datetime | None = None) -> None:
    """Publish a `jti` or `sid` as revoked; by itself until the last token of the session has expired."""
    now = work.clock.now()
    work.project(
        REVOCATIONS,
        Revocation(
            id=revocation(id),
            town=work.town,
            version=int(now.timestamp() * 1000),
            until=until or now + REVOKED_FOR,
        ),
    )


async def end_all(work: Work, account_id: str) -> None:
    """Also those that begin at the same time: a sign-in by password changes the credential, one by letter removes the
    invitation, and this work runs again."""
    credential = await work.get(CREDENTIALS, account_id)
    if credential is not None:
        work.lock(CREDENTIALS, credential)
    for session in await repository.sessions_of(work, account_id):
        if session.ended_at is None:
            end(work, session)
