"""An error that is not the event's own holds its stream and no other; nothing is lost, and order is kept."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from shared.endpoints.integrity import Checks, audit
from shared.events import consumer, held
from shared.process.service import Running
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start, Stop
from tests.integration.shared.test_chain import OTHER_TOWN, SOURCE
from tests.integration.shared.test_measures import gauge
from tests.integration.shared.toys import COPIES, TOWN
from tests.probes import eventually

UNLABELLED = OperationFailure("an error nobody labelled", 8000)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "LONGEST_WAIT", 0.2)


async def light_in(lamps: Running, town: str, *names: str) -> None:
    for name in names:
        await lamps.store.execute(town=town, actor="t", run=partial(toys.light, name=name))


async def copied(watch: Running, town: str = TOWN) -> list[str]:
    """Names in the order in which they were lit."""
    found = await watch.store.reading(town, "t").find(COPIES, sort=(("_id", 1),))
    return [copy.name for copy in found]


def has(watch: Running, town: str, *names: str) -> Callable[[], Any]:
    async def holds() -> bool:
        return await copied(watch, town) == list(names)

    return holds


def whole(watch: Running, upto: int, source: str = SOURCE) -> Callable[[], Any]:
    async def holds() -> bool:
        mark = await watch.inbox.mark(source)
        return (mark.upto, mark.seen) == (upto, upto)

    return holds


@pytest.mark.parametrize("error", [UNLABELLED, KeyError("a bug")], ids=["unlabelled", "bug"])
async def test_trouble_holds_one_stream_and_heals_by_itself(start: Start, error: Exception) -> None:
    failing = {"south": error}
    watch, lamps = await start(toys.watch(failing=failing)), await start(toys.lamps())
    await light_in(lamps, TOWN, "north", "south", "east")
    await eventually(lambda: SOURCE in watch.consumer.held)
    await light_in(lamps, OTHER_TOWN, "west")
    await eventually(has(watch, OTHER_TOWN, "west"))
    await light_in(lamps, TOWN, "centre")
    await light_in(lamps, OTHER_TOWN, "harbour")
    await eventually(has(watch, OTHER_TOWN, "west", "harbour"))
    assert await copied(watch) == ["north"]
    assert await gauge("inbox_held_streams", "watch") == 1
    assert (await gauge("inbox_lag_events", "watch") or 0) > 0

    failing.clear()
    await eventually(has(watch, TOWN, "north", "south", "east", "centre"))
    await eventually(whole(watch, 4))
    assert await gauge("inbox_held_streams", "watch") == 0
    assert await gauge("inbox_lag_events", "watch") == 0
    assert watch.consumer.parked == 0
    assert (await audit(watch.store, TOWN, Checks((COPIES,)))).faults == []


async def test_what_a_held_stream_brings_beyond_the_limit_is_not_lost(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "BATCH", 5)
    monkeypatch.setattr(held, "HELD_MOST", 10)
    failing: dict[str, Exception] = {"lamp 0": UNLABELLED}
    watch, lamps = await start(toys.watch(failing=failing)), await start(toys.lamps())
    names = [f"lamp {n}" for n in range(40)]
    await light_in(lamps, TOWN, *names[:5])
    await eventually(lambda: SOURCE in watch.consumer.held)
    await light_in(lamps, TOWN, *names[5:])

    async def all_seen() -> bool:
        return (await watch.inbox.mark(SOURCE)).seen == 40

    await eventually(all_seen)
    failing.clear()
    await eventually(has(watch, TOWN, *names))
    await eventually(whole(watch, 40))


async def test_many_held_streams_leave_room_for_the_others(start: Start) -> None:
    """More deliveries of held streams than a broker hands out unacknowledged."""
    failing: dict[str, Exception] = {"lamp 0": UNLABELLED}
    watch, lamps = await start(toys.watch(failing=failing)), await start(toys.lamps())
    towns = [f"34028100{n}" for n in range(4)]
    for town in towns:
        await light_in(lamps, town, "lamp 0")
    await eventually(lambda: len(watch.consumer.held) == 4)
    for town in towns:
        await lamps.store.execute(town=town, actor="t", run=_many)
    await light_in(lamps, TOWN, "north")
    await eventually(has(watch, TOWN, "north"))
    failing.clear()
    for town in towns:
        await eventually(whole(watch, 151, f"/{town}/lamps"))


async def _many(work: Any) -> None:
    for n in range(150):
        await toys.light(work, f"more {n}")


async def test_poison_in_the_middle_of_what_was_held_is_parked_and_the_rest_applied(start: Start) -> None:
    failing: dict[str, Exception] = {"north": UNLABELLED}
    watch, lamps = await start(toys.watch(failing=failing)), await start(toys.lamps())
    await light_in(lamps, TOWN, "north")
    await eventually(lambda: SOURCE in watch.consumer.held)
    await light_in(lamps, TOWN, "south", "cursed", "east")
    failing.clear()
    await eventually(has(watch, TOWN, "north", "south", "east"))
    await eventually(whole(watch, 4))
    (letter,) = await watch.inbox.dead_letters(TOWN)
    assert letter.sequence == 3


async def test_held_events_that_cannot_be_applied_in_one_unit_are_applied_one_after_the_other(
    start: Start,
) -> None:
    failing: dict[str, Exception] = {}
    watch, lamps = await start(toys.watch(failing=failing, replaces=True)), await start(toys.lamps())
    lamp = await lamps.store.execute(town=TOWN, actor="t", run=partial(toys.light, name="north"))
    await eventually(has(watch, TOWN, "north"))
    failing["north"] = UNLABELLED
    for _ in range(3):
        await lamps.store.execute(town=TOWN, actor="t", run=partial(toys.brighten, id=lamp.id))

    async def all_seen() -> bool:
        return (await watch.inbox.mark(SOURCE)).seen == 4

    await eventually(all_seen)
    failing.clear()
    await eventually(whole(watch, 4))
    (copy,) = await watch.store.reading(TOWN, "t").find(COPIES)
    assert copy.bright == 3


async def test_what_was_held_when_a_service_stopped_is_applied_after_its_start(
    start: Start, stop: Stop
) -> None:
    failing: dict[str, Exception] = {"north": UNLABELLED}
    watch, lamps = await start(toys.watch(failing=failing)), await start(toys.lamps())
    await light_in(lamps, TOWN, "north", "south")
    await eventually(lambda: SOURCE in watch.consumer.held)
    await stop(watch)
    back = await start(toys.watch())
    await eventually(has(back, TOWN, "north", "south"))


async def test_a_dead_letter_that_cannot_be_written_yet_stops_neither_its_stream_nor_others(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    park, left = watch.inbox.park, [UNLABELLED, UNLABELLED]

    async def failing(*arguments: Any) -> None:
        if left:
            raise left.pop()
        await park(*arguments)

    monkeypatch.setattr(watch.inbox, "park", failing)
    await lamps.store.execute(town=TOWN, actor="t", run=_cursed_and_others)
    await light_in(lamps, OTHER_TOWN, "west")
    await eventually(has(watch, OTHER_TOWN, "west"))
    await eventually(has(watch, TOWN, "north", "east"))
    await eventually(whole(watch, 3))
    assert len(await watch.inbox.dead_letters(TOWN)) == 1
    assert watch.supervisor.down == set()


async def _cursed_and_others(work: Any) -> None:
    for name in ("north", "cursed", "east"):
        await toys.light(work, name)
