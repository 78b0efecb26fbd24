"""The relay: a stream it cannot read waits alone, and neither replicas nor kills leave a hole in what it publishes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from shared.endpoints.integrity import Checks, audit
from shared.envelope import GENESIS, Event, town_of
from shared.events import relay as relays
from shared.events.relay import Relay
from shared.process.service import Running
from shared.storage import mongo, outbox
from shared.transport import Message, PublishFailed
from shared.transport.memory import MemoryBroker, MemoryTransport
from tests.fixtures.commands import counted
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start, Stop
from tests.integration.shared.test_chain import OTHER_TOWN, SOURCE, copies, light
from tests.integration.shared.test_measures import gauge
from tests.integration.shared.toys import LAMPS, TOWN
from tests.probes import eventually


class Noted(MemoryTransport):
    """Notes what is published, in order."""

    opened = 1

    @property
    def connections(self) -> int:
        return self.opened

    def __init__(self, broker: MemoryBroker) -> None:
        super().__init__(broker)
        self.sent: list[tuple[str, int]] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        await super().publish(messages)
        events = [Event.decode(message.body) for message in messages]
        self.sent += [(event.source, event.sequence) for event in events]


@pytest.fixture(params=["memory"])
def new_transport() -> Callable[[str], MemoryTransport]:
    broker = MemoryBroker()
    return lambda _service: Noted(broker)


def sent(lamps: Running, source: str = SOURCE) -> list[int]:
    carrier = lamps.transport
    assert isinstance(carrier, Noted)
    return [sequence for where, sequence in carrier.sent if where == source]


async def cursor(lamps: Running, source: str = SOURCE) -> int:
    found = await lamps.store.find("cursors", {"_id": source})
    return int(found[0]["published"]) if found else 0


def chained(source: str, number: int) -> list[Event]:
    """The first events of a stream."""
    events: list[Event] = []
    for sequence in range(1, number + 1):
        event = Event(
            id=f"{source}-{sequence}",
            source=source,
            type="lamps.lamp.lit.v1",
            subject=f"lamp/{sequence}",
            time="2020-01-01T00:00:00.000Z",
            town=town_of(source),
            sequence=sequence,
            previoushash=events[-1].hash if events else GENESIS,
            actor="test",
            data={},
        )
        events.append(event.hashed())
    return events


async def light_elsewhere(lamps: Running, name: str) -> None:
    await lamps.store.execute(town=OTHER_TOWN, actor="t", run=partial(toys.light, name=name))


@pytest.mark.parametrize("harm", ["missing", "without a body"])
async def test_an_event_missing_from_the_log_stops_its_stream_alone(start: Start, harm: str) -> None:
    _, lamps = await start(toys.watch()), await start(toys.lamps())
    log, place = lamps.store.database["outbox"], outbox.position(SOURCE, 2)
    for name in ("north", "south", "east"):
        await light(lamps, name)

    async def published() -> bool:
        return await cursor(lamps) == 3

    await eventually(published)
    (document,) = await lamps.store.find("outbox", {"_id": place})
    if harm == "missing":
        await log.delete_one({"_id": place})
    else:
        await log.update_one({"_id": place}, {"$unset": {"body": ""}})
    await lamps.store.database["cursors"].update_one({"_id": SOURCE}, {"$set": {"published": 1}})
    await light_elsewhere(lamps, "first")
    lamps.relay._led = frozenset()
    lamps.store.committed.set()
    await eventually(lambda: SOURCE in lamps.relay.stuck)
    await light_elsewhere(lamps, "second")
    await eventually(lambda: set(sent(lamps, f"/{OTHER_TOWN}/lamps")) == {1, 2})
    assert await gauge("relay_stuck_streams", "lamps") == 1
    assert "cursor" in {fault.rule for fault in (await audit(lamps.store, TOWN, Checks((LAMPS,)))).faults}

    await log.replace_one({"_id": place}, document, upsert=True)

    async def healed() -> bool:
        return await cursor(lamps) == 3 and not lamps.relay.stuck

    await eventually(healed)
    assert await gauge("relay_stuck_streams", "lamps") == 0
    assert (await audit(lamps.store, TOWN, Checks((LAMPS,)))).faults == []


async def test_what_replicas_commit_in_turn_is_published_without_a_hole(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that relays is handed its own events only; those of the other stand between them."""
    watch = await start(toys.watch())
    first, second = await start(toys.lamps()), await start(toys.lamps())
    await eventually(lambda: first.relay.leading != second.relay.leading)
    leader, follower = (first, second) if first.relay.leading else (second, first)
    await light(leader, "lamp")
    await eventually(lambda: sent(leader) == [1])
    async with paused(leader.relay, monkeypatch):
        for turn in range(5):
            await light(leader, f"of the leader {turn}")
            await light(follower, f"of the follower {turn}")
        await light(leader, "last")
    await eventually(lambda: len(sent(leader)) >= 12)
    assert sent(leader) == list(range(1, 13))
    await eventually(lambda: watch.consumer.applied == 12)


