"""From a command to a foreign projection: nothing lost, nothing doubled, nothing half done."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count
from typing import TypeVar

import pytest

from shared.envelope import verify_chain
from shared.events import inbox
from shared.process.service import Running
from shared.storage import outbox
from shared.storage.units import Unit
from shared.storage.work import Work
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start, Stop
from tests.integration.shared.toys import COPIES, LAMPS, TOWN
from tests.probes import eventually

T = TypeVar("T")
OTHER_TOWN = "340281999"
SOURCE = f"/{TOWN}/lamps"


async def do(service: Running, run: Callable[[Work], Awaitable[T]]) -> T:
    return await service.store.execute(town=TOWN, actor="tester", run=run)


async def light(service: Running, name: str) -> toys.Lamp:
    return await do(service, lambda work: toys.light(work, name))


async def copies(service: Running) -> dict[str, toys.Copy]:
    return {copy.name: copy for copy in await service.store.reading(TOWN, "tester").find(COPIES)}


async def reached(service: Running) -> tuple[int, int]:
    mark = await service.inbox.mark(SOURCE)
    return mark.upto, mark.seen


async def heads(service: Running) -> tuple[int, str]:
    return await outbox.head(service.store, SOURCE)


async def test_state_and_event_are_written_together_and_without_what_is_private(start: Start) -> None:
    lamps = await start(toys.lamps())
    lamp = await light(lamps, "north")
    (event,) = await outbox.read(lamps.store, SOURCE, after=0, limit=10)
    assert (event.type, event.subject, event.actor) == ("lamps.lamp.lit.v1", f"lamp/{lamp.id}", "tester")
    assert event.data == {"id": lamp.id, "town": TOWN, "version": 1, "name": "north", "bright": 0}


async def test_a_refused_command_leaves_neither_state_nor_event(start: Start) -> None:
    lamps = await start(toys.lamps())
    await light(lamps, "north")
    before = await heads(lamps)
    with pytest.raises(toys.LampExists):
        await light(lamps, "north")
    assert await heads(lamps) == before


async def test_commands_at_once_get_numbers_without_gaps_and_one_chain(start: Start) -> None:
    lamps = await start(toys.lamps())
    outcomes = await asyncio.gather(
        *(light(lamps, f"lamp {n % 40}") for n in range(60)), return_exceptions=True
    )
    assert sum(isinstance(outcome, toys.LampExists) for outcome in outcomes) == 20
    events = await outbox.read(lamps.store, SOURCE, after=0, limit=100)
    assert verify_chain(events) == (40, (await heads(lamps))[1])


async def test_changes_at_once_are_all_made_one_after_the_other(start: Start) -> None:
    lamps = await start(toys.lamps())
    lamp = await light(lamps, "north")
    await asyncio.gather(*(do(lamps, lambda work: toys.brighten(work, lamp.id)) for _ in range(10)))
    stored = await lamps.store.reading(TOWN, "tester").require(LAMPS, lamp.id)
    assert (stored.bright, stored.version) == (10, 11)


async def test_what_is_committed_reaches_the_projection(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    lamp = await light(lamps, "north")
    await do(lamps, lambda work: toys.brighten(work, lamp.id))

    async def arrived() -> bool:
        found = await copies(watch)
        return found.get("north") is not None and found["north"].bright == 1

    await eventually(arrived)


async def test_events_heard_again_change_nothing(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    await watch.inbox.ask(TOWN, SOURCE, 1, 0)
    await eventually(lambda: watch.consumer.applied >= 4)
    assert sorted(await copies(watch)) == ["north", "south"]
    assert await reached(watch) == (2, 2)


async def test_a_newcomer_asks_for_what_it_missed(start: Start) -> None:
    lamps = await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: lamps.relay.published == 2)
    watch = await start(toys.watch())
    await light(lamps, "east")

    async def whole() -> bool:
        all_copied = sorted(await copies(watch)) == ["east", "north", "south"]
        return all_copied and await reached(watch) == (3, 3)

    await eventually(whole)


async def test_a_poison_event_is_parked_and_the_others_go_on(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    await asyncio.gather(*(light(lamps, name) for name in ("north", "cursed", "south")))

    async def others_arrived() -> bool:
        return sorted(await copies(watch)) == ["north", "south"]

    await eventually(others_arrived)
    (dead,) = await eventually(lambda: watch.transport.dead_letters("watch"))
    assert "nobody can copy" in str(dead.headers["x-reason"])
    await eventually(lambda: watch.consumer.parked == 1)

    async def all_counted() -> bool:
        return await reached(watch) == (3, 3)

    await eventually(all_counted)


async def test_a_kept_inbox_is_a_copy_of_the_log_that_verifies(start: Start) -> None:
    watch, lamps = await start(toys.watch(keep=True)), await start(toys.lamps())
    await asyncio.gather(*(light(lamps, f"lamp {n}") for n in range(250)))
    await eventually(lambda: watch.consumer.applied == 250)
    kept = await inbox.kept(watch.store, SOURCE, upto=250)
    assert verify_chain(kept) == await heads(lamps)


async def test_one_replica_relays_and_another_takes_over(start: Start, stop: Stop) -> None:
    watch = await start(toys.watch())
    first, second = await start(toys.lamps()), await start(toys.lamps())
    await eventually(lambda: first.relay.leading != second.relay.leading)
    leader, follower = (first, second) if first.relay.leading else (second, first)

    async def heard(*names: str) -> bool:
        return sorted(await copies(watch)) == sorted(names)

    await light(follower, "north")
    await eventually(lambda: heard("north"))
    await stop(leader)
    await light(follower, "south")
    await eventually(lambda: heard("north", "south"))
    assert follower.relay.leading


async def test_a_leader_that_is_never_idle_relays_what_another_replica_committed(start: Start) -> None:
    watch = await start(toys.watch())
    first, second = await start(toys.lamps()), await start(toys.lamps())
    await eventually(lambda: first.relay.leading != second.relay.leading)
    leader, follower = (first, second) if first.relay.leading else (second, first)

    async def busy() -> None:
        for number in count():
            await leader.store.execute(
                town=OTHER_TOWN, actor="tester", run=partial(toys.light, name=f"lamp {number}")
            )
            await asyncio.sleep(0.02)

    async def heard() -> bool:
        return "north" in await copies(watch)

    work = asyncio.create_task(busy())
    try:
        await light(follower, "north")
        await eventually(heard)
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    assert work.cancelled()


async def test_an_inventory_counts_records_at_the_head_it_names(start: Start) -> None:
    lamps = await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    work = Work(TOWN, "tester", lamps.store.clock, lamps.store)
    work.announce("stock.taken.v1", "stock/2020", {"year": 2020}, inventory=(LAMPS,))
    before = await heads(lamps)
    await lamps.store.commit(Unit([work]))
    (*_, taken) = await outbox.read(lamps.store, SOURCE, after=0, limit=10)
    assert taken.data["year"] == 2020
    assert taken.data["counts"] == {"lamp": 2}
    assert (taken.data["upto_sequence"], taken.data["hash"]) == before
