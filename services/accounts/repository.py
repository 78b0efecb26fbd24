"""Collections of accounts and all their queries to MongoDB."""

from collections.abc import Collection as SizedIterable
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from services.accounts import events_out
from services.accounts.domain.accounts import Account
from services.accounts.domain.audit import Entry
from services.accounts.domain.clients import Client
from services.accounts.domain.copies import Deputyship, Meeting
from services.accounts.domain.credentials import Credential, Invitation
from services.accounts.domain.sessions import KeyUse, Revocation, Session
from services.accounts.domain.signing import Nonce, SigningSecrets
from services.accounts.domain.values import written
from services.accounts.domain.waits import Attempts
from services.accounts.errors import DeputyshipTaken, NameTaken
from shared.storage.paging import Place, places
from shared.storage.reader import Reader
from shared.storage.work import Collection, Index, Record, Work

R = TypeVar("R", bound=Record)

CODE_LENGTH: Final = 9

ACCOUNTS = Collection(
    "accounts",
    Account,
    "account",
    events_out.AccountFact,
    (
        Index(("key",), unique=True, duplicate=NameTaken),
        Index(("holder",), unique=True, duplicate=DeputyshipTaken),
        Index(("erased_at", "disabled_at")),
    ),
    erasable=True,
)
CREDENTIALS = Collection("credentials", Credential, encrypted=("password", "secret", "offered"))
INVITATIONS = Collection(
    "invitations", Invitation, indexes=(Index(("account_id",)), Index(("expires_at",))), encrypted=("secret",)
)
SESSIONS = Collection("sessions", Session, indexes=(Index(("account_id",)), Index(("expires_at",))))
CLIENTS = Collection("clients", Client, "client", events_out.ClientFact)
SIGNING = Collection("signing", SigningSecrets, encrypted=("secret", "before"))
NONCES = Collection("nonces", Nonce, indexes=(Index(("until",)),))
REVOCATIONS = Collection("revocations", Revocation, indexes=(Index(("until",)),))
ATTEMPTS = Collection("attempts", Attempts, indexes=(Index(("last_at",)),))
KEY_USES = Collection("key_uses", KeyUse)
AUDIT = Collection("audit", Entry, indexes=(Index(("at",)), Index(("town", "kind", "_id"))))
DEPUTYSHIPS = Collection("deputyships", Deputyship)
MEETINGS = Collection("meetings", Meeting)
FOREIGN = (DEPUTYSHIPS, MEETINGS)
OWN = (
    ACCOUNTS,
    CREDENTIALS,
    INVITATIONS,
    SESSIONS,
    CLIENTS,
    SIGNING,
    NONCES,
    REVOCATIONS,
    ATTEMPTS,
    KEY_USES,
    AUDIT,
)
ALL = (*OWN, *FOREIGN)


async def account(reader: Reader, id: str) -> Account | None:
    """Over all divisions, as are the queries below."""
    return _sole(ACCOUNTS, await reader.find("accounts", {"_id": id}, limit=1))


async def account_named(reader: Reader, key: str) -> Account | None:
    return _sole(ACCOUNTS, await reader.find("accounts", {"key": key}, limit=1))


async def account_of(reader: Reader, deputyship_id: str) -> Account | None:
    """The account of a deputyship that is not disabled."""
    return _sole(ACCOUNTS, await reader.find("accounts", {"holder": deputyship_id}, limit=1))


async def accounts_in(reader: Reader, area: str, criteria: Mapping[str, Any] = {}) -> list[Account]:
    return [ACCOUNTS.load(document) for document in await _in_area(reader, "accounts", area, criteria)]


async def clients_in(reader: Reader, area: str, criteria: Mapping[str, Any] = {}) -> list[Client]:
    return [CLIENTS.load(document) for document in await _in_area(reader, "clients", area, criteria)]


async def any_account(reader: Reader) -> bool:
    return bool(await reader.find("accounts", {}, sort=(("_id", 1),), limit=1))


async def credential(reader: Reader, id: str) -> Credential | None:
    return _sole(CREDENTIALS, await reader.find("credentials", {"_id": id}, limit=1))


async def client(reader: Reader, id: str) -> Client | None:
    return _sole(CLIENTS, await reader.find("clients", {"_id": id}, limit=1))


