"""A broker that loses its data while the services run: what it had confirmed and nobody received is asked for."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable

import pytest

from shared.events import relay as relays
from shared.transport.rabbit import RabbitTransport
from tests.fixtures.rabbit import RabbitNode
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start, Stop
from tests.integration.shared.test_chain import copies, light
from tests.probes import eventually

pytestmark = [pytest.mark.rabbit, pytest.mark.own_servers, pytest.mark.nightly]


@pytest.fixture
async def node(rabbit: RabbitNode) -> AsyncIterator[RabbitNode]:
    """Leaves the session's node running whatever the test did to it."""
    yield rabbit
    if not rabbit.running:
        await asyncio.to_thread(rabbit.start)


@pytest.fixture
def new_transport(node: RabbitNode, namespace: str) -> Callable[[str], RabbitTransport]:
    return lambda service: RabbitTransport(node.url, service=service, namespace=namespace)


def lose_data(node: RabbitNode) -> None:
    node.stop()
    shutil.rmtree(node.folder / "mnesia")
    node.start()


async def test_messages_that_a_broker_lost_are_asked_for_without_a_start_or_an_entry(
    start: Start, stop: Stop, node: RabbitNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "ALONE_SECONDS", 0.1)
    lamps, watch = await start(toys.lamps()), await start(toys.watch())
    await light(lamps, "north")
    await eventually(lambda: watch.consumer.applied == 1)
    await stop(watch)
    await light(lamps, "south")
    await light(lamps, "east")
    await eventually(lambda: lamps.relay.published >= 3)
    before = lamps.relay.published
    await asyncio.to_thread(lose_data, node)
    await eventually(lambda: lamps.relay.published > before)  # to no queue: nobody has declared one yet

    watch = await start(toys.watch())
    lamps.relay._announced_again = 0.0  # a minute later

    async def all_copied() -> bool:
        return sorted(await copies(watch)) == ["east", "north", "south"]

    await eventually(all_copied)
