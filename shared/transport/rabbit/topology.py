"""Names and declarations of exchanges and queues, the same on RabbitMQ 3.10 and 4.x."""

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractQueue

# A backstop only: consumers park what they cannot apply. RabbitMQ 4.x defaults to 20.
DELIVERY_LIMIT = 1_000
# Reading a dead letter delivers it; no number of reads may lose it.
_ENDLESS = 1_000_000_000
_UNROUTED_KEPT = 100_000


class Names:
    """Names of exchanges, queues and connections. The namespace prefixes them all, so that installations can share
    a node."""

    def __init__(self, namespace: str) -> None:
        self._prefix = f"{namespace}." if namespace else ""
        self.events = f"{self._prefix}lvzhi.events"
        self.unrouted = f"{self._prefix}lvzhi.unrouted"

    def queue(self, service: str) -> str:
        return f"{self._prefix}{service}.inbox"

    def dead_letters(self, service: str) -> str:
        return f"{self.queue(service)}.dead"

    def connection(self, service: str, purpose: str) -> str:
        return f"{self._prefix}lvzhi.{service}.{purpose}"


async def declare_events(channel: AbstractChannel, names: Names) -> None:
    """Declare the topic exchange of events, and the alternate exchange with the queue for unrouted events."""
    fanout = await channel.declare_exchange(names.unrouted, ExchangeType.FANOUT, durable=True)
    await (await declare_unrouted(channel, names)).bind(fanout)
    await channel.declare_exchange(
        names.events, ExchangeType.TOPIC, durable=True, arguments={"alternate-exchange": names.unrouted}
    )


async def declare_unrouted(channel: AbstractChannel, names: Names) -> AbstractQueue:
    """Declare the queue of the events that no queue was bound to."""
    return await _quorum(channel, names.unrouted, max_length=_UNROUTED_KEPT, delivery_limit=_ENDLESS)


async def declare_dead_letters(channel: AbstractChannel, names: Names, service: str) -> AbstractQueue:
    """Declare the queue of a service's dead letters."""
    return await _quorum(channel, names.dead_letters(service), delivery_limit=_ENDLESS)


async def declare_queue(channel: AbstractChannel, names: Names, service: str) -> AbstractQueue:
    """Declare a service's queue with everything it refers to."""
    await declare_events(channel, names)
    await declare_dead_letters(channel, names, service)
    return await _quorum(
        channel,
        names.queue(service),
        delivery_limit=DELIVERY_LIMIT,
        dead_letter_exchange="",  # the default exchange, by queue name
        dead_letter_routing_key=names.dead_letters(service),
    )


async def _quorum(channel: AbstractChannel, name: str, **arguments: str | int) -> AbstractQueue:
    quorum: dict[str, str | int] = {"x-queue-type": "quorum"}
    quorum |= {f"x-{key.replace('_', '-')}": value for key, value in arguments.items()}
    return await channel.declare_queue(name, durable=True, arguments=quorum)  # type: ignore[arg-type]
