"""Use cases of API clients."""

import hmac
import secrets

from services.accounts import repository
from services.accounts.domain import rights
from services.accounts.domain.clients import Client
from services.accounts.domain.signing import SigningSecrets
from services.accounts.errors import BeyondOwnRights
from services.accounts.handlers import sessions
from services.accounts.handlers.audit import note
from services.accounts.repository import CLIENTS, SIGNING
from services.accounts.schemas.clients import ClientIn
from shared.errors import FieldError, Invalid
from shared.ids import new_id
from shared.security.codes import fingerprint
from shared.security.tokens import Actor
from shared.storage.reader import Reader
from shared.storage.work import Work

PREFIX = "lzs_"
"""By which a secret is recognised where it should not be, in a repository or a log."""


def check_giver(actor: Actor, roles: list[str], areas: list[str]) -> None:
    """Errors: BeyondOwnRights."""
    if not rights.may_give(actor.roles, actor.areas, roles, areas, table=rights.GIVEN_TO_PROGRAMS):
        raise BeyondOwnRights("只能在自己的辖区内，授予自己可以授予的角色")


async def add_client(work: Work, body: ClientIn) -> tuple[Client, str]:
    """(client, secret); the secret is returned only here."""
    if body.expires_on < work.clock.today():
        raise Invalid("有效期已过", errors=[FieldError("body.expires_on", "不能早于今天")])
    secret = _new_secret()
    client = Client(id=new_id(), town=work.town, **body.model_dump())
    client = client.with_secret(fingerprint(secret), work.clock.now(), alone=False)
    if client.signs:
        work.create(SIGNING, SigningSecrets(id=client.id, town=client.town, secret=secret), "added")
    note(work, "client_added", f"client/{client.id}")
    return work.create(CLIENTS, client, "added"), secret


async def rotate_client(work: Work, id: str, *, alone: bool) -> tuple[Client, str]:
    client = await work.require(CLIENTS, id)
    secret = _new_secret()
    rotated = client.with_secret(fingerprint(secret), work.clock.now(), alone=alone)
    if alone:
        sessions.revoke(work, client.session)
    if client.signs:
        signing = await work.require(SIGNING, id)
        work.change(SIGNING, signing.replaced(secret, alone=alone), "rotated")
    note(work, "client_rotated", f"client/{id}", "alone" if alone else None)
    return work.change(CLIENTS, rotated, "rotated"), secret


async def disable_client(work: Work, id: str) -> Client:
    client = await work.require(CLIENTS, id)
    disabled = client.disabled(work.clock.now())
    sessions.revoke(work, client.session)
    note(work, "client_disabled", f"client/{id}")
    return work.change(CLIENTS, disabled, "disabled")


async def known(reader: Reader, id: str) -> Client | None:
    return await repository.client(reader, id)


def proves(client: Client | None, secret: str) -> bool:
    """Whether the secret is one of the client's. It has 256 bits: time tells nothing of use."""
    sent = fingerprint(secret)
    kept = [one.fingerprint for one in client.secrets] if client is not None else []
    return any(hmac.compare_digest(sent, one) for one in (*kept, "-" * len(sent)))


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


async def note_refusal(work: Work, client: Client, reason: str) -> None:
    note(work, "client_refused", f"client/{client.id}", reason)
