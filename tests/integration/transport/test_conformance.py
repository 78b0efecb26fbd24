"""What every transport promises, asked of each of them.

Memory confirms a publish only once every subscriber has acked, so publishing runs beside the taking.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from shared.transport import Message, PublishFailed, Queue, Transport, TransportStopped, matches
from tests.integration.transport.conftest import Stand, message, nothing_comes, numbers, take, until
from tests.probes import PATIENCE

ALL = ("roster.#",)


@asynccontextmanager
async def publishing(transport: Transport, messages: Sequence[Message]) -> AsyncIterator[None]:
    """Publish beside the block, and be confirmed soon after it."""
    task = asyncio.create_task(transport.publish(messages))
    yield
    async with asyncio.timeout(PATIENCE):
        await task


async def cancel(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


async def test_delivers_what_was_published(stand: Stand) -> None:
    transport = await stand.start()
    queue = await transport.subscribe("reports", ALL)
    sent = Message("roster.person.registered.v1", '{"name":"张三"}'.encode(), "0192-abc")
    async with publishing(transport, [sent]):
        (got,) = await take(queue, 1)
    assert (got.type, got.body, got.id, got.redelivered) == (sent.type, sent.body, sent.id, False)


async def test_every_service_bound_gets_its_own_copy(stand: Stand) -> None:
    roster, activities, reports = [await stand.start(s) for s in ("roster", "activities", "reports")]
    some = await activities.subscribe("activities", ("roster.person.*.v1",))
    everything = await reports.subscribe("reports", ALL)
    town = message(2, "roster.town.changed.v1")
    async with publishing(roster, [message(1), town, message(3)]):
        persons, all_three = await asyncio.gather(take(some, 2), take(everything, 3))
    assert numbers(persons) == [1, 3]
    assert numbers(all_three) == [1, 2, 3]


async def test_a_service_bound_twice_to_a_type_gets_it_once(stand: Stand) -> None:
    transport = await stand.start()
    queue = await transport.subscribe("reports", ("roster.#", "*.person.registered.v1"))
    async with publishing(transport, [message(1)]):
        await take(queue, 1)
    assert await nothing_comes(queue)


async def test_replicas_of_one_service_share_its_queue(stand: Stand) -> None:
    publisher, first, second = [await stand.start() for _ in range(3)]
    queues = [await replica.subscribe("reports", ALL) for replica in (first, second)]
    got: list[list[int]] = [[], []]

    async def work(which: int) -> None:
        while sum(map(len, got)) < 100:
            batch = await queues[which].batch(5)
            got[which] += numbers(batch)
            await queues[which].ack(batch)

    workers = [asyncio.create_task(work(which)) for which in (0, 1)]
    for start in range(0, 100, 10):
        async with asyncio.timeout(PATIENCE):
            await publisher.publish([message(n) for n in range(start, start + 10)])
    async with asyncio.timeout(PATIENCE):
        await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
    await cancel(workers)
    assert sorted(got[0] + got[1]) == list(range(100))
    assert all(got)


async def test_order_is_kept_in_a_batch_larger_than_any_window(stand: Stand) -> None:
    transport = await stand.start()
    queue = await transport.subscribe("reports", ALL)
    async with publishing(transport, [message(n) for n in range(1_500)]):
        assert numbers(await take(queue, 1_500)) == list(range(1_500))


async def test_order_is_kept_from_one_publish_to_the_next(stand: Stand) -> None:
    transport = await stand.start()
    queue = await transport.subscribe("reports", ALL)

    async def publish() -> None:
        for n in range(0, 40, 2):
            await transport.publish([message(n), message(n + 1)])

    task = asyncio.create_task(publish())
    assert numbers(await take(queue, 40)) == list(range(40))
    await task


async def test_acks_out_of_order_leave_the_rest_unacked(stand: Stand) -> None:
    transport = await stand.start()
    consumer = await stand.start("reports")
    queue = await consumer.subscribe("reports", ALL)
    async with publishing(transport, [message(n) for n in range(6)]):
        got = await take(queue, 6, ack=False)
        await queue.ack([got[4], got[1]])
        await queue.ack([got[0]])
        await stand.stop(consumer)
        back = await (await stand.start("reports")).subscribe("reports", ALL)
        assert sorted(numbers(await take(back, 3))) == [2, 3, 5]


async def test_acked_before_the_stop_does_not_come_again(stand: Stand) -> None:
    transport = await stand.start()
    consumer = await stand.start("reports")
    queue = await consumer.subscribe("reports", ALL)
    async with publishing(transport, [message(n) for n in range(3)]):
        await take(queue, 3)
    await stand.stop(consumer)
    back = await (await stand.start("reports")).subscribe("reports", ALL)
    assert await nothing_comes(back)


async def test_unacked_at_the_stop_comes_again(stand: Stand) -> None:
    transport = await stand.start()
    consumer = await stand.start("reports")
    queue = await consumer.subscribe("reports", ALL)
    async with publishing(transport, [message(n) for n in range(4)]):
        got = await take(queue, 4, ack=False)
        await queue.ack(got[:1])
        await stand.stop(consumer)
        back = await (await stand.start("reports")).subscribe("reports", ALL)
        again = await take(back, 3)
    assert numbers(again) == [1, 2, 3]
    assert all(d.redelivered for d in again)
    await queue.ack(got)  # too late, and harmless
    assert await nothing_comes(back)


async def test_events_wait_for_a_service_that_is_away(stand: Stand) -> None:
    transport = await stand.start()
    consumer = await stand.start("reports")
    await consumer.subscribe("reports", ALL)
    await stand.stop(consumer)
    async with publishing(transport, [message(1)]):
        back = await (await stand.start("reports")).subscribe("reports", ALL)
        assert numbers(await take(back, 1)) == [1]


async def test_goes_on_after_a_parked_message(stand: Stand) -> None:
    transport = await stand.start()
    queue = await transport.subscribe("reports", ALL)
    async with publishing(transport, [message(n) for n in range(3)]):
        good, poison, after = await take(queue, 3, ack=False)
        await queue.park(poison, reason="ValueError: 缺少 name", handler="roster.person.registered.v1")
        await queue.ack([good, after])
    (letter,) = await transport.dead_letters("reports")
    assert (letter.id, letter.body, letter.type) == (poison.id, poison.body, poison.type)
    assert letter.headers["x-reason"] == "ValueError: 缺少 name"
    assert letter.headers["x-handler"] == "roster.person.registered.v1"
    assert letter.headers["x-type"] == poison.type
    assert await nothing_comes(queue)


async def test_dead_letters_are_listed_and_dropped(stand: Stand) -> None:
    transport = await stand.start()
    queue = await transport.subscribe("reports", ALL)
    other = await transport.subscribe("activities", ALL)
    async with publishing(transport, [message(n) for n in range(4)]):
        await take(other, 4)
        for delivery in await take(queue, 4, ack=False):
            await queue.park(delivery, reason="poison", handler="h")
    assert numbers(await transport.dead_letters("reports", limit=2)) == [0, 1]

    async def left(*expected: int) -> bool:
        return numbers(await transport.dead_letters("reports")) == list(expected)

    await until(lambda: left(0, 1, 2, 3))
    assert await transport.drop_dead_letters("reports", {"id-1", "id-2", "id-9"}) == 2
    await until(lambda: left(0, 3))
    assert await nothing_comes(queue)


async def test_what_nobody_is_bound_to_is_kept_and_counted(stand: Stand) -> None:
    transport = await stand.start()
    await transport.publish([message(1)])  # not even a queue exists yet
    queue = await transport.subscribe("reports", ("activities.#",))
    async with publishing(transport, [message(2), message(3, "activities.plan.adopted.v1")]):
        assert numbers(await take(queue, 1)) == [3]

    async def both() -> bool:
        return await transport.unrouted() == 2

    await until(both)


async def test_a_batch_ends_at_its_limit_and_none_follows_the_stop(stand: Stand) -> None:
    transport, consumer = await stand.start(), await stand.start("reports")
    queue = await consumer.subscribe("reports", ALL)
    async with publishing(transport, [message(n) for n in range(30)]):
        async with asyncio.timeout(PATIENCE):
            assert 1 <= len(await queue.batch(7)) <= 7
        waiting = asyncio.create_task(queue.batch())
        await stand.stop(consumer)
        await asyncio.wait([waiting])
        with pytest.raises(TransportStopped):
            await queue.batch()
        back = await (await stand.start("reports")).subscribe("reports", ALL)
        assert numbers(await take(back, 30)) == list(range(30))


async def test_a_stop_fails_what_is_not_confirmed(stand: Stand) -> None:
    transport = await stand.start()
    await transport.subscribe("reports", ALL)
    task = asyncio.create_task(transport.publish([message(n) for n in range(5_000)]))
    await asyncio.sleep(0)
    await stand.stop(transport)
    with pytest.raises(PublishFailed):
        await task


async def test_publishing_needs_a_running_transport(stand: Stand) -> None:
    transport = await stand.start()
    running = transport.healthy
    await stand.stop(transport)
    assert (running, transport.healthy) == (True, False)
    with pytest.raises(PublishFailed):
        await transport.publish([message(1)])


async def test_services_that_answer_each_other_do_not_wait_for_each_other(stand: Stand) -> None:
    heard: list[int] = []

    async def relay(transport: Transport, outbox: asyncio.Queue[Message]) -> None:
        while True:
            await transport.publish([await outbox.get()])

    async def consume(queue: Queue, outbox: asyncio.Queue[Message], says: str) -> None:
        while True:
            for delivery in await queue.batch(1):
                heard.extend(numbers([delivery]))
                outbox.put_nowait(message(heard[-1] + 1, says))
                await queue.ack([delivery])

    tasks = []
    for name, other in (("roster", "activities"), ("activities", "roster")):
        transport, outbox = await stand.start(name), asyncio.Queue[Message]()
        queue = await transport.subscribe(name, (f"{other}.#",))
        tasks += [relay(transport, outbox), consume(queue, outbox, f"{name}.person.changed.v1")]
    outbox.put_nowait(message(0, "activities.person.changed.v1"))
    running = [asyncio.create_task(task) for task in tasks]

    async def answered() -> bool:
        return len(heard) >= 20

    await until(answered)
    await cancel(running)
    assert heard == list(range(len(heard)))


PATTERNS = {
    "roster.person.registered.v1": True,
    "roster.*.registered.v1": True,
    "roster.#": True,
    "#": True,
    "#.v1": True,
    "roster.person.registered.v1.#": True,
    "*.#.registered.*": True,
    "roster.*.v1": False,
    "activities.#": False,
    "roster": False,
    "roster.person.registered.v1.*": False,
}


async def test_patterns_cover_what_they_cover_on_a_topic_exchange(stand: Stand) -> None:
    transport = await stand.start()
    queues = {p: await transport.subscribe(f"s{n}", (p, "end.#")) for n, p in enumerate(PATTERNS)}
    async with publishing(transport, [message(1), message(2, "end.of.test")]):
        for pattern, covered in PATTERNS.items():
            assert matches(pattern, message(1).type) is covered
            assert numbers(await take(queues[pattern], 2 if covered else 1)) == ([1, 2] if covered else [2])
