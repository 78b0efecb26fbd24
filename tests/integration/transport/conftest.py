"""Fixtures of the transport conformance suite: either broker behind one interface, and helpers to consume."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from shared.transport import Delivery, Message, Queue, Transport
from shared.transport.memory import MemoryBroker, MemoryTransport
from shared.transport.rabbit import RabbitTransport
from tests.probes import PATIENCE


@dataclass
class Stand:
    """Starts transports on one broker, and stops those still running at the end."""

    make: Callable[[str], Transport]
    namespace: str = ""
    running: list[Transport] = field(default_factory=list)

    async def start(self, service: str = "roster") -> Transport:
        transport = self.make(service)
        await transport.start()
        self.running.append(transport)
        return transport

    async def stop(self, transport: Transport) -> None:
        self.running.remove(transport)
        await transport.stop()


@pytest.fixture(params=["memory", pytest.param("rabbit", marks=pytest.mark.rabbit)])
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    if request.param == "memory":
        broker = MemoryBroker()
        stand = Stand(lambda _: MemoryTransport(broker))
    else:
        stand = rabbit_stand(request.getfixturevalue("amqp_url"), request.getfixturevalue("namespace"))
    yield stand
    for transport in stand.running:
        await transport.stop()


def rabbit_stand(url: str, namespace: str) -> Stand:
    return Stand(lambda service: RabbitTransport(url, service=service, namespace=namespace), namespace)


def message(number: int, type: str = "roster.person.registered.v1") -> Message:
    return Message(type, b'{"n":%d}' % number, f"id-{number}")


def numbers(deliveries: Sequence[Message]) -> list[int]:
    return [int(d.id.removeprefix("id-")) for d in deliveries]


async def take(queue: Queue, count: int, *, ack: bool = True, limit: int = 100) -> list[Delivery]:
    """Consume `count` deliveries, in the order of arrival."""
    taken: list[Delivery] = []
    async with asyncio.timeout(PATIENCE):
        while len(taken) < count:
            batch = await queue.batch(min(limit, count - len(taken)))
            if ack:
                await queue.ack(batch)
            taken += batch
    return taken


async def nothing_comes(queue: Queue) -> bool:
    """Whether no delivery arrives for 0.3 seconds."""
    try:
        async with asyncio.timeout(0.3):
            await queue.batch()
    except TimeoutError:
        return True
    return False


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.02)
