"""Replicas that share the partitions of a service: each town is relayed and applied by one of them, and by another when
it is gone; the number of partitions changes between two starts."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from shared.process.service import Running, Service
from shared.settings import Settings
from shared.transport import Transport
from shared.transport.rabbit import RabbitTransport
from shared.transport.rabbit.queue import RabbitQueue
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start, Stop
from tests.integration.shared.toys import COPIES
from tests.probes import eventually

TOWNS = [f"34028{number}" for number in range(1101, 1113)]

pytestmark = pytest.mark.rabbit


@pytest.fixture
def new_transport(amqp_url: str, namespace: str) -> Callable[[str], Transport]:
    return lambda service: RabbitTransport(amqp_url, service=service, namespace=namespace)


def parted(service: Service, number: int) -> Service:
    return replace(service, settings=Settings(partitions=number))


async def light_everywhere(lamps: Running, name: str) -> None:
    await asyncio.gather(
        *(
            lamps.store.execute(town=town, actor="tester", run=partial(toys.light, name=name))
            for town in TOWNS
        )
    )


async def seen_everywhere(watch: Running, *names: str) -> bool:
    copies = [
        sorted(copy.name for copy in await watch.store.reading(town, "tester").find(COPIES)) for town in TOWNS
    ]
    return copies == [sorted(names)] * len(TOWNS)


def _served(watch: Running) -> frozenset[int]:
    assert isinstance(watch.consumer.queue, RabbitQueue)
    return watch.consumer.queue._served


async def test_replicas_share_the_towns_and_take_over_from_each_other(start: Start, stop: Stop) -> None:
    watches = [await start(parted(toys.watch(), 3)) for _ in range(2)]
    lamps = [await start(parted(toys.lamps(), 3)) for _ in range(2)]

    def shared() -> bool:
        """both services' partitions, between their replicas"""
        relayed, served = [one.relay.share() for one in lamps], [_served(one) for one in watches]
        return all(
            first | second == {0, 1, 2} and len(first) + len(second) == 3 and first and second
            for first, second in (relayed, served)
        )

    await eventually(shared)
    assert [sum(one.serves(town) for one in lamps) for town in TOWNS] == [1] * len(TOWNS)
    await light_everywhere(lamps[0], "north")
    await eventually(lambda: seen_everywhere(watches[0], "north"))
    assert all(one.relay.published for one in lamps)
    assert all(one.consumer.applied for one in watches)
    await stop(watches.pop(0))
    await stop(lamps.pop(0))
    await light_everywhere(lamps[0], "south")
    await eventually(lambda: seen_everywhere(watches[0], "north", "south"))
    assert lamps[0].relay.share() == {0, 1, 2}
    assert all(not mark.missing() for mark in (await watches[0].inbox.marks()).values())


async def test_the_number_changes_between_two_starts(start: Start, stop: Stop) -> None:
    lamps = await start(toys.lamps())
    watch = await start(toys.watch())
    names = [f"lamp {number}" for number in range(3)]
    for name, number in zip(names, (3, 2, 1), strict=True):
        await stop(watch)
        await light_everywhere(lamps, name)  # waits in the partitions of before
        watch = await start(parted(toys.watch(), number))
        partitions = watch.store.database["partitions"]
        assert (await partitions.find_one({}) or {})["number"] == number

        async def changed_over() -> bool:
            document = await partitions.find_one({})  # noqa: B023 - awaited within this turn of the loop
            return document is not None and document["former"] == []

        await eventually(changed_over)
        seen = names[: names.index(name) + 1]
        await eventually(partial(seen_everywhere, watch, *seen))
    assert all(not mark.missing() for mark in (await watch.inbox.marks()).values())