async def invitation(reader: Reader, fingerprint: str) -> Invitation | None:
    return _sole(INVITATIONS, await reader.find("invitations", {"_id": fingerprint}, limit=1))


async def invitations_of(work: Work, account_id: str | None) -> list[Invitation]:
    return await work.find(INVITATIONS, {"account_id": account_id})


async def session(reader: Reader, id: str) -> Session | None:
    return _sole(SESSIONS, await reader.find("sessions", {"_id": id}, limit=1))


async def sessions_of(work: Work, account_id: str) -> list[Session]:
    return await work.find(SESSIONS, {"account_id": account_id})


async def revoked(reader: Reader, now: datetime) -> list[str]:
    """Fingerprints of what is published as revoked."""
    found = await reader.find("revocations", {"until": {"$gt": written(now)}})
    return [document["_id"] for document in found]


async def entries_before(
    work: Work,
    before: str | None,
    limit: int,
    *,
    kind: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Entry]:
    """Entries of the audit of a division, of one kind or of all, recorded since and before an instant, the latest
    first."""
    query: dict[str, Any] = {"town": work.town} | ({} if kind is None else {"kind": kind})
    limits = {"$gte": since, "$lt": until}
    if span := {operator: written(instant) for operator, instant in limits.items() if instant is not None}:
        query["at"] = span
    if before is not None:
        query["_id"] = {"$lt": before}
    found = await work.reader.find("audit", query, sort=(("town", -1), ("_id", -1)), limit=limit)
    return [AUDIT.load(document) for document in found]


async def accounts_of(reader: Reader, subjects: SizedIterable[str]) -> list[Account]:
    """The accounts behind `sub` of tokens."""
    found = await reader.find("accounts", {"holder": {"$in": sorted(subjects)}})
    return [ACCOUNTS.load(document) for document in found]


async def accounts_disabled_before(reader: Reader, instant: datetime, limit: int) -> list[Place]:
    """Not erased yet, and disabled before an instant; of this query and those below, the first in time."""
    query = {"erased_at": None, "disabled_at": {"$gt": "", "$lt": written(instant)}}
    return await places(reader, "accounts", query, sort=(("erased_at", 1), ("disabled_at", 1)), limit=limit)


async def entries_older(reader: Reader, instant: datetime, limit: int) -> list[Place]:
    """Recorded before an instant."""
    return await _before(reader, AUDIT, "at", instant, limit)


async def attempts_before(reader: Reader, instant: datetime, limit: int) -> list[Place]:
    """Whose last one was before an instant."""
    return await _before(reader, ATTEMPTS, "last_at", instant, limit)


async def invitations_before(reader: Reader, instant: datetime, limit: int) -> list[Place]:
    """Expired before an instant."""
    return await _before(reader, INVITATIONS, "expires_at", instant, limit)


async def sessions_before(reader: Reader, instant: datetime, limit: int) -> list[Place]:
    """Expired before an instant."""
    return await _before(reader, SESSIONS, "expires_at", instant, limit)


async def revocations_before(reader: Reader, instant: datetime, limit: int) -> list[Place]:
    """Over before an instant."""
    return await _before(reader, REVOCATIONS, "until", instant, limit)


async def nonces_before(reader: Reader, instant: datetime, limit: int) -> list[Place]:
    """That may be used again since before an instant: their time is refused by then."""
    return await _before(reader, NONCES, "until", instant, limit)


async def _before(
    reader: Reader, collection: Collection[Any], field: str, instant: datetime, limit: int
) -> list[Place]:
    query = {field: {"$lt": written(instant)}}
    return await places(reader, collection.name, query, sort=((field, 1),), limit=limit)


async def _in_area(reader: Reader, name: str, area: str, criteria: Mapping[str, Any]) -> list[dict[str, Any]]:
    return await reader.find(name, {"town": _within(area), **criteria}, sort=(("town", 1), ("_id", 1)))


def _within(area: str) -> Any:
    """Codes that begin with a prefix; `:` is the character after `9`."""
    return area if len(area) == CODE_LENGTH else {"$gte": area, "$lt": area + ":"}


def _sole(collection: Collection[R], documents: list[dict[str, Any]]) -> R | None:
    return collection.load(documents[0]) if documents else None
