"""Names and declarations of exchanges and queues, the same on RabbitMQ 3.10 and 4.x."""

from collections.abc import Sequence

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractQueue

# A backstop only: consumers park what they cannot apply. RabbitMQ 4.x defaults to 20, and from 4.3 on counts failed
# deliveries alone: not those that ended with their consumer or its time limit.
DELIVERY_LIMIT = 1_000
# Reading a dead letter delivers it; no number of reads may lose it.
_ENDLESS = 1_000_000_000
_UNROUTED_KEPT = 100_000
TOWN = "town"
"""The header by which messages are distributed over partitions."""


class Names:
    """Names of exchanges, queues and connections. The namespace prefixes them all, so that installations can share
    a node."""

    def __init__(self, namespace: str) -> None:
        self._prefix = f"{namespace}." if namespace else ""
        self.events = f"{self._prefix}lvzhi.events"
        self.unrouted = f"{self._prefix}lvzhi.unrouted"

    def queue(self, service: str) -> str:
        return f"{self._prefix}{service}.inbox"

    def hashing(self, service: str, number: int) -> str:
        """The exchange that distributes a service's messages over so many partitions."""
        return f"{self.queue(service)}.{number}"

    def partitions(self, service: str, number: int) -> list[str]:
        """The queues of a service. A single one has the name and arguments it always had."""
        if number == 1:
            return [self.queue(service)]
        return [f"{self.hashing(service, number)}.{partition}" for partition in range(number)]

    def change(self, service: str) -> str:
        """The queue whose owner alone consumes what former partitions still hold."""
        return f"{self.queue(service)}.change"

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


async def declare_partitions(
    channel: AbstractChannel, names: Names, service: str, number: int
) -> list[AbstractQueue]:
    """Declare the queues of a service with everything they refer to. One of several has a single active consumer."""
    await declare_events(channel, names)
    await declare_dead_letters(channel, names, service)
    several = {} if number == 1 else {"single_active_consumer": True}
    return [
        await _quorum(
            channel,
            name,
            delivery_limit=DELIVERY_LIMIT,
            dead_letter_exchange="",  # the default exchange, by queue name
            dead_letter_routing_key=names.dead_letters(service),
            **several,
        )
        for name in names.partitions(service, number)
    ]


async def bind(
    channel: AbstractChannel,
    names: Names,
    service: str,
    queues: Sequence[AbstractQueue],
    bindings: Sequence[str],
) -> None:
    """Have the events of these topic patterns distributed over the queues of a service, by town."""
    if len(queues) == 1:
        for binding in bindings:
            await queues[0].bind(names.events, binding)
        return
    hashing = await channel.declare_exchange(
        names.hashing(service, len(queues)),
        ExchangeType.X_CONSISTENT_HASH,
        durable=True,
        arguments={"hash-header": TOWN},
    )
    for queue in queues:
        await queue.bind(hashing, "1")  # its weight
    for binding in bindings:
        await hashing.bind(names.events, binding)


async def unbind(
    channel: AbstractChannel,
    names: Names,
    service: str,
    queues: Sequence[AbstractQueue],
    bindings: Sequence[str],
) -> None:
    """Let no further events reach the queues of a service."""
    if len(queues) > 1:
        await channel.exchange_delete(names.hashing(service, len(queues)))
        return
    for binding in bindings:
        await queues[0].unbind(names.events, binding)


async def _quorum(channel: AbstractChannel, name: str, **arguments: str | int | bool) -> AbstractQueue:
    quorum: dict[str, str | int | bool] = {"x-queue-type": "quorum"}
    quorum |= {f"x-{key.replace('_', '-')}": value for key, value in arguments.items()}
    return await channel.declare_queue(name, durable=True, arguments=quorum)  # type: ignore[arg-type]
