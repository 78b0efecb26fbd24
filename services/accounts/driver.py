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
from shared.process.turns import Turns
from shared.storage.paging import Place
from shared.storage.reader import Reader
from shared.storage.work import Collection, Work

Before = Callable[[Reader, datetime, int], Awaitable[Sequence[Place]]]
PRUNED: Final[tuple[tuple[Collection[Any], Before, Retention], ...]] = (
    (ATTEMPTS, repository.attempts_before, retention.ATTEMPTS),
    (INVITATIONS, repository.invitations_before, retention.INVITATIONS),
    (SESSIONS, repository.sessions_before, retention.SESSIONS),
    (REVOCATIONS, repository.revocations_before, retention.REVOCATIONS),
    (NONCES, repository.nonces_before, retention.NONCES),
    (AUDIT, repository.entries_older, retention.AUDIT),
)
"""What is removed as a whole: collection, query and rule."""
PRUNED_AT_ONCE: Final = 500
"""Records of one rule in one turn, because keys and revocations are published in between."""
DAY_SECONDS: Final = 86_400

log = structlog.get_logger(__name__)


async def chores(alive: Running) -> None:
    """Publish keys and revocations, replace the key in time, remove what is over, every `chores_seconds`."""
    settings = alive.service.settings
    assert isinstance(settings, Settings)
    issuer = Issuer(settings)
    if settings.forget_unreadable:
        await alive.store.execute(town=rights.INSTALLATION, actor="machine", run=note_lost_data_key)
    turns = Turns(alive.service.name, "chores")

    async def all_chores() -> None:
        await turns.by_itself("key", partial(_replace_key, alive, issuer))
        await turns.by_itself("revocations", partial(_publish, alive, issuer))
        await prune_now(alive, turns)

    await turns.every(settings.chores_seconds, all_chores)


async def prune_now(alive: Running, turns: Turns) -> None:
    """Erase what is over by the rules of retention, and say how much of what."""
    await _prune(alive, turns, repository.accounts_disabled_before, erase_account, retention.ACCOUNTS)
    for collection, before, rule in PRUNED:
        await _prune(alive, turns, before, partial(_remove, collection), rule)


async def _replace_key(alive: Running, issuer: Issuer) -> None:
    keys = issuer.keys
    if keys.rotating or keys.age_seconds > issuer.settings.key_days * DAY_SECONDS:
        await asyncio.to_thread(keys.rotate)
    await alive.store.execute(town=rights.INSTALLATION, actor="accounts", run=partial(note_key, kid=keys.kid))


async def _publish(alive: Running, issuer: Issuer) -> None:
    await issuer.publish(alive.store, alive.store.clock.now())


async def _prune(
    alive: Running, turns: Turns, before: Before, remove: Callable[..., Awaitable[object]], rule: Retention
) -> None:
    removed = 0

    async def one(over: Place) -> None:
        nonlocal removed
        run = partial(remove, id=over.id)
        await alive.store.execute(town=over.town, actor="accounts", run=run)
        removed += 1

    async def over() -> Sequence[Place]:
        """The first in time, and as many more as failed: those are first again and again."""
        limit = PRUNED_AT_ONCE + turns.failed(rule.id)
        return await before(alive.store, alive.store.clock.now() - rule.kept, limit)

    await turns.each(rule.id, over, one)
    if removed:
        log.info("erased in time", rule=rule.id, records=removed)


async def _remove(collection: Collection[Any], work: Work, id: str) -> None:
    current = await work.get(collection, id)
    if current is not None:
        work.remove(collection, current)
