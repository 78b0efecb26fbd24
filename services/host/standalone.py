"""All services in one process on one port, with embedded stores where no URL says otherwise."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from services.accounts import app as accounts
from services.accounts.domain import rights
from services.accounts.errors import WrongState
from services.accounts.handlers import recovery
from services.accounts.pages import addresses
from services.accounts.settings import Settings as AccountsSettings
from services.activities import app as activities
from services.activities.settings import Settings as ActivitiesSettings
from services.console import app as console
from services.console.settings import Settings as ConsoleSettings
from services.console.visit import Console
from services.host.backup import places
from services.host.backup.schedule import drills
from services.host.contract import add_contract
from services.host.embedded import EmbeddedFailed, EmbeddedMongo, free_port
from services.host.front import front_page
from services.host.lock import FolderLock
from services.host.problems import add_problems
from services.host.sandbox import Sandbox
from services.host.watchdog import Watchdog
from services.ratings import app as ratings
from services.ratings.settings import Settings as RatingsSettings
from services.reports import app as reports
from services.reports.settings import Settings as ReportsSettings
from services.roster import app as roster
from services.roster.settings import Settings as RosterSettings
from shared.clock import Backoff
from shared.errors import CannotStart, Unavailable
from shared.process.runtime import running
from shared.process.serve import (
    add_service,
    check_port,
    head_keys,
    key_store,
    listening,
    part_keys,
    service_edge,
    started,
    url_of,
    vault_of,
    verifier_of,
)
from shared.process.service import Running, Service
from shared.settings import Settings
from shared.storage import mongo
from shared.storage.units import Trouble
from shared.transport import Transport
from shared.transport.memory import MemoryBroker, MemoryTransport
from shared.transport.rabbit import RabbitTransport

_SOURCE: Final = f"X-Lvzhi-{secrets.token_hex(16)}"
"""In which the console tells accounts where a sign-in comes from; nobody else knows its name."""


def services(settings: Settings) -> tuple[Service, ...]:
    """The definitions of all services, each with its own settings class; common settings are those given."""
    return (
        roster.build(RosterSettings.from_common(settings)),
        activities.build(ActivitiesSettings.from_common(settings)),
        ratings.build(RatingsSettings.from_common(settings)),
        reports.build(ReportsSettings.from_common(settings)),
        accounts.build(_accounts_settings(settings)),
    )


def _accounts_settings(settings: Settings) -> AccountsSettings:
    """In links and letters stands the address that is listened at, unless another is set."""
    own = AccountsSettings.from_common(settings)
    updates = {"source_header": _SOURCE}
    if "public_url" not in own.model_fields_set:
        updates["public_url"] = url_of(settings.host, settings.port, to_others=True)
    return own.model_copy(update=updates)


def _console_settings(settings: Settings) -> ConsoleSettings:
    """The console asks the services on the same port, and tells accounts where a sign-in comes from."""
    own = ConsoleSettings.from_common(settings)
    here = url_of(settings.host, settings.port)
    updates = {"services_url": here, "source_header": "", "source_as": _SOURCE}
    if "public_url" not in own.model_fields_set:
        updates["public_url"] = url_of(settings.host, settings.port, to_others=True)
    return own.model_copy(update=updates)


async def first_set_up(system: "System") -> str | None:
    """The one-time address at which the first account is made; None where there are accounts. Waits while the database
    is away."""
    store, backoff = system.services["accounts"].store, Backoff(0.5, 5.0)
    while True:
        try:
            _, code = await store.execute(town=rights.INSTALLATION, actor="lvzhi", run=recovery.first_set_up)
        except WrongState:
            return None
        except Unavailable:
            await backoff.sleep()
        else:
            return addresses.set_up(system.url, code)


@dataclass(frozen=True)
class System:
    """A running system: its URL, and its services by name.

    `watch` ends only with CannotStart, when the embedded database cannot be restarted; None for another database.
    """

    url: str
    services: dict[str, Running]
    watch: asyncio.Task[None] | None
    console: Console


@asynccontextmanager
async def running_system(settings: Settings, sandbox: Sandbox | None = None) -> AsyncIterator[System]:
    """Run all services within the block, and the page of a sandbox; data and keys are in `settings.data_dir`."""
    async with AsyncExitStack() as stack:
        settings = settings.model_copy(update={"port": settings.port or free_port()})
        _check_free(settings)
        mongo_url, watchdog = _database(settings, stack)
        definitions = services(settings)
        new_transport = await _transports(settings, definitions)
        part_keys(settings, [service.name for service in definitions])
        key_store(settings)
        app, verifier = service_edge(settings), verifier_of(settings)
        _add_own_pages(app, definitions, sandbox)
        vault = vault_of(settings, own=True)
        with _damage_told(watchdog):
            opening = console.running(_console_settings(settings), mongo_url, vault)
            pages = await stack.enter_async_context(opening)
            console.add_pages(app, pages)
            services_running: dict[str, Running] = {}
            for service in definitions:
                service_transport = await stack.enter_async_context(started(new_transport(service.name)))
                services_running[service.name] = await stack.enter_async_context(
                    running(
                        service,
                        mongo_url=mongo_url,
                        transport=service_transport,
                        database=f"{settings.database_prefix}{service.name}",
                        vault=vault,
                        trouble=Trouble(watchdog.trouble if watchdog is not None else None),
                    )
                )
                if watchdog is not None:
                    watchdog.presences.append(services_running[service.name].presence)
                add_service(app, services_running[service.name], verifier, head_keys(service))
        url = await stack.enter_async_context(listening(app, settings.host, settings.port))
        stack.enter_context(drills(settings))
        watch = asyncio.create_task(watchdog.run(), name="watchdog") if watchdog is not None else None
        try:
            yield System(url, services_running, watch, pages)
        finally:
            if watch is not None:
                watch.cancel()


@contextmanager
def _damage_told(watchdog: Watchdog | None) -> Iterator[None]:
    """An error of the embedded database at the start stays, other than one of a network. Errors: EmbeddedFailed."""
    try:
        yield
    except mongo.Failed as error:
        if watchdog is None or (watchdog.server.running and mongo.is_temporary(error)):
            raise
        store, log = watchdog.server.folder, watchdog.server.log
        raise EmbeddedFailed(
            f"数据库打开了又报错（{type(error).__name__}），{store} 里可能有文件丢失或者损坏，原因见 {log}。"
            "先把整个数据文件夹另存一份，再从备份恢复到一个新的：lvzhi restore 备份的文件夹 --data 新的文件夹"
        ) from error


def _check_free(settings: Settings) -> None:
    """Check the port before a database is started. A folder in use is worse, and is told by who opens it."""
    if not FolderLock(settings.data_dir / "store").is_held():
        check_port(settings.host, settings.port)


def _add_own_pages(app: web.Application, definitions: Sequence[Service], sandbox: Sandbox | None) -> None:
    """What belongs to no service."""
    app.router.add_get("/docs", front_page)
    add_contract(app)
    add_problems(app, lambda: definitions)
    if sandbox is not None:
        sandbox.add_to(app)


def _database(settings: Settings, stack: AsyncExitStack) -> tuple[str, Watchdog | None]:
    """The URL of the database, and who watches it where it is embedded. Errors: CannotStart."""
    if settings.database is not None:
        return settings.database, None
    if lost := places.lost(settings.data_dir):
        raise CannotStart(lost)
    embedded = EmbeddedMongo(settings.data_dir / "store")
    url = embedded.start()
    stack.callback(embedded.stop)
    return url, Watchdog(embedded)


async def _transports(settings: Settings, definitions: Sequence[Service]) -> Callable[[str], Transport]:
    """A function that makes the transport of a service: RabbitMQ where the settings name a broker, else memory.

    In memory all queues are bound before the first service starts, because earlier events would not reach them.
    """
    if (url := settings.broker) is not None:
        return lambda name: RabbitTransport(url, service=name, namespace=settings.broker_namespace)
    broker = MemoryBroker()
    binder = MemoryTransport(broker)
    await binder.start()
    for service in definitions:
        await binder.subscribe(service.name, service.subscription.bindings)
    await binder.stop()
    return lambda _name: MemoryTransport(broker)
