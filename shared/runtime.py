"""One service brought to life: database, relay, consumer and tasks, started in order and stopped losing nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import structlog
from pydantic import BaseModel

from shared import answers, gauges, mongo, outbox
from shared import inbox as inboxes
from shared import presence as presences
from shared.clock import Clock, SystemClock
from shared.consumer import Consumer, Subscription
from shared.http import Api
from shared.inbox import Inbox
from shared.letters import Letters
from shared.presence import Presence
from shared.relay import Relay
from shared.sealing import Vault, reseal
from shared.settings import Settings
from shared.store import Store
from shared.telemetry import measured
from shared.transport import Transport, TransportStopped
from shared.work import Collection

log = structlog.get_logger(__name__)

STOP_SECONDS: Final = 3.0


@dataclass(frozen=True)
class Service:
    """What a service is made of; its `app.py` fills this in. `published` names every event type it may announce."""

    name: str
    api: Api
    settings: Settings
    collections: tuple[Collection[Any], ...]
    published: Mapping[str, type[BaseModel]]
    subscription: Subscription = field(default_factory=Subscription)
    tasks: tuple[Callable[["Running"], Coroutine[Any, Any, None]], ...] = ()
    migrations: tuple[mongo.Migration, ...] = ()


@dataclass
class Running:
    """A service at work."""

    service: Service
    store: Store
    inbox: Inbox
    relay: Relay
    consumer: Consumer
    transport: Transport

    async def ready(self) -> dict[str, bool]:
        """What the service needs, and whether each is there."""
        try:
            async with asyncio.timeout(2):
                await self.store.database.command("ping")
            database = True
        except Exception as error:
            log.warning("database away", reason=type(error).__name__)
            database = False
        return {"database": database, "broker": self.transport.healthy}


@asynccontextmanager
async def running(
    service: Service,
    *,
    mongo_url: str,
    transport: Transport,
    database: str | None = None,
    clock: Clock | None = None,
    vault: Vault | None = None,
) -> AsyncIterator[Running]:
    """Run a service within the block. `transport` is started by the caller; `database` defaults to `lvzhi_<name>`;
    without a `vault` nothing can be written that is kept sealed.

    On leaving, the event door closes first, then what was committed is written out, then the connections end.
    """
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(mongo.connected(mongo_url, app_name=f"lvzhi-{service.name}"))
        db = client[database or f"lvzhi_{service.name}"]
        store = await _prepared(db, service, clock or SystemClock(), vault or Vault())
        inbox = Inbox(store, streams=service.subscription.streams, keep=service.subscription.keep)
        queue = await transport.subscribe(service.name, service.subscription.bindings)
        await store.open()
        presence = Presence(db, session=lambda: store.session_id)
        await presence.beat()
        relay = Relay(store, transport, lambda: presence.eldest)
        consumer = Consumer(store, queue, inbox, service.subscription)
        store.letters = Letters(store, inbox, consumer, transport)
        alive = Running(service, store, inbox, relay, consumer, transport)
        work: dict[str, Coroutine[Any, Any, None]] = {
            "consumer": _until_stopped(consumer.run()),
            "gaps": consumer.watch_gaps(),
            "presence": presence.run(),
            "relay": relay.run(),
            **{task.__name__: task(alive) for task in service.tasks},
        }
        stack.enter_context(measured(partial(gauges.measure, alive)))
        stack.callback(gauges.forget, alive)
        jobs = [asyncio.create_task(job, name=f"{service.name} {name}") for name, job in work.items()]
        try:
            yield alive
        finally:
            await _stop(jobs)
            await store.close()
            await _hand_over(relay, presence)


async def _prepared(db: mongo.Database, service: Service, clock: Clock, vault: Vault) -> Store:
    """The store, with everything in the database as this version wants it."""
    names = [*outbox.COLLECTIONS, *presences.COLLECTIONS, *inboxes.COLLECTIONS, answers.NAME, "migrations"]
    indexes = [
        mongo.IndexSpec(c.name, index.keys, unique=index.unique, where=index.where)
        for c in service.collections
        for index in c.indexes
    ]
    # Migrations first: a new index may hold only for what they make of old records.
    await mongo.migrate(db, service.migrations)
    await mongo.prepare(db, [*names, *(c.name for c in service.collections)], [*indexes, *answers.INDEXES])
    if resealed := await reseal(db, service.collections, vault):
        log.info("sealed anew", values=resealed)
    return Store(db, service=service.name, collections=service.collections, clock=clock, vault=vault)


async def _until_stopped(job: Awaitable[None]) -> None:
    with suppress(TransportStopped):
        await job


async def _stop(jobs: Sequence[asyncio.Task[None]]) -> None:
    for job in jobs:
        job.cancel()
    for outcome in await asyncio.gather(*jobs, return_exceptions=True):
        if isinstance(outcome, Exception):
            log.error("task had failed", reason=repr(outcome))


async def _hand_over(relay: Relay, presence: Presence) -> None:
    """Publish what is left, so that a planned stop leaves nothing behind; then let another replica lead."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            if relay.leading and relay.transport.healthy:
                await relay.drain()
            await presence.leave()
    except Exception as error:
        log.warning("stopped with events still to relay", reason=repr(error)[:200])
