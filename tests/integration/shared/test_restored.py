"""A service set back to an older backup: what it says anew is never taken for what it said before."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.endpoints.restored import begin_epochs
from shared.envelope import Event
from shared.events.dead_letter import DeadLetter
from shared.events.rebuild import ReadModel, rebuild, rewind
from shared.events.sorting import TOO_FAR
from shared.process.service import Running
from shared.storage import bulk
from shared.storage.outbox import documents, positions
from shared.storage.units import Superseded
from shared.transport import Message
from tests.fixtures.clocks import FixedClock
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start
from tests.integration.shared.test_chain import SOURCE, copies, light, reached
from tests.integration.shared.toys import COPIES, TOWN
from tests.probes import eventually

NOON = datetime(2020, 12, 7, 12, tzinfo=UTC)
MODEL = ReadModel(("lamps",), (COPIES,))


async def set_back(lamps: Running, sequence: int) -> None:
    """The database of `lamps` as a backup taken after an event holds it."""
    database = lamps.store.database
    (kept,) = await documents(lamps.store, "outbox", positions(SOURCE, sequence, sequence))
    later = positions(SOURCE, sequence + 1, (await reached_head(lamps)))
    names = [Event.decode(d["body"]).data.get("name") for d in await documents(lamps.store, "outbox", later)]
    await database["outbox"].delete_many({"_id": {"$in": later}})
    await database["lamps"].delete_many({"name": {"$in": names}})
    head = {"sequence": sequence, "hash": Event.decode(kept["body"]).hash}
    await database["streams"].update_one({"_id": SOURCE}, {"$set": head})
    await database["cursors"].update_one({"_id": SOURCE}, {"$set": {"published": sequence}})
    lamps.store._heads.clear()
    lamps.relay._led = frozenset()


async def reached_head(lamps: Running) -> int:
    (stream,) = await lamps.store.find("streams", {"_id": SOURCE})
    return int(stream["sequence"])


async def announce(lamps: Running) -> str:
    """What the command of an operator does."""
    return (await begin_epochs(lamps.store, TOWN, "operator"))[SOURCE]


async def letters(watch: Running) -> list[DeadLetter]:
    return await watch.inbox.dead_letters(TOWN)


@pytest.mark.parametrize("keep", [False, True])
async def test_a_number_given_twice_is_named_and_the_first_stays(start: Start, keep: bool) -> None:
    watch, lamps = await start(toys.watch(keep=keep)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    await set_back(lamps, 1)
    await light(lamps, "east")

    (letter,) = await eventually(lambda: letters(watch))
    assert (letter.sequence, letter.conflicting) == (2, True)
    assert sorted(await copies(watch)) == ["north", "south"]
    await eventually(lambda: watch.consumer.conflicting == 1)


async def test_after_a_rebuild_the_copy_is_that_of_the_restored_service(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    await set_back(lamps, 1)
    await light(lamps, "east")
    await eventually(lambda: letters(watch))
    await rebuild(watch.store, TOWN, MODEL)

    async def anew() -> bool:
        return sorted(await copies(watch)) == ["east", "north"] and await reached(watch) == (2, 2)

    await eventually(anew)
    assert await letters(watch) == []


async def test_a_restore_that_is_announced_is_followed_without_a_hand(start: Start) -> None:
    watch, lamps = await start(toys.watch(keep=True, model=MODEL)), await start(toys.lamps())
    for name in ("north", "south", "west"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 3)
    await set_back(lamps, 1)
    epoch = await announce(lamps)
    assert epoch.endswith("/2")
    await light(lamps, "east")

    async def anew() -> bool:
        return sorted(await copies(watch)) == ["east", "north"] and await reached(watch) == (3, 3)

    await eventually(anew)
    # What the restore undid was acknowledged once: it is kept where somebody can see it.
    undone = [Event.decode(letter.body).data["name"] for letter in await letters(watch)]
    assert undone == ["south", "west"]


@pytest.mark.parametrize("written", [["east"], ["east", "west"], ["east", "west", "up"]])
async def test_what_was_written_before_the_restore_is_announced_is_followed_too(
    start: Start, written: list[str]
) -> None:
    watch, lamps = await start(toys.watch(keep=True, model=MODEL)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    await set_back(lamps, 1)
    for name in written:
        await light(lamps, name)
    await eventually(lambda: watch.consumer.conflicting == len(written))
    await announce(lamps)

    async def anew() -> bool:
        seen = len(written) + 2
        return sorted(await copies(watch)) == sorted(["north", *written]) and await reached(watch) == (
            seen,
            seen,
        )

    await eventually(anew)
    undone = [Event.decode(letter.body).data["name"] for letter in await letters(watch)]
    assert undone == ["south"]


async def test_handlers_that_only_react_follow_what_was_written_before_it_is_announced(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    await set_back(lamps, 1)
    for name in ("east", "west"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.conflicting == 2)
    await announce(lamps)

    async def followed() -> bool:
        return await reached(watch) == (4, 4) and not await letters(watch)

    await eventually(followed)
    assert sorted(await copies(watch)) == ["east", "north", "south", "west"]


async def test_an_event_far_beyond_its_stream_is_a_dead_letter_and_nothing_is_requested(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    await light(lamps, "north")
    await eventually(lambda: watch.consumer.applied == 1)
    (first,) = await documents(lamps.store, "outbox", positions(SOURCE, 1, 1))
    far = Event.decode(first["body"]).model_copy(update={"sequence": 900_000_000_000, "id": "far"}).hashed()
    await lamps.transport.publish([Message(type=far.type, body=far.encode(), id="far")])
    (letter,) = await eventually(lambda: letters(watch))
    assert (letter.sequence, letter.reason) == (900_000_000_000, TOO_FAR)
    await light(lamps, "south")
    await eventually(lambda: copies_are(watch, ["north", "south"]))

    async def followed() -> bool:
        return await reached(watch) == (2, 2)

    await eventually(followed)


async def copies_are(watch: Running, names: list[str]) -> bool:
    return sorted(await copies(watch)) == names


async def test_handlers_that_only_react_see_the_events_before_the_restore_once(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    await set_back(lamps, 1)
    await announce(lamps)
    await light(lamps, "east")

    async def followed() -> bool:
        return await reached(watch) == (3, 3)

    await eventually(followed)
    assert sorted(await copies(watch)) == ["east", "north", "south"]
    assert watch.consumer.conflicting == 0


async def test_who_follows_a_restore_later_than_another_deletes_nothing_that_was_received_since(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    delete, deleting, going_on = bulk.delete, asyncio.Event(), asyncio.Event()

    async def late(*arguments: Any, **options: Any) -> int:
        if not deleting.is_set():
            deleting.set()
            await going_on.wait()
        return await delete(*arguments, **options)

    monkeypatch.setattr(bulk, "delete", late)
    rewound = asyncio.create_task(rewind(watch.store, SOURCE, "2020-01-01T00:00:00.000Z/2"))
    await deleting.wait()
    await set_back(lamps, 1)
    await announce(lamps)
    await eventually(lambda: reached_are(watch, (2, 2), "/2"))
    going_on.set()
    with pytest.raises(Superseded):
        await rewound
    assert len(await documents(watch.store, "inbox", positions(SOURCE, 1, 2))) == 2


async def reached_are(watch: Running, expected: tuple[int, int], epoch: str) -> bool:
    mark = await watch.inbox.mark(SOURCE)
    return (mark.upto, mark.seen) == expected and mark.epoch.endswith(epoch)


@pytest.mark.parametrize("moved", [timedelta(hours=-6), timedelta()])
async def test_a_second_restore_is_followed_where_the_clock_was_set_back_or_stood_still(
    start: Start, moved: timedelta
) -> None:
    watch, lamps = await start(toys.watch(model=MODEL)), await start(toys.lamps())
    lamps.store._writer.clock = FixedClock(NOON)
    names = [f"lamp {n:02}" for n in range(1, 12)]
    for name in names:
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 11)
    await set_back(lamps, 8)
    assert (await announce(lamps)).endswith("/9")
    await light(lamps, "east")
    await eventually(lambda: copies_are(watch, ["east", *names[:8]]))
    lamps.store._writer.clock = FixedClock(NOON + moved)
    assert (await announce(lamps)).endswith("/11")
    await light(lamps, "west")
    await eventually(lambda: copies_are(watch, ["east", *names[:8], "west"]))
    assert await letters(watch) == []


async def test_what_of_the_undone_past_arrives_late_is_not_applied(start: Start) -> None:
    watch, lamps = await start(toys.watch(keep=True, model=MODEL)), await start(toys.lamps())
    await light(lamps, "north")
    await light(lamps, "south")
    await eventually(lambda: watch.consumer.applied == 2)
    (late,) = await documents(watch.store, "inbox", positions(SOURCE, 2, 2))
    await set_back(lamps, 1)
    await announce(lamps)

    async def anew() -> bool:
        return sorted(await copies(watch)) == ["north"] and await reached(watch) == (2, 2)

    await eventually(anew)
    body = late["body"]
    message = Message(type=Event.decode(body).type, body=body.encode(), id=late["_id"])
    await lamps.transport.publish([message])
    await eventually(lambda: watch.consumer.conflicting >= 1)
    assert sorted(await copies(watch)) == ["north"]
