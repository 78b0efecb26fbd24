"""Periodic tasks of accounts; they may be repeated after a restart and run in several replicas."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog

from services.accounts import repository
from services.accounts.domain import retention, rights
from services.accounts.handlers.recovery import note_lost_data_key
from services.accounts.handlers.retention import erase_account
from services.accounts.handlers.tokens import Issuer, note_key
from services.accounts.repository import ATTEMPTS, AUDIT, INVITATIONS, NONCES, REVOCATIONS, SESSIONS
from services.accounts.settings import Settings
from shared.norms import Retention
from shared.process.service import Running
from shared.process.supervision import by_itself
from shared.storage.work import Collection, Reader, Record, Work

Before = Callable[[Reader, datetime], Awaitable[Sequence[Record]]]
PRUNED: Final[tuple[tuple[Collection[Any], Before, Retention], ...]] = (
    (ATTEMPTS, repository.attempts_before, retention.ATTEMPTS),
    (INVITATIONS, repository.invitations_before, retention.INVITATIONS),
    (SESSIONS, repository.sessions_before, retention.SESSIONS),
    (REVOCATIONS, repository.revocations_before, retention.REVOCATIONS),
    (NONCES, repository.nonces_before, retention.NONCES),
    (AUDIT, repository.entries_older, retention.AUDIT),
)
"""What is removed as a whole: collection, query and rule."""
DAY_SECONDS: Final = 86_400

log = structlog.get_logger(__name__)


async def chores(alive: Running) -> None:
    """Publish keys and revocations, replace the key in time, remove what is over, every `chores_seconds`."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    issuer = Issuer(settings)
    if settings.forget_unreadable:
        await alive.store.execute(town=rights.INSTALLATION, actor="machine", run=note_lost_data_key)
    while True:
        await by_itself("key", _replace_key(alive, issuer))
        await by_itself("revocations", issuer.publish(alive.store, alive.store.clock.now()))
        await prune_now(alive)
        await asyncio.sleep(settings.chores_seconds)


async def prune_now(alive: Running) -> None:
    """Erase what is over by the rules of retention, and say how much of what."""
    now = alive.store.clock.now()
    await by_itself(retention.ACCOUNTS.id, _erase(alive, now))
    for collection, before, rule in PRUNED:
        await by_itself(rule.id, _prune(alive, collection, before, rule, now))


async def _replace_key(alive: Running, issuer: Issuer) -> None:
    keys = issuer.keys
    if keys.rotating or keys.age_seconds > issuer.settings.key_days * DAY_SECONDS:
        await asyncio.to_thread(keys.rotate)
    await alive.store.execute(town=rights.INSTALLATION, actor="accounts", run=partial(note_key, kid=keys.kid))


async def _erase(alive: Running, now: datetime) -> None:
    over = await repository.accounts_disabled_before(alive.store, now - retention.ACCOUNTS.kept)
    for account in over:
        run = partial(erase_account, id=account.id)
        await alive.store.execute(town=account.town, actor="accounts", run=run)
    _report(retention.ACCOUNTS, len(over))


async def _prune(
    alive: Running, collection: Collection[Any], before: Before, rule: Retention, now: datetime
) -> None:
    records = await before(alive.store, now - rule.kept)
    for record in records:
        await _remove(alive, collection, record)
    _report(rule, len(records))


def _report(rule: Retention, records: int) -> None:
    if records:
        log.info("erased in time", rule=rule.id, records=records)


async def _remove(alive: Running, collection: Collection[Any], record: Record) -> None:
    async def remove(work: Work) -> None:
        current = await work.get(collection, record.id)
        if current is not None:
            work.remove(collection, current)

    await alive.store.execute(town=record.town, actor="accounts", run=remove)
