"""Exchanges and queues, the same on RabbitMQ 3.10 and 4.x; every service declares what it needs by itself."""

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel, AbstractQueue

# A backstop only: consumers park what they cannot apply. Where none is set, 4.x stops at 20.
DELIVERY_LIMIT = 1_000
# Looking at a dead letter delivers it; no number of looks may lose it.
_ENDLESS = 1_000_000_000
_UNROUTED_KEPT = 100_000


class Names:
    """Names on the broker; the namespace begins them all and keeps installations on one node apart."""

    def __init__(self, namespace: str) -> None:
        self._prefix = f"{namespace}." if namespace else ""
        self.events = f"{self._prefix}lvzhi.events"
        self.unrouted = f"{self._prefix}lvzhi.unrouted"

    def inbox(self, service: str) -> str:
        return f"{self._prefix}{service}.inbox"

    def dead(self, service: str) -> str:
        return f"{self.inbox(service)}.dead"

    def connection(self, service: str, purpose: str) -> str:
        return f"{self._prefix}lvzhi.{service}.{purpose}"


async def declare_events(channel: AbstractChannel, names: Names) -> None:
    fanout = await channel.declare_exchange(names.unrouted, ExchangeType.FANOUT, durable=True)
    await (await declare_unrouted(channel, names)).bind(fanout)
    await channel.declare_exchange(
        names.events, ExchangeType.TOPIC, durable=True, arguments={"alternate-exchange": names.unrouted}
    )


async def declare_unrouted(channel: AbstractChannel, names: Names) -> AbstractQueue:
    return await _quorum(channel, names.unrouted, max_length=_UNROUTED_KEPT, delivery_limit=_ENDLESS)


async def declare_dead(channel: AbstractChannel, names: Names, service: str) -> AbstractQueue:
    return await _quorum(channel, names.dead(service), delivery_limit=_ENDLESS)


async def declare_inbox(channel: AbstractChannel, names: Names, service: str) -> AbstractQueue:
    await declare_events(channel, names)
    await declare_dead(channel, names, service)
    return await _quorum(
        channel,
        names.inbox(service),
        delivery_limit=DELIVERY_LIMIT,
        dead_letter_exchange="",  # the default exchange, by queue name
        dead_letter_routing_key=names.dead(service),
    )


async def _quorum(channel: AbstractChannel, name: str, **arguments: str | int) -> AbstractQueue:
    quorum: dict[str, str | int] = {"x-queue-type": "quorum"}
    quorum |= {f"x-{key.replace('_', '-')}": value for key, value in arguments.items()}
    return await channel.declare_queue(name, durable=True, arguments=quorum)  # type: ignore[arg-type]
