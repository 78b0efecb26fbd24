"""What a service does about an event beside copying it is done once, however often its copies are made anew."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from shared.envelope import Event
from shared.events import rebuild as rebuilding
from shared.events.rebuild import ReadModel, rebuild, resume
from shared.process import runtime
from shared.process.service import Running
from shared.storage import mongo, outbox
from shared.transport import Message
from shared.transport.memory import MemoryBroker, MemoryTransport
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start
from tests.integration.shared.test_chain import SOURCE, copies, light
from tests.integration.shared.test_restored import announce, letters, set_back
from tests.integration.shared.toys import COPIES, GREETINGS, TOWN
from tests.probes import eventually

MODEL = ReadModel(("lamps",), (COPIES,))


@pytest.fixture
def new_transport() -> Callable[[str], MemoryTransport]:
    broker = MemoryBroker()
    return lambda _service: MemoryTransport(broker)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "RESUME_SECONDS", 0.2)


async def greeted(watch: Running) -> list[str]:
    return sorted(greeting.name for greeting in await watch.store.reading(TOWN, "tester").find(GREETINGS))


async def whole(watch: Running, *names: str) -> bool:
    """These lamps are copied, and no event is missing."""
    mark = await watch.inbox.mark(SOURCE)
    return mark.upto == mark.seen > 0 and sorted(await copies(watch)) == sorted(names)


async def test_a_rebuild_copies_again_and_does_nothing_again(start: Start) -> None:
    watch, lamps = await start(toys.watch(model=MODEL, greets=True)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: whole(watch, "north", "south"))
    for name in ("east", "west"):
        await rebuild(watch.store, TOWN, MODEL)
        await light(lamps, name)
    await eventually(lambda: whole(watch, "north", "south", "east", "west"))
    assert await greeted(watch) == ["east", "north", "south", "west"]


async def test_what_a_restore_undid_is_no_copy_and_what_was_done_about_it_stays(start: Start) -> None:
    watch, lamps = await start(toys.watch(model=MODEL, greets=True)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: whole(watch, "north", "south"))
    await set_back(lamps, 1)
    await announce(lamps)
    await light(lamps, "east")
    await eventually(lambda: whole(watch, "north", "east"))
    assert await greeted(watch) == ["east", "north", "south"]


async def test_what_was_written_before_the_restore_is_announced_is_reacted_to(start: Start) -> None:
    watch, lamps = await start(toys.watch(model=MODEL, greets=True)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: whole(watch, "north", "south"))
    await set_back(lamps, 1)
    await light(lamps, "east")
    await eventually(lambda: letters(watch))
    await rebuild(watch.store, TOWN, MODEL)
    await eventually(lambda: whole(watch, "north", "east"))
    assert await greeted(watch) == ["east", "north", "south"]


@pytest.mark.parametrize("step", ["_delete_keys", "_delete_all", "_finish"])
async def test_a_dead_letter_is_reacted_to_once_it_can_be_read_even_after_an_interruption(
    start: Start, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    cursed = {"north"}
    watch = await start(toys.watch(model=MODEL, greets=True, cursed=cursed))
    lamps = await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: whole(watch, "south"))
    assert len(await letters(watch)) == 1
    cursed.clear()
    whole_step = getattr(rebuilding, step)

    class Killed(BaseException):
        """The process ends here."""

    async def ends(*arguments: object) -> None:
        if step != "_finish":
            await whole_step(*arguments)
        raise Killed

    with monkeypatch.context() as killed:
        killed.setattr(runtime, "resume", _nobody)
        killed.setattr(rebuilding, step, ends)
        with pytest.raises(Killed):
            await rebuild(watch.store, TOWN, MODEL)
    await resume(watch.store, MODEL)
    await eventually(lambda: whole(watch, "north", "south"))
    assert await greeted(watch) == ["north", "south"]


async def test_a_mark_that_is_moved_while_it_is_noted_what_was_handled_is_noted_all_the_same(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that arrives during a rebuild is held, and counts as seen: that writes the mark."""
    watch, lamps = await start(toys.watch(model=MODEL, greets=True)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: whole(watch, "north", "south"))
    bulk_write, moved = mongo.bulk_write, list[int]()

    async def overtaken(collection: Any, writes: Any, *arguments: Any) -> int:
        if not moved and "handled" in str(writes):
            moved.append(2)
            await watch.inbox.saw(SOURCE, 2)
        return await bulk_write(collection, writes, *arguments)

    monkeypatch.setattr(mongo, "bulk_write", overtaken)
    await rebuild(watch.store, TOWN, MODEL)
    await eventually(lambda: whole(watch, "north", "south"))
    assert moved
    assert await greeted(watch) == ["north", "south"]


