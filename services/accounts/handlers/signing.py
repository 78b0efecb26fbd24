"""Requests that a client signs: checked once each, against replay too."""

from services.accounts.domain.clients import Client
from services.accounts.domain.signing import WINDOW, Nonce, Signed
from services.accounts.repository import NONCES, SIGNING
from shared.security.codes import fingerprint
from shared.storage.work import Work


async def use(work: Work, client: Client, signed: Signed, signature: str) -> str | None:
    """None where the request is the client's and was not seen before, else why it is refused. The signature is checked
    first: only its holder uses up a nonce."""
    if not signed.fits(signature, await work.get(SIGNING, client.id)):
        return "signature"
    now = work.clock.now()
    if not client.usable(work.clock.today()):
        return "expired"
    if not signed.in_time(now):
        return "time"
    id = fingerprint(f"{client.id}/{signed.nonce}")
    if await work.get(NONCES, id) is not None:
        return "replay"
    work.create(NONCES, Nonce(id=id, town=client.town, until=now + 2 * WINDOW), "used")
    return None
