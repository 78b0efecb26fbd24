"""RabbitMQ away, stopped and killed: publishing says so, and everything goes on by itself."""

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import pairwise

import aio_pika
import pytest

from shared.transport import Partitions, PublishFailed, Queue, Transport
from shared.transport.rabbit import connection
from tests.fixtures.rabbit import RabbitNode
from tests.integration.transport.conftest import (
    Stand,
    message,
    nothing_comes,
    numbers,
    rabbit_stand,
    take,
    until,
)
from tests.probes import PATIENCE

pytestmark = pytest.mark.rabbit

ALL = ("roster.#",)


@pytest.fixture
async def node(rabbit: RabbitNode) -> AsyncIterator[RabbitNode]:
    """Leaves the session's node running whatever the test did to it."""
    yield rabbit
    if rabbit._server is None:
        await asyncio.to_thread(rabbit.start)


@pytest.fixture
async def stand(node: RabbitNode, namespace: str) -> AsyncIterator[Stand]:
    stand = rabbit_stand(node.url, namespace)
    yield stand
    for transport in stand.running:
        await transport.stop()


async def publish_when_back(transport: Transport, first: int, last: int) -> None:
    """As a relay does: the same batch again until it is confirmed."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await transport.publish([message(n) for n in range(first, last)])
            except PublishFailed:
                await asyncio.sleep(0.05)


async def health(transport: Transport, wanted: bool) -> None:
    async def reached() -> bool:
        return transport.healthy is wanted

    await until(reached)


async def take_all(queue: Queue, wanted: range) -> list[int]:
    """Take until each wanted number came at least once; the numbers delivered for the first time, as they came."""
    missing, fresh = set(wanted), list[int]()
    async with asyncio.timeout(PATIENCE):
        while missing:
            batch = await queue.batch()
            missing -= set(numbers(batch))
            fresh += numbers([d for d in batch if not d.redelivered])
            await queue.ack(batch)
    return fresh


async def test_a_broker_stopped_and_started_again(stand: Stand, node: RabbitNode) -> None:
    """Who was connected goes on where he was; who started meanwhile begins."""
    publisher, consumer = await stand.start("roster"), await stand.start("reports")
    queue = await consumer.subscribe("reports", ALL)
    await publisher.publish([message(n) for n in range(10)])
    held = await take(queue, 10, ack=False)
    await queue.ack(held[:4])

    await asyncio.to_thread(node.stop)
    await health(publisher, wanted=False)
    await health(consumer, wanted=False)
    with pytest.raises(PublishFailed):
        await publisher.publish([message(10)])
    newcomer = await stand.start("ratings")
    early = await newcomer.subscribe("ratings", ALL)
    assert not newcomer.healthy
    with pytest.raises(PublishFailed):
        await newcomer.publish([message(10)])
    await asyncio.to_thread(node.start)
    await health(newcomer, wanted=True)

    await publish_when_back(publisher, 10, 20)
    assert await take_all(queue, range(4, 20)) == list(range(10, 20))
    await queue.ack(held)  # of a channel that is gone: nothing happens
    await health(publisher, wanted=True)
    await health(consumer, wanted=True)
    assert await nothing_comes(queue)
    assert set(await take_all(early, range(10, 20))) == set(range(10, 20))


async def test_a_broker_killed_while_publishing(stand: Stand, node: RabbitNode) -> None:
    publisher, consumer = await stand.start("roster"), await stand.start("reports")
    queue = await consumer.subscribe("reports", ALL)
    await publisher.publish([message(n) for n in range(100)])
    await on_disk(node, f"{stand.namespace}.reports.inbox")

    sending = asyncio.create_task(publisher.publish([message(n) for n in range(100, 20_000)]))
    held = await take(queue, 300, ack=False)
    await queue.ack(held[:50])
    await asyncio.to_thread(node.kill)
    with pytest.raises(PublishFailed):
        await sending
    await asyncio.to_thread(node.start)

    await publish_when_back(publisher, 100, 1_000)
    fresh = await take_all(queue, range(50, 1_000))
    # What was delivered before may come late; the rest in order, from the start again for each attempt.
    assert all(later in (earlier + 1, 100) for earlier, later in pairwise(fresh))


async def test_a_broker_killed_while_acks_are_sent(stand: Stand, node: RabbitNode) -> None:
    """Acks that cannot be sent any more do not hold up the consumer, which gets the deliveries again."""
    publisher, consumer = await stand.start("roster"), await stand.start("reports")
    queue = await consumer.subscribe("reports", ALL)
    await publisher.publish([message(n) for n in range(400)])
    await on_disk(node, f"{stand.namespace}.reports.inbox")
    held = await take(queue, 400, ack=False)
    asyncio.get_running_loop().call_soon(
        node.kill
    )  # more separate acks are under way than the client buffers
    async with asyncio.timeout(PATIENCE):
        await queue.ack(held[1::2])
    await asyncio.to_thread(node.start)
    await take_all(queue, range(0, 400, 2))


async def test_a_broker_that_does_not_answer_while_partitions_are_taken(
    stand: Stand, node: RabbitNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who takes partitions meanwhile is not held up, and consumes them once the broker answers."""
    publisher, consumer = await stand.start("roster"), await stand.start("reports")
    queue = await consumer.subscribe("reports", ALL, Partitions(3))
    await publisher.publish([message(n) for n in range(20)])
    monkeypatch.setattr(connection, "_ANSWER_TIMEOUT", 0.5)
    with node.frozen():
        async with asyncio.timeout(10):
            assert await queue.serve(frozenset({0, 1, 2}))
    monkeypatch.undo()
    assert sorted(numbers(await take(queue, 20))) == list(range(20))


async def test_a_deleted_queue_is_declared_again(stand: Stand, node: RabbitNode) -> None:
    transport = await stand.start()
    queue = await transport.subscribe("reports", ALL)
    async with await aio_pika.connect(node.url) as connection:
        channel = await connection.channel()
        await channel.queue_delete(f"{stand.namespace}.reports.inbox")
    await health(transport, wanted=False)
    await health(transport, wanted=True)
    await transport.publish([message(1)])
    assert numbers(await take(queue, 1)) == [1]


async def test_a_queue_that_takes_no_more_fails_the_publish(stand: Stand, node: RabbitNode) -> None:
    transport = await stand.start()
    async with await aio_pika.connect(node.url) as connection:
        channel = await connection.channel()
        full = await channel.declare_queue(
            exclusive=True, arguments={"x-max-length": 1, "x-overflow": "reject-publish"}
        )
        await full.bind(f"{stand.namespace}.lvzhi.events", "roster.#")
        with pytest.raises(PublishFailed, match="not confirmed"):
            await transport.publish([message(n) for n in range(5)])
    assert transport.healthy


async def on_disk(node: RabbitNode, queue: str) -> None:
    """A quorum queue survives a kill only once the broker has written its name, seconds after the declaration."""
    name = re.compile(re.escape(queue.encode()) + rb"(?!\.)")  # and not its dead letters

    async def flushed() -> bool:
        tables = node.folder.glob("mnesia/*/quorum/*/names.dets")
        return any(name.search(table.read_bytes()) for table in tables)

    await until(flushed)
