"""Inventories under load: each counts exactly what stands in the log before it, and groups equal a serial order."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import pytest

from shared.envelope import Event, verify_chain
from shared.errors import Problem
from shared.process.service import Running
from shared.storage import outbox
from shared.storage.work import Work
from shared.transport.memory import MemoryTransport
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start
from tests.integration.shared.test_chain import SOURCE
from tests.integration.shared.toys import LAMPS, TOWN

WRITERS, SEALS = 4, 12


@pytest.fixture
def new_transport() -> Callable[[str], MemoryTransport]:
    """What is published does not matter here."""
    return lambda _service: MemoryTransport()


async def take_stock(lamps: Running, number: int) -> None:
    async def run(work: Work) -> None:
        work.announce("stock.taken.v1", f"stock/{number}", {}, inventory=(LAMPS,))

    await lamps.store.execute(town=TOWN, actor="t", run=run)


async def write(lamps: Running, writer: int, done: asyncio.Event) -> int:
    for turn in count(1):
        name = f"lamp {writer} {turn}"
        await lamps.store.execute(town=TOWN, actor="t", run=partial(toys.light, name=name))
        if done.is_set():
            return turn
    raise AssertionError


async def whole_log(lamps: Running) -> list[Event]:
    events = await outbox.read(lamps.store, SOURCE, after=0, limit=10_000)
    assert verify_chain(events) == await outbox.head(lamps.store, SOURCE)
    return events


def seals_fit(events: list[Event]) -> int:
    """How many inventories there are; each states the lamps lit before it and the head it follows."""
    lit = seals = 0
    for event in events:
        if event.type == "lamps.stock.taken.v1":
            seals += 1
            assert event.data["upto_sequence"] == event.sequence - 1
            assert event.data["hash"] == event.previoushash
            assert event.data["counts"] == {"lamp": lit}, event.sequence
        elif event.type == "lamps.lamp.lit.v1":
            lit += 1
    return seals


@pytest.mark.parametrize("replicas", [1, 2])
async def test_inventories_among_writers_count_what_comes_before_them(start: Start, replicas: int) -> None:
    running = [await start(toys.lamps()) for _ in range(replicas)]
    done = asyncio.Event()
    writers = [asyncio.create_task(write(running[n % replicas], n, done)) for n in range(WRITERS)]
    try:
        for number in range(SEALS):
            await take_stock(running[number % replicas], number)
            await asyncio.sleep(0.01)
    finally:
        done.set()
    lit = sum(await asyncio.gather(*writers))
    events = await whole_log(running[0])
    assert seals_fit(events) == SEALS
    assert len(events) == lit + SEALS


async def test_inventories_asked_for_at_once_with_writes_fit_as_well(start: Start) -> None:
    lamps = await start(toys.lamps())
    asked: list[Any] = []
    for n in range(60):
        name = f"lamp {n}"
        asked.append(lamps.store.execute(town=TOWN, actor="t", run=partial(toys.light, name=name)))
        if n % 5 == 0:
            asked.append(take_stock(lamps, n))
    await asyncio.gather(*asked)
    assert seals_fit(await whole_log(lamps)) == 12


async def test_a_group_ends_as_some_serial_order_would(start: Start) -> None:
    """Commands that get in each other's way, at once: the log replayed one by one gives the records."""
    lamps = await start(toys.lamps())
    made = [
        await lamps.store.execute(town=TOWN, actor="t", run=partial(toys.light, name=f"lamp {n}"))
        for n in range(4)
    ]

    async def remove(work: Work, id: str) -> None:
        lamp = await work.require(LAMPS, id)
        work.remove(LAMPS, lamp)
        work.announce("lamp.removed.v1", f"lamp/{id}", {"id": id, "version": lamp.version})

    commands: list[Any] = []
    for n in range(24):
        id = made[n % 4].id
        commands.append(partial(toys.brighten, id=id))
        if n % 3 == 0:
            commands.append(partial(toys.light, name=f"lamp {n % 6}"))
        if n % 12 == 7:
            commands.append(partial(remove, id=id))
    outcomes = await asyncio.gather(
        *(lamps.store.execute(town=TOWN, actor="t", run=run) for run in commands), return_exceptions=True
    )
    assert all(isinstance(one, Problem) for one in outcomes if isinstance(one, BaseException)), outcomes
    events = await whole_log(lamps)
    assert len(events) == 4 + sum(not isinstance(one, BaseException) for one in outcomes)
    state: dict[str, dict[str, Any]] = {}
    for event in events:
        id, version = event.data["id"], event.data["version"]
        if event.type == "lamps.lamp.removed.v1":
            assert state.pop(id)["version"] == version
            continue
        before = state.get(id, {"version": 0, "bright": -1})
        assert (version, event.data["bright"]) == (before["version"] + 1, before["bright"] + 1)
        names = {one["name"] for one in state.values()} - {before.get("name")}
        assert event.data["name"] not in names
        state[id] = event.data
    records = await lamps.store.reading(TOWN, "t").find(LAMPS)
    assert {one.id: (one.version, one.bright) for one in records} == {
        id: (data["version"], data["bright"]) for id, data in state.items()
    }
