"""Partitions of a queue on RabbitMQ: a town stays in order whoever serves it, and however their number changes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import aio_pika
import pytest

from shared.transport import Delivery, Message, Partitions
from shared.transport.rabbit import RabbitTransport
from shared.transport.rabbit.queue import RabbitQueue
from tests.integration.transport.conftest import take
from tests.probes import eventually

ALL = ("roster.#",)
TOWNS = [f"34028{number}" for number in range(1, 25)]
EACH = 10
THREE = Partitions(3)

pytestmark = pytest.mark.rabbit


class Stand:
    """Replicas of `reports` with partitions, and a publisher that never stops."""

    def __init__(self, url: str, namespace: str) -> None:
        self.url, self.namespace = url, namespace
        self._running: list[RabbitTransport] = []
        self._sent = 0

    async def start(self, service: str = "reports") -> RabbitTransport:
        transport = RabbitTransport(self.url, service=service, namespace=self.namespace)
        await transport.start()
        self._running.append(transport)
        return transport

    async def replica(self, partitions: Partitions) -> RabbitQueue:
        return await (await self.start()).subscribe("reports", ALL, partitions)

    async def publish(self, each: int = EACH) -> None:
        """So many messages of each town in turn, numbered from the first."""
        roster = await self.start("roster")
        messages = [
            Message("roster.person.registered.v1", b"{}", f"{town}#{self._sent + number}", town)
            for number in range(each)
            for town in TOWNS
        ]
        self._sent += each
        await roster.publish(messages)

    async def stop(self, *queues: RabbitQueue) -> None:
        """The process ends: what it has in hand is redelivered."""
        for transport in [t for t in self._running if not queues or set(t._queues) & set(queues)]:
            self._running.remove(transport)
            await transport.stop()

    async def waiting(self, number: int) -> dict[str, int]:
        """Messages by queue; queues that do not exist are left out."""
        found: dict[str, int] = {}
        names = [
            f"{self.namespace}.reports.inbox{'' if number == 1 else f'.{number}.{p}'}" for p in range(number)
        ]
        async with await aio_pika.connect(self.url) as connection:
            for name in names:
                channel = await connection.channel()
                try:
                    queue = await channel.declare_queue(name, passive=True)
                except aio_pika.exceptions.ChannelNotFoundEntity:
                    continue
                found[name] = queue.declaration_result.message_count or 0
        return found


@pytest.fixture
async def stand(amqp_url: str, namespace: str) -> AsyncIterator[Stand]:
    stand = Stand(amqp_url, namespace)
    yield stand
    await stand.stop()


def in_order(deliveries: Sequence[Delivery]) -> dict[str, list[int]]:
    """The numbers of each town, in order of arrival."""
    numbers: dict[str, list[int]] = {}
    for delivery in deliveries:
        town, _, number = delivery.id.partition("#")
        numbers.setdefault(town, []).append(int(number))
    return numbers


async def test_one_partition_is_the_queue_there_was_and_needs_no_plugin(stand: Stand) -> None:
    queue = await stand.replica(Partitions())
    await stand.publish(each=1)
    assert len(await take(queue, len(TOWNS))) == len(TOWNS)
    assert await stand.waiting(1) == {f"{stand.namespace}.reports.inbox": 0}
    async with await aio_pika.connect(stand.url) as connection:
        channel = await connection.channel()
        with pytest.raises(aio_pika.exceptions.ChannelNotFoundEntity):
            await channel.declare_exchange(f"{stand.namespace}.reports.inbox.1", passive=True)


async def test_every_town_is_in_one_partition_and_each_partition_has_some(stand: Stand) -> None:
    queue = await stand.replica(THREE)
    await stand.publish()
    waiting = await stand.waiting(3)
    assert sum(waiting.values()) == EACH * len(TOWNS)
    assert all(waiting.values())
    assert all(count % EACH == 0 for count in waiting.values())
    await queue.serve(frozenset({0, 1, 2}))
    taken = in_order(await take(queue, EACH * len(TOWNS)))
    assert taken == {town: list(range(EACH)) for town in TOWNS}


async def test_replicas_share_the_partitions(stand: Stand) -> None:
    first, second = await stand.replica(THREE), await stand.replica(THREE)
    await stand.publish()
    own = (await stand.waiting(3))[f"{stand.namespace}.reports.inbox.3.1"]
    await first.serve(frozenset({0, 2}))
    await second.serve(frozenset({1}))
    by_second = in_order(await take(second, own))
    by_first = in_order(await take(first, EACH * len(TOWNS) - own))
    assert not by_first.keys() & by_second.keys()
    assert by_first | by_second == {town: list(range(EACH)) for town in TOWNS}


async def test_a_partition_that_is_given_up_goes_on_in_order_elsewhere(stand: Stand) -> None:
    """Also where the one who gives it up has messages in hand, and where both think it theirs for a while."""
    first, second = await stand.replica(THREE), await stand.replica(THREE)
    every = frozenset({0, 1, 2})
    await first.serve(every)
    await stand.publish()
    in_hand = await take(first, 50, ack=False)
    await second.serve(every)  # the broker has one active consumer of each
    await first.serve(frozenset())
    taken = in_order(await take(second, EACH * len(TOWNS)))
    assert taken == {town: list(range(EACH)) for town in TOWNS}
    await first.ack(in_hand)  # too late, and without effect
    await stand.publish(each=1)
    assert in_order(await take(second, len(TOWNS))) == {town: [EACH] for town in TOWNS}


@pytest.mark.parametrize(("before", "after"), [(1, 3), (3, 2), (3, 1)])
async def test_a_change_of_the_number_loses_and_reorders_nothing(
    stand: Stand, before: int, after: int
) -> None:
    earlier = await stand.replica(Partitions(before))
    await earlier.serve(frozenset(range(before)))
    await stand.publish()
    await take(earlier, 30, ack=False)
    await stand.stop(earlier)

    changed = Partitions(after, former=(before,))
    first, second = await stand.replica(changed), await stand.replica(changed)
    await stand.publish()  # to the new partitions alone
    shares = {first: frozenset(range(0, after, 2)), second: frozenset(range(1, after, 2))}
    if after == 1:
        shares[second] = shares[first]
    taken: list[Delivery] = []
    working = [asyncio.create_task(_work(queue, taken)) for queue in (first, second)]
    try:

        async def changed_over() -> bool:
            return all([await queue.serve(share) for queue, share in shares.items()])

        await eventually(changed_over, every=0.2)
        await eventually(lambda: len({d.id for d in taken}) == 2 * EACH * len(TOWNS))
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
    firsts = in_order(list({d.id: d for d in taken}.values()))
    if after > 1:  # replicas take the messages of one queue in turns
        assert firsts == {town: list(range(2 * EACH)) for town in TOWNS}
    assert Counter(d.id for d in taken).most_common(1)[0][1] == 1
    assert await stand.waiting(before) == {}


async def _work(queue: RabbitQueue, taken: list[Delivery]) -> None:
    while True:
        batch = await queue.batch()
        taken += batch
        await queue.ack(batch)


async def test_replicas_of_the_former_number_are_waited_for(stand: Stand) -> None:
    old = await stand.replica(Partitions())
    new = await stand.replica(Partitions(3, former=(1,)))
    assert not await new.serve(frozenset({0, 1, 2}))
    await eventually(lambda: new.connection.channel is not None)
    assert not await new.serve(frozenset({0, 1, 2}))
    assert await stand.waiting(1) == {f"{stand.namespace}.reports.inbox": 0}
    await stand.stop(old)

    async def changed_over() -> bool:
        return await new.serve(frozenset({0, 1, 2}))

    await eventually(changed_over, every=0.2)
    assert await stand.waiting(1) == {}
