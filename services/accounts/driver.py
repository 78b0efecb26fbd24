"""Periodic tasks of accounts; they may be repeated after a restart and run in several replicas."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from services.accounts import repository
from services.accounts.domain.sessions import LONGEST
from services.accounts.domain.waits import FORGOTTEN
from services.accounts.handlers.tokens import Issuer
from services.accounts.repository import ATTEMPTS, INVITATIONS, REVOCATIONS, SESSIONS
from services.accounts.settings import Settings
from shared.process.service import Running
from shared.storage.work import Collection, Reader, Record, Work

Before = Callable[[Reader, datetime], Awaitable[Sequence[Record]]]
PRUNED: Final[tuple[tuple[Collection[Any], Before, timedelta], ...]] = (
    (ATTEMPTS, repository.attempts_before, FORGOTTEN),
    (INVITATIONS, repository.invitations_before, FORGOTTEN),
    (SESSIONS, repository.sessions_before, LONGEST),
    (REVOCATIONS, repository.revocations_before, FORGOTTEN),
)
"""What is of no use any more: collection, query, and how long after it."""
DAY_SECONDS: Final = 86_400

log = structlog.get_logger(__name__)


async def chores(alive: Running) -> None:
    """Publish keys and revocations, replace the key in time, remove what is over, every `chores_seconds`."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    issuer = Issuer(settings)
    while True:
        try:
            await publish_now(alive, issuer)
            await prune_now(alive)
        except Exception as error:
            log.warning("chores wait", reason=repr(error)[:200])
        await asyncio.sleep(settings.chores_seconds)


async def publish_now(alive: Running, issuer: Issuer) -> None:
    keys = issuer.keys
    if keys.rotating or keys.age_seconds > issuer.settings.key_days * DAY_SECONDS:
        await asyncio.to_thread(keys.rotate)
    await issuer.publish(alive.store, alive.store.clock.now())


async def prune_now(alive: Running) -> None:
    now = alive.store.clock.now()
    for collection, before, after in PRUNED:
        for record in await before(alive.store, now - after):
            await _remove(alive, collection, record)


async def _remove(alive: Running, collection: Collection[Any], record: Record) -> None:
    async def remove(work: Work) -> None:
        current = await work.get(collection, record.id)
        if current is not None:
            work.remove(collection, current)

    await alive.store.execute(town=record.town, actor="accounts", run=remove)
