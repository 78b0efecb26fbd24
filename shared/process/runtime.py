"""Start and stop of one service: database, relay, consumer and background tasks."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import Final

import structlog

from shared.clock import Clock, SystemClock
from shared.envelope import town_of
from shared.errors import CannotStart
from shared.events import inbox as inboxes
from shared.events import partitions as queues
from shared.events.consumer import Consumer
from shared.events.dead_letters import DeadLetters
from shared.events.gaps import watch_gaps
from shared.events.inbox import Inbox
from shared.events.rebuild import ReadModel, rebuild, resume, rewind
from shared.events.relay import Relay
from shared.observability.metrics import refreshed_by
from shared.process import gauges
from shared.process.service import Running, Service
from shared.process.supervision import Job, Supervisor
from shared.storage import dumps, idempotency, mongo, outbox
from shared.storage import presence as presences
from shared.storage.encryption import Vault, reencrypt
from shared.storage.indexes import IndexSpec
from shared.storage.presence import Presence
from shared.storage.store import Store
from shared.storage.units import Superseded, Trouble
from shared.storage.work import BY_TOWN
from shared.transport import SINGLE, Transport

log = structlog.get_logger(__name__)

STOP_SECONDS: Final = 3.0
PRUNE_SECONDS: Final = 600.0
RESUME_SECONDS: Final = 5.0


@asynccontextmanager
async def running(
    service: Service,
    *,
    mongo_url: str,
    transport: Transport,
    database: str | None = None,
    clock: Clock | None = None,
    vault: Vault | None = None,
    trouble: Trouble | None = None,
) -> AsyncIterator[Running]:
    """Run a service within the block. `transport` is started by the caller; `database` defaults to `lvzhi_<name>`;
    without a `vault` encrypted fields cannot be written; `trouble` is of a database this process supervises.

    On exit the tasks stop first, then pending commits are written and published, then the connections are closed.
    """
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(mongo.connected(mongo_url, app_name=f"lvzhi-{service.name}"))
        db = client[database or f"lvzhi_{service.name}"]
        store = await prepared(db, service, clock or SystemClock(), vault or Vault(), trouble)
        inbox = Inbox(store, streams=service.subscription.streams, keep=service.subscription.keep)
        partitions = await queues.recorded(db, service.settings.partitions)
        queue = await transport.subscribe(service.name, service.subscription.bindings, partitions)
        await store.open()
        presence = Presence(db, session=lambda: store.session_id, owner=store.process)
        await presence.beat()
        number = partitions.number
        relay = Relay(store, transport, number, lambda: presence.share(number), lambda: presence.has_peers)
        follow = partial(_follow_restore, store, service.read_model)
        anew = partial(_copy_anew, store, service.read_model)
        consumer = Consumer(store, queue, inbox, service.subscription, follow, anew)
        dead_letters = DeadLetters(store, inbox, consumer, transport)
        supervisor = Supervisor(service.name)
        alive = Running(service, store, inbox, relay, consumer, dead_letters, transport, presence, supervisor)
        stack.enter_context(refreshed_by(partial(gauges.measure, alive)))
        stack.callback(gauges.forget, alive)
        serve = partial(queues.serve, queue, presence, db, partitions)
        supervisor.start(_jobs(alive) | ({} if partitions == SINGLE else {"partitions": serve}))
        try:
            yield alive
        finally:
            await supervisor.stop()
            writable = presence.writable
            await store.close()
            if writable:  # without the database nothing can be handed over
                await _hand_over(relay, presence)


def _jobs(alive: Running) -> dict[str, Job]:
    jobs: dict[str, Job] = {
        "consumer": alive.consumer.run,
        "held": alive.consumer.retry_held,
        "gaps": partial(watch_gaps, alive.inbox, alive.consumer.held),
        "presence": alive.presence.run,
        "relay": alive.relay.run,
        "keys": partial(_prune, alive.inbox),
    }
    if alive.service.read_model is not None:
        jobs["rebuild"] = partial(_resume_rebuilds, alive.store, alive.service.read_model)
    return jobs | {task.__name__: partial(task, alive) for task in alive.service.tasks}


async def _follow_restore(
    store: Store, model: ReadModel | None, source: str, epochs: Mapping[str, str]
) -> None:
    log.warning("source restored from a backup", source=source, epoch=epochs[source])
    town = town_of(source)
    if model is not None and source in model.sources(town):
        await rebuild(store, town, model, restored=epochs)
    else:
        await rewind(store, source, epochs[source])


async def _copy_anew(store: Store, model: ReadModel | None, source: str) -> None:
    town = town_of(source)
    if model is not None and source in model.sources(town):
        log.warning("copies are made anew", source=source)
        with suppress(Superseded):  # another run began at the same moment
            await rebuild(store, town, model)


async def _resume_rebuilds(store: Store, model: ReadModel) -> None:
    while True:
        await resume(store, model)
        await asyncio.sleep(RESUME_SECONDS)


async def _prune(inbox: Inbox) -> None:
    while True:
        await asyncio.sleep(PRUNE_SECONDS)
        await inbox.prune()


async def prepared(
    db: mongo.Database, service: Service, clock: Clock, vault: Vault, trouble: Trouble | None
) -> Store:
    """The store, after migrations, creation of collections and indexes, and re-encryption."""
    names = [
        *outbox.COLLECTIONS,
        *presences.COLLECTIONS,
        *inboxes.COLLECTIONS,
        *queues.COLLECTIONS,
        idempotency.NAME,
        "migrations",
    ]
    indexes = [
        IndexSpec(c.name, index.keys, unique=index.unique, where=index.where)
        for c in service.collections
        for index in (BY_TOWN, *c.indexes)
    ]
    left = [IndexSpec(c.name, keys) for c in service.collections for keys in c.left]
    if await dumps.unfinished(db) is not None:
        raise CannotStart(f"{service.name} 的数据库还没有恢复完，请再执行一次 lvzhi restore")
    # Migrations first: old records may violate a new index.
    await mongo.migrate(db, service.migrations)
    await mongo.prepare(
        db,
        [*names, *(c.name for c in service.collections)],
        [*indexes, *inboxes.INDEXES, *idempotency.INDEXES],
        left,
    )
    if service.prepare is not None:
        await service.prepare(db)
    if reencrypted := await reencrypt(db, service.collections, vault):
        log.info("values re-encrypted", values=reencrypted)
    return Store(
        db,
        service=service.name,
        collections=service.collections,
        clock=clock,
        vault=vault,
        trouble=trouble,
    )


async def _hand_over(relay: Relay, presence: Presence) -> None:
    """Publish the remaining events, so that a planned stop leaves none; then give up leadership."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await presence.beat()  # the last one may be long ago: commits were waited for
            if relay.leading and relay.transport.healthy:
                await relay.finish()
            await presence.leave()
    except Exception as error:
        log.warning("stopped with unpublished events", reason=error)
