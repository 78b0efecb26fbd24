"""The two toys at work over each transport."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from shared.runtime import Running, Service, running
from shared.transport import Transport
from shared.transport.memory import MemoryBroker, MemoryTransport
from shared.transport.rabbit import RabbitTransport

Start = Callable[[Service], Awaitable[Running]]


@pytest.fixture(params=["memory", "rabbit"])
def carriers(request: pytest.FixtureRequest) -> Callable[[str], Transport]:
    if request.param == "memory":
        broker = MemoryBroker()
        return lambda _service: MemoryTransport(broker)
    url = request.getfixturevalue("amqp_url")
    return lambda service: RabbitTransport(url, service=service)


@pytest.fixture
async def start(
    mongo_url: str, database_prefix: str, carriers: Callable[[str], Transport]
) -> AsyncIterator[Start]:
    """Start a replica of a service; all stop with the test."""
    async with AsyncExitStack() as stack:

        async def starting(service: Service) -> Running:
            carrier = carriers(service.name)
            await carrier.start()
            stack.push_async_callback(carrier.stop)
            return await stack.enter_async_context(
                running(
                    service,
                    mongo_url=mongo_url,
                    transport=carrier,
                    database=f"{database_prefix}{service.name}",
                )
            )

        yield starting