@asynccontextmanager
async def paused(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Within the block the relay publishes nothing."""
    drain, go_on = relay.drain, asyncio.Event()

    async def waiting() -> int:
        await go_on.wait()
        return await drain()

    monkeypatch.setattr(relay, "drain", waiting)
    yield
    go_on.set()


async def test_a_kill_between_publishing_and_moving_the_cursor_only_repeats(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())

    async def never(_: Relay) -> None:
        """The process is killed before."""

    with monkeypatch.context() as killed:
        killed.setattr(Relay, "_write_cursors", never)
        for name in ("north", "south"):
            await light(lamps, name)
        await eventually(lambda: watch.consumer.applied == 2)
    assert await cursor(lamps) == 0
    again = Relay(lamps.store, lamps.transport)
    assert await again.drain() == 2
    await again.flush()
    await light(lamps, "east")

    async def all_copied() -> bool:
        return sorted(await copies(watch)) == ["east", "north", "south"]

    await eventually(all_copied)
    assert sent(lamps)[:4] == [1, 2, 1, 2]
    assert await watch.inbox.dead_letters(TOWN) == []


@pytest.mark.parametrize("slow", [False, True])
async def test_a_planned_stop_publishes_what_the_relay_was_sending(
    start: Start, stop: Stop, monkeypatch: pytest.MonkeyPatch, slow: bool
) -> None:
    """Also where commits are waited for so long that the last heartbeat no longer counts."""
    lamps = await start(toys.lamps())
    await light(lamps, "north")
    await eventually(lambda: sent(lamps) == [1])
    publish, close, sending = lamps.transport.publish, lamps.store.close, asyncio.Event()

    async def unanswered(messages: Sequence[Message]) -> None:
        if not sending.is_set():
            sending.set()
            await asyncio.Event().wait()
        await publish(messages)

    async def lasting() -> None:
        await close()
        if slow:
            lamps.presence._present_until = lamps.presence._beaten = 0.0

    monkeypatch.setattr(lamps.transport, "publish", unanswered)
    monkeypatch.setattr(lamps.store, "close", lasting)
    await light(lamps, "south")
    await sending.wait()
    await stop(lamps)
    assert sent(lamps)[-1] == 2


async def test_no_cursor_passes_a_page_that_is_not_confirmed(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of a backlog are sent before the one ahead of them is confirmed."""
    monkeypatch.setattr(relays, "BATCH", 2)
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    await asyncio.gather(*(light(lamps, f"lamp {n}") for n in range(10)))
    await eventually(lambda: watch.consumer.applied == 10)

    async def marked() -> bool:
        """its own relay is done, and marks nothing after the marks are gone"""
        return await cursor(lamps) == 10

    await eventually(marked)
    backlog = Relay(lamps.store, lamps.transport)
    await lamps.store.database["cursors"].delete_many({})
    publish, later = lamps.transport.publish, asyncio.Event()

    async def third_fails(messages: Sequence[Message]) -> None:
        if messages[0].id == outbox.position(SOURCE, 5):
            await later.wait()
            raise PublishFailed("not confirmed")
        await publish(messages)
        if messages[0].id == outbox.position(SOURCE, 7):
            later.set()

    with monkeypatch.context() as failing:
        failing.setattr(lamps.transport, "publish", third_fails)
        with pytest.raises(PublishFailed):
            await backlog.drain()
    await backlog.flush()
    assert await cursor(lamps) == 4
    backlog._led = frozenset()
    await backlog.drain()
    await backlog.flush()
    assert await cursor(lamps) == 10


async def test_a_backlog_of_many_streams_is_read_and_sent_in_full_pages(start: Start) -> None:
    lamps = await start(toys.lamps())
    lamps.relay.share = frozenset  # it leaves them to the other one
    sources = [f"/34028{number:04d}/lamps" for number in range(120)]
    events = [e for town in sources for e in chained(town, 2)]
    database = lamps.store.database
    for part in mongo.parts([outbox._document(event) for event in events], 100):
        await database["outbox"].insert_many(part)
    for sources_of_part in mongo.parts(sources, 100):
        await database["streams"].insert_many(
            [{"_id": source, "sequence": 2, "hash": ""} for source in sources_of_part]
        )
    lost = outbox.position(sources[60], 2)
    await database["outbox"].delete_one({"_id": lost})
    relay = Relay(lamps.store, lamps.transport)
    with counted() as spent:
        assert await relay.drain() == 238
    assert spent.commands["find", "outbox"] == 5  # of fifty ids each
    assert relay.stuck.keys() == {sources[60]}
    assert [sent(lamps, source) for source in sources] == [
        [] if source == sources[60] else [1, 2] for source in sources
    ]


async def test_two_relays_at_once_repeat_but_lose_nothing(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    second = Relay(lamps.store, lamps.transport)
    working = asyncio.create_task(second.run())
    try:
        await asyncio.gather(*(light(lamps, f"lamp {n}") for n in range(40)))
        await eventually(lambda: set(sent(lamps)) == set(range(1, 41)))

        async def arrived() -> bool:
            return await cursor(lamps) == 40 and len(await copies(watch)) == 40

        await eventually(arrived)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


async def test_cursors_are_written_together_and_only_forward(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamps = await start(toys.lamps())
    writes: list[int] = []
    bulk = mongo.bulk_write

    async def noted(collection: Any, models: Any, *more: Any) -> int:
        if collection.name == "cursors":
            writes.append(len(models))
        return await bulk(collection, models, *more)

    monkeypatch.setattr(mongo, "bulk_write", noted)
    for n in range(10):
        await light(lamps, f"lamp {n}")
        await light_elsewhere(lamps, f"lamp {n}")

    async def written() -> bool:
        return (await cursor(lamps), await cursor(lamps, f"/{OTHER_TOWN}/lamps")) == (10, 10)

    await eventually(written)
    assert len(writes) < 10
    overtaken = Relay(lamps.store, lamps.transport)
    overtaken._moved = {SOURCE: 3}
    await overtaken.flush()
    assert await cursor(lamps) == 10


async def test_messages_that_a_broker_lost_are_asked_for_after_a_start(start: Start, stop: Stop) -> None:
    """Confirmed, so the relay sends them no more; never received, so the consumer does not know of them."""
    lamps = await start(toys.lamps())
    for name in ("north", "south", "east"):
        await light(lamps, name)
    await eventually(lambda: lamps.relay.published == 3)  # to no queue
    await stop(lamps)
    watch = await start(toys.watch())
    await start(toys.lamps())

    async def all_copied() -> bool:
        return sorted(await copies(watch)) == ["east", "north", "south"]

    await eventually(all_copied)


async def test_requests_for_a_stream_that_cannot_be_read_hold_up_no_other(start: Start) -> None:
    lamps = await start(toys.lamps())
    await light(lamps, "lamp")
    await light_elsewhere(lamps, "elsewhere")
    elsewhere = f"/{OTHER_TOWN}/lamps"
    await eventually(lambda: len(sent(lamps)) == len(sent(lamps, elsewhere)) == 1)
    replays = lamps.store.database["replays"]
    for begin in (0, relays.BATCH):
        unreadable = [f"{n:03}" for n in range(begin, begin + relays.BATCH)]
        await replays.insert_many([{"_id": id, "source": elsewhere, "from": 1, "to": 1} for id in unreadable])
    await lamps.store.database["outbox"].delete_one({"_id": outbox.position(elsewhere, 1)})
    await replays.insert_one({"_id": "last", "source": SOURCE, "from": 1, "to": 0})
    lamps.store.replay_requested = True
    lamps.store.committed.set()
    await eventually(lambda: sent(lamps) == [1, 1])


def asked(id: str, source: str) -> Event:
    """A request for the events 2 to 5 of a stream."""
    return Event(
        id=id,
        source=f"/{TOWN}/watch",
        type="watch.replay.requested.v1",
        subject="stream",
        time="2020-01-01T00:00:00.000Z",
        town=TOWN,
        sequence=1,
        previoushash="",
        actor="watch",
        data={"source": source, "from": 2, "to": 5},
    )


async def test_the_same_range_asked_for_twice_is_one_request(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamps = await start(toys.lamps())
    async with paused(lamps.relay, monkeypatch):
        for id in ("first", "second"):
            await relays.ask_again(lamps.store, asked(id, f"/{OTHER_TOWN}/elsewhere"), None)
        assert len(await lamps.store.find("replays", {})) == 1


async def test_a_request_made_again_while_it_is_served_is_not_forgotten(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another consumer may have emptied its copy after the last page had reached it."""
    lamps = await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: sent(lamps) == [1, 2])
    publish = lamps.relay._publish

    async def meanwhile(documents: Sequence[Any]) -> None:
        await publish(documents)
        await relays.ask_again(lamps.store, asked("second", SOURCE), None)

    async with paused(lamps.relay, monkeypatch):
        await relays.ask_again(lamps.store, asked("first", SOURCE), None)
        monkeypatch.setattr(lamps.relay, "_publish", meanwhile)
        await lamps.relay._replay()
        assert [one["asked"] for one in await lamps.store.find("replays", {})] == ["second"]


async def test_each_connection_to_the_broker_gets_the_last_events_again_twice(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, and when whoever receives them has declared a queue there too."""
    lamps = await start(toys.lamps())
    for name in ("north", "south", "east"):
        await light(lamps, name)

    async def marked() -> bool:
        return await cursor(lamps) == 3

    await eventually(marked)
    monkeypatch.setattr(relays, "ALONE_SECONDS", 0.0)
    monkeypatch.setattr(relays, "ANNOUNCED_AGAIN_SECONDS", 0.0)
    again = Noted(MemoryBroker())
    await again.start()
    relay = Relay(lamps.store, again)
    for number, published in enumerate([1, 2, 2, 3, 4, 4]):
        again.opened = 1 + number // 3
        await relay.drain()
        assert again.sent == [(SOURCE, 3)] * published
    relay.share = frozenset  # another replica relays for a while
    await relay.drain()
    relay.share = lambda: frozenset({0})
    await relay.drain()
    assert again.sent == [(SOURCE, 3)] * 5
