"""All four services in one process on one port, with embedded stores where no URL says otherwise."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from services.activities import app as activities
from services.activities.settings import Settings as ActivitiesSettings
from services.host.embedded import EmbeddedMongo
from services.ratings import app as ratings
from services.ratings.settings import Settings as RatingsSettings
from services.reports import app as reports
from services.reports.settings import Settings as ReportsSettings
from services.roster import app as roster
from services.roster.settings import Settings as RosterSettings
from shared.process.runtime import running
from shared.process.serve import (
    add_service,
    key_store,
    listening,
    service_edge,
    started,
    vault_of,
    verifier_of,
)
from shared.process.service import Running, Service
from shared.settings import Settings
from shared.transport import Transport
from shared.transport.memory import MemoryBroker, MemoryTransport
from shared.transport.rabbit import RabbitTransport


def services(settings: Settings) -> tuple[Service, ...]:
    """All four, each with its own settings class: what they have in common is as `settings` says."""
    return (
        roster.build(RosterSettings.from_common(settings)),
        activities.build(ActivitiesSettings.from_common(settings)),
        ratings.build(RatingsSettings.from_common(settings)),
        reports.build(ReportsSettings.from_common(settings)),
    )


@dataclass(frozen=True)
class Standing:
    """The system at work: where it listens, and its services by name."""

    url: str
    services: dict[str, Running]


@asynccontextmanager
async def standing(settings: Settings) -> AsyncIterator[Standing]:
    """Run everything within the block; data and keys lie in `settings.data_dir`."""
    async with AsyncExitStack() as stack:
        mongo_url = _mongo(settings, stack)
        built = services(settings)
        transport = await _transports(settings, built)
        app, verifier = service_edge(key_store(settings)), verifier_of(settings)
        vault = vault_of(settings, own=True)
        alive: dict[str, Running] = {}
        for service in built:
            carrier = await stack.enter_async_context(started(transport(service.name)))
            alive[service.name] = await stack.enter_async_context(
                running(
                    service,
                    mongo_url=mongo_url,
                    transport=carrier,
                    database=f"{settings.database_prefix}{service.name}",
                    vault=vault,
                )
            )
            add_service(app, alive[service.name], verifier)
        url = await stack.enter_async_context(listening(app, settings.host, settings.port))
        yield Standing(url, alive)


def _mongo(settings: Settings, stack: AsyncExitStack) -> str:
    if settings.mongodb_url is not None:
        return settings.mongodb_url.get_secret_value()
    embedded = EmbeddedMongo(settings.data_dir / "store")
    stack.callback(embedded.stop)
    return embedded.start()


async def _transports(settings: Settings, built: Sequence[Service]) -> Callable[[str], Transport]:
    """How each service gets its own carrier: through the broker named, else through memory.

    In memory every inbox is bound before the first service speaks, or it would miss what was said until then.
    """
    if settings.amqp_url is not None:
        url = settings.amqp_url.get_secret_value()
        return lambda name: RabbitTransport(url, service=name, namespace=settings.broker_namespace)
    broker = MemoryBroker()
    binder = MemoryTransport(broker)
    await binder.start()
    for service in built:
        await binder.subscribe(service.name, service.subscription.bindings)
    await binder.stop()
    return lambda _name: MemoryTransport(broker)
