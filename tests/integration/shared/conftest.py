"""The two toys at work over each transport."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final

import pytest

from shared.process.runtime import running
from shared.process.service import Running, Service
from shared.storage.encryption import Vault
from shared.transport import Transport
from shared.transport.memory import MemoryBroker, MemoryTransport
from shared.transport.rabbit import RabbitTransport

Start = Callable[[Service], Awaitable[Running]]
VAULT: Final = Vault.from_text(f"k1:{'A' * 43}")
Stop = Callable[[Running], Awaitable[None]]


@pytest.fixture(params=["memory", "rabbit"])
def new_transport(request: pytest.FixtureRequest) -> Callable[[str], Transport]:
    if request.param == "memory":
        broker = MemoryBroker()
        return lambda _service: MemoryTransport(broker)
    url, namespace = request.getfixturevalue("amqp_url"), request.getfixturevalue("namespace")
    return lambda service: RabbitTransport(url, service=service, namespace=namespace)


@pytest.fixture
async def stacks() -> AsyncIterator[dict[int, AsyncExitStack]]:
    """What each started replica holds open, by the identity of its Running."""
    held: dict[int, AsyncExitStack] = {}
    yield held
    for stack in held.values():
        await stack.aclose()


@pytest.fixture
def start(
    mongo_url: str,
    database_prefix: str,
    new_transport: Callable[[str], Transport],
    stacks: dict[int, AsyncExitStack],
) -> Start:
    """Start a replica of a service; all stop with the test."""

    async def starting(service: Service) -> Running:
        transport, stack = new_transport(service.name), AsyncExitStack()
        await transport.start()
        stack.push_async_callback(transport.stop)
        alive = await stack.enter_async_context(
            running(
                service,
                mongo_url=mongo_url,
                transport=transport,
                database=f"{database_prefix}{service.name}",
                vault=VAULT,
            )
        )
        stacks[id(alive)] = stack
        return alive

    return starting


@pytest.fixture
def stop(stacks: dict[int, AsyncExitStack]) -> Stop:
    """Stop one replica as SIGTERM would."""

    async def stopping(alive: Running) -> None:
        await stacks.pop(id(alive)).aclose()

    return stopping