async def test_what_is_written_after_a_restore_is_reacted_to_where_a_rebuild_came_before_it_is_heard(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new log has other events at the numbers of those that were handled."""
    watch, lamps = await start(toys.watch(model=MODEL, greets=True)), await start(toys.lamps())
    for name in ("north", "south", "west"):
        await light(lamps, name)
    await eventually(lambda: whole(watch, "north", "south", "west"))
    publish, rebuilt = lamps.transport.publish, asyncio.Event()

    async def late(*arguments: Any) -> None:
        await rebuilt.wait()
        await publish(*arguments)

    monkeypatch.setattr(lamps.transport, "publish", late)
    await set_back(lamps, 1)
    await announce(lamps)
    await light(lamps, "east")
    await rebuild(watch.store, TOWN, MODEL)
    rebuilt.set()
    await eventually(lambda: whole(watch, "north", "east"))
    assert await greeted(watch) == ["east", "north", "south", "west"]


async def test_a_foreign_event_that_the_log_went_on_after_lets_nothing_be_done_again(start: Start) -> None:
    """Of another system on the same broker: it has the number of one that was applied."""
    watch, lamps = await start(toys.watch(model=MODEL, greets=True)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: whole(watch, "north", "south"))
    (first,) = await outbox.documents(lamps.store, "outbox", outbox.positions(SOURCE, 1, 1))
    foreign = Event.decode(first["body"]).model_copy(update={"actor": "stranger"}).hashed()
    await lamps.transport.publish([Message(type=foreign.type, body=foreign.encode(), id="foreign")])
    await eventually(lambda: letters(watch))
    await light(lamps, "east")
    await eventually(lambda: whole(watch, "north", "south", "east"))
    await rebuild(watch.store, TOWN, MODEL)
    await eventually(lambda: whole(watch, "north", "south", "east"))
    assert await greeted(watch) == ["east", "north", "south"]
    assert await letters(watch) == []


async def test_the_number_of_a_foreign_event_before_which_others_are_missing_is_not_handled(
    start: Start,
) -> None:
    """Another system on the same broker publishes its last event when it connects."""
    watch, lamps = await start(toys.watch(model=MODEL, greets=True)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: whole(watch, "north", "south"))
    (first,) = await outbox.documents(lamps.store, "outbox", outbox.positions(SOURCE, 1, 1))
    other = {"sequence": 4, "id": "other", "previoushash": "of a log of its own"}
    foreign = Event.decode(first["body"]).model_copy(update=other).hashed()
    await lamps.transport.publish([Message(type=foreign.type, body=foreign.encode(), id="foreign")])
    await eventually(lambda: seen(watch, 4))
    await rebuild(watch.store, TOWN, MODEL)
    await eventually(lambda: whole(watch, "north", "south"))
    assert not (await watch.inbox.mark(SOURCE)).received_anew, "all that was handled is here"
    for name in ("east", "west"):
        await light(lamps, name)
    await eventually(lambda: whole(watch, "north", "south", "east", "west"))
    assert "west" in await greeted(watch), "of the number of the foreign event"


async def seen(watch: Running, sequence: int) -> bool:
    return (await watch.inbox.mark(SOURCE)).seen == sequence


async def _nobody(*_: object) -> None:
    """Nobody resumes."""
