"""The definition of a service (`Service`) and a running instance of it (`Running`)."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from shared.events.consumer import Consumer
from shared.events.dead_letters import DeadLetters
from shared.events.inbox import Inbox
from shared.events.partitions import partition_of
from shared.events.rebuild import ReadModel
from shared.events.relay import Relay
from shared.events.subscription import Subscription
from shared.http import Api
from shared.process.supervision import Supervisor
from shared.settings import Settings
from shared.storage import mongo
from shared.storage.presence import Presence
from shared.storage.store import Store
from shared.storage.work import Collection
from shared.transport import Transport

STALLED_SECONDS: Final = 120.0
"""A task whose turn goes without progress for so long is not at work, whatever it waits for."""


@dataclass(frozen=True)
class Service:
    """The definition of a service, built in its `app.py`. `published`: every event type it publishes, with the model
    of its data. `prepare` runs at each start, before the service does anything else with its database. `issues_tokens`:
    the keys that sign tokens are this service's."""

    name: str
    api: Api
    settings: Settings
    collections: tuple[Collection[Any], ...]
    published: Mapping[str, type[BaseModel]]
    subscription: Subscription = field(default_factory=Subscription)
    tasks: tuple[Callable[["Running"], Coroutine[Any, Any, None]], ...] = ()
    migrations: tuple[mongo.Migration, ...] = ()
    read_model: ReadModel | None = None
    prepare: Callable[[mongo.Database], Awaitable[None]] | None = None
    issues_tokens: bool = False


@dataclass
class Running:
    """A running instance of a service."""

    service: Service
    store: Store
    inbox: Inbox
    relay: Relay
    consumer: Consumer
    dead_letters: DeadLetters
    transport: Transport
    presence: Presence
    supervisor: Supervisor

    def serves(self, town: str) -> bool:
        """Whether background work of a town is this process's. Processes of one partition do not share it: each serves
        all towns. For a moment two processes may serve a town, or none."""
        number = self.service.settings.partitions
        return number == 1 or partition_of(town, number) in self.presence.share(number)

    @property
    def turns(self) -> dict[str, float]:
        """Seconds without progress in the present turn, by task; 0 where it waits for work."""
        return {"consumer": self.consumer.turn.seconds, "relay": self.relay.turn.seconds}

    async def ready(self) -> dict[str, bool]:
        """Readiness by dependency: `database` (writable), `broker` (connected), `tasks` (running, none stalled) and
        `disk` (has room) where this process runs the database."""
        return {
            "database": self.presence.writable,
            "broker": self.transport.healthy,
            "tasks": not self.supervisor.down and max(self.turns.values()) < STALLED_SECONDS,
            **self.store.trouble.needs,
        }
