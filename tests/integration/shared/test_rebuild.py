"""Read models made anew while others write, after an interruption, and by two processes at once."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from shared.endpoints.integrity import Checks, audit
from shared.events import rebuild as rebuilding
from shared.events.rebuild import ReadModel, rebuild, resume
from shared.process import runtime
from shared.process.service import Running
from shared.storage import bulk, mongo, outbox
from shared.storage.units import Writer
from shared.transport.memory import MemoryBroker, MemoryTransport
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start, Stop
from tests.integration.shared.test_chain import SOURCE, copies, light
from tests.integration.shared.toys import COPIES, TOWN
from tests.probes import PATIENCE, eventually

MODEL = ReadModel(("lamps",), (COPIES,))


@pytest.fixture
def new_transport() -> Callable[[str], MemoryTransport]:
    broker = MemoryBroker()
    return lambda _service: MemoryTransport(broker)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "RESUME_SECONDS", 0.2)
    monkeypatch.setattr(bulk, "IDS_AT_ONCE", 10)


async def whole(watch: Running, lit: int) -> bool:
    mark = await watch.inbox.mark(SOURCE)
    return (mark.upto, mark.seen, len(await copies(watch)), mark.rebuilding) == (lit, lit, lit, False)


async def in_order(watch: Running) -> None:
    assert (await audit(watch.store, TOWN, Checks((COPIES,)))).faults == []
    assert await watch.inbox.dead_letters(TOWN) == []


async def test_a_rebuild_among_writes_ends_whole(start: Start) -> None:
    watch, lamps = await start(toys.watch(model=MODEL)), await start(toys.lamps())
    for n in range(30):
        await light(lamps, f"before {n}")
    await eventually(lambda: whole(watch, 30))
    rebuilt = asyncio.create_task(rebuild(watch.store, TOWN, MODEL))
    for n in range(30):
        await light(lamps, f"meanwhile {n}")
    await rebuilt
    await eventually(lambda: whole(watch, 60))
    await in_order(watch)


async def test_another_town_goes_on_during_a_rebuild(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    watch, lamps = await start(toys.watch(model=MODEL)), await start(toys.lamps())
    await light(lamps, "north")
    await eventually(lambda: whole(watch, 1))
    going_on = asyncio.Event()
    delete_all = rebuilding._delete_all

    async def slowly(*arguments: Any) -> None:
        await going_on.wait()
        await delete_all(*arguments)

    monkeypatch.setattr(rebuilding, "_delete_all", slowly)
    rebuilt = asyncio.create_task(rebuild(watch.store, TOWN, MODEL))

    async def elsewhere() -> bool:
        return bool(await watch.store.reading("340281999", "t").find(COPIES))

    try:
        await light(lamps, "south")
        await lamps.store.execute(town="340281999", actor="t", run=lambda work: toys.light(work, "west"))
        await eventually(elsewhere)
        assert await copies(watch) != {}
    finally:
        going_on.set()
    await rebuilt
    await eventually(lambda: whole(watch, 2))
    await in_order(watch)


@pytest.mark.parametrize("step", ["_delete_keys", "_delete_all", "_finish"])
async def test_an_interrupted_rebuild_is_resumed(
    start: Start, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    lamps = await start(toys.lamps())
    watch = await start(toys.watch(model=MODEL))
    for n in range(25):
        await light(lamps, f"lamp {n}")
    await eventually(lambda: whole(watch, 25))

    class Killed(BaseException):
        """The process ends here."""

    async def ends(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as killed:
        killed.setattr(rebuilding, "resume", resume)
        killed.setattr(runtime, "resume", _nobody)
        killed.setattr(rebuilding, step, ends)
        with pytest.raises(Killed):
            await rebuild(watch.store, TOWN, MODEL)
        assert (await watch.inbox.mark(SOURCE)).rebuilding
    await light(lamps, "one more")
    await eventually(lambda: whole(watch, 26))
    await in_order(watch)


async def _nobody(*_: object) -> None:
    """Nobody resumes."""


async def test_two_processes_rebuilding_at_once_end_whole(start: Start) -> None:
    lamps = await start(toys.lamps())
    first, second = await start(toys.watch(model=MODEL)), await start(toys.watch(model=MODEL))
    for n in range(25):
        await light(lamps, f"lamp {n}")
    await eventually(lambda: whole(first, 25))
    await asyncio.gather(
        rebuild(first.store, TOWN, MODEL), rebuild(second.store, TOWN, MODEL), light(lamps, "one more")
    )
    await eventually(lambda: whole(first, 26))
    await in_order(first)


async def test_nobody_resumes_a_rebuild_that_somebody_is_at(
    start: Start, stop: Stop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "resume", _nobody)
    lamps = await start(toys.lamps())
    first, second = await start(toys.watch(model=MODEL)), await start(toys.watch(model=MODEL))
    await light(lamps, "north")
    await eventually(lambda: whole(first, 1))
    finish, finishing, going_on = rebuilding._finish, asyncio.Event(), asyncio.Event()

    async def paused(*arguments: Any) -> None:
        finishing.set()
        await going_on.wait()
        await finish(*arguments)

    with monkeypatch.context() as pausing:
        pausing.setattr(rebuilding, "_finish", paused)
        rebuilt = asyncio.create_task(rebuild(first.store, TOWN, MODEL))
        await finishing.wait()
    moves = (await first.inbox.mark(SOURCE)).moves
    for watch in (first, second):
        await resume(watch.store, MODEL)
        assert (await first.inbox.mark(SOURCE)).moves == moves
    rebuilt.cancel()
    await asyncio.wait([rebuilt])
    await resume(second.store, MODEL)
    assert (await first.inbox.mark(SOURCE)).moves == moves, "its process is alive, and resumes it"
    await stop(first)
    await resume(second.store, MODEL)
    await eventually(lambda: whole(second, 1))
    await in_order(second)


@pytest.mark.parametrize("collection", ["inbox", "copies"])
async def test_a_rebuild_that_another_overtook_deletes_no_more(
    start: Start, monkeypatch: pytest.MonkeyPatch, collection: str
) -> None:
    monkeypatch.setattr(runtime, "resume", _nobody)
    lamps = await start(toys.lamps())
    first, second = await start(toys.watch(model=MODEL)), await start(toys.watch(model=MODEL))
    await light(lamps, "north")
    await eventually(lambda: whole(first, 1))
    delete, deleting, going_on = bulk.delete, asyncio.Event(), asyncio.Event()

    async def late(where: Any, *arguments: Any, **options: Any) -> int:
        if where.name == collection and not deleting.is_set():
            deleting.set()
            await going_on.wait()
        return await delete(where, *arguments, **options)

    monkeypatch.setattr(bulk, "delete", late)
    overtaken = asyncio.create_task(rebuild(first.store, TOWN, MODEL))
    await deleting.wait()
    await rebuild(second.store, TOWN, MODEL)
    await eventually(lambda: whole(second, 1))
    going_on.set()
    await overtaken
    assert await whole(second, 1)
    assert len(await second.store.find("inbox", {"_id": {"$in": outbox.positions(SOURCE, 1, 1)}})) == 1
    await in_order(second)


async def test_a_rebuild_that_ended_while_another_process_was_about_to_resume_it_stays_as_it_is(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "resume", _nobody)
    lamps = await start(toys.lamps())
    first, second = await start(toys.watch(model=MODEL)), await start(toys.watch(model=MODEL))
    await light(lamps, "north")
    await eventually(lambda: whole(first, 1))
    as_left = {"$set": {"rebuilding": ""}, "$inc": {"moves": 1}}  # as an earlier release leaves it
    await first.store.database["sources"].update_one({"_id": SOURCE}, as_left)
    find = second.store.find

    async def stale(name: str, query: Any, **options: Any) -> list[dict[str, Any]]:
        found = await find(name, query, **options)
        if "rebuilding" in query:
            await resume(first.store, MODEL)
            await eventually(lambda: whole(first, 1))
        return found

    monkeypatch.setattr(second.store, "find", stale)
    await resume(second.store, MODEL)
    await light(lamps, "south")
    await eventually(lambda: whole(first, 2))
    await in_order(first)


async def test_a_restore_that_is_followed_is_not_forgotten_by_another_rebuild(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "resume", _nobody)
    watch, epoch = await start(toys.watch(model=MODEL)), "2020-01-01T00:00:00.000Z/1"
    with monkeypatch.context() as ending:
        ending.setattr(rebuilding, "_finish", _nobody)
        await rebuild(watch.store, TOWN, MODEL, restored={SOURCE: epoch})
    await rebuild(watch.store, TOWN, MODEL)
    assert (await watch.inbox.mark(SOURCE)).epoch == epoch


async def test_a_batch_that_a_rebuild_overtakes_is_applied_again(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its projection is written before the read model is emptied, its keys after the keys were deleted."""
    watch, lamps = await start(toys.watch(model=MODEL)), await start(toys.lamps())
    await light(lamps, "north")
    await eventually(lambda: whole(watch, 1))
    projected, emptied = asyncio.Event(), asyncio.Event()
    project, delete_all, insert = Writer.project, rebuilding._delete_all, mongo.insert

    async def projecting(self: Writer, works: Any) -> None:
        await project(self, works)
        if self.service == "watch":
            projected.set()

    async def inserting(collection: Any, *arguments: Any, **options: Any) -> None:
        if collection.name == "inbox" and not emptied.is_set():
            await emptied.wait()
            await insert(collection, *arguments, **options)
            keys_written.set()
            return
        await insert(collection, *arguments, **options)

    async def deleting(*arguments: Any) -> None:
        await delete_all(*arguments)
        emptied.set()
        await keys_written.wait()

    keys_written = asyncio.Event()
    monkeypatch.setattr(Writer, "project", projecting)
    monkeypatch.setattr(mongo, "insert", inserting)
    monkeypatch.setattr(rebuilding, "_delete_all", deleting)
    await light(lamps, "south")
    await projected.wait()
    async with asyncio.timeout(PATIENCE):
        await rebuild(watch.store, TOWN, MODEL)
    await eventually(lambda: whole(watch, 2))
    await in_order(watch)
