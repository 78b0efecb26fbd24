"""Dead letters on both transports: kept whole, applied once mended, given up with a reason, never lost or doubled."""

import pytest

from shared.events import inbox
from shared.events.dead_letters import DeadLetters, StillRefused
from shared.events.rebuild import ReadModel, rebuild
from shared.process.service import Running
from shared.storage import outbox
from shared.storage.units import Unit
from shared.storage.work import Work
from shared.transport import Message
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start, Stop
from tests.integration.shared.test_chain import SOURCE, copies, light, reached
from tests.integration.shared.test_restored import set_back
from tests.integration.shared.toys import COPIES, TOWN
from tests.probes import eventually

POSITION = f"{SOURCE}#000000000001"
MODEL = ReadModel(("lamps",), (COPIES,))


def desk(service: Running) -> DeadLetters:
    return service.dead_letters


async def parked(watch: Running, lamps: Running) -> None:
    await light(lamps, "cursed")
    await light(lamps, "north")
    await eventually(lambda: watch.consumer.parked == 1 and watch.consumer.applied == 1)


async def test_a_letter_is_applied_once_its_handler_is_mended(start: Start) -> None:
    cursed = {"cursed"}
    watch, lamps = await start(toys.watch(cursed=cursed)), await start(toys.lamps())
    await parked(watch, lamps)
    (letter,) = await watch.inbox.dead_letters(TOWN)
    with pytest.raises(StillRefused, match="nobody can copy"):
        await desk(watch).replay(letter)
    cursed.clear()
    await desk(watch).replay(letter)
    assert sorted(await copies(watch)) == ["cursed", "north"]
    assert await watch.inbox.dead_letters(TOWN) == []
    (key,) = await watch.store.find("inbox", {"_id": POSITION})
    assert "parked" not in key
    assert await watch.transport.dead_letters("watch") == []


async def test_a_letter_sent_back_by_the_broker_is_applied_as_well(start: Start) -> None:
    cursed = {"cursed"}
    watch, lamps = await start(toys.watch(cursed=cursed)), await start(toys.lamps())
    await parked(watch, lamps)
    cursed.clear()
    (letter,) = await watch.transport.dead_letters("watch")
    await watch.transport.drop_dead_letters("watch", {POSITION})
    await lamps.transport.publish([letter])
    await eventually(lambda: watch.consumer.applied == 2)
    assert sorted(await copies(watch)) == ["cursed", "north"]
    assert await watch.inbox.dead_letters(TOWN) == []


async def test_a_letter_heard_again_is_tried_again_and_kept_once(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    await parked(watch, lamps)
    await watch.inbox.ask(TOWN, SOURCE, 1, 0)
    await eventually(lambda: watch.consumer.parked == 2)
    assert len(await watch.inbox.dead_letters(TOWN)) == 1
    assert len(await watch.transport.dead_letters("watch")) == 1


async def test_letters_outlive_the_service(start: Start, stop: Stop) -> None:
    cursed = {"cursed"}
    watch, lamps = await start(toys.watch(cursed=cursed)), await start(toys.lamps())
    await parked(watch, lamps)
    await stop(watch)
    cursed.clear()
    back = await start(toys.watch(cursed=cursed))
    (letter,) = await back.inbox.dead_letters(TOWN)
    await desk(back).replay(letter)
    assert sorted(await copies(back)) == ["cursed", "north"]


async def test_what_was_given_up_stays_given_up(start: Start) -> None:
    cursed = {"cursed"}
    watch, lamps = await start(toys.watch(cursed=cursed)), await start(toys.lamps())
    await parked(watch, lamps)
    (letter,) = await watch.inbox.dead_letters(TOWN)
    await desk(watch).drop(letter, reason="a test", by="clerk")
    assert (await watch.inbox.dead_letters(TOWN), await watch.transport.dead_letters("watch")) == ([], [])
    cursed.clear()
    await watch.inbox.ask(TOWN, SOURCE, 1, 0)
    await eventually(lambda: watch.consumer.applied >= 3)
    assert sorted(await copies(watch)) == ["north"]
    assert await reached(watch) == (2, 2)


@pytest.mark.parametrize("mended", [True, False])
async def test_what_was_given_up_stays_given_up_when_the_copies_are_made_anew(
    start: Start, mended: bool
) -> None:
    cursed = {"cursed"}
    watch, lamps = await start(toys.watch(cursed=cursed, model=MODEL)), await start(toys.lamps())
    await light(lamps, "cursed")
    await light(lamps, "north")
    await eventually(lambda: watch.consumer.parked == 1 and watch.consumer.applied == 1)
    (letter,) = await watch.inbox.dead_letters(TOWN)
    await desk(watch).drop(letter, reason="a test", by="clerk")
    if mended:
        cursed.clear()
    for _ in range(2):
        await rebuild(watch.store, TOWN, MODEL)
        await eventually(lambda: has_reached(watch, 2, "north"))
    assert await watch.inbox.dead_letters(TOWN) == []
    assert watch.consumer.parked == 1
    (key,) = await watch.store.find("inbox", {"_id": POSITION})
    assert (key["dropped"]["by"], key["dropped"]["reason"]) == ("clerk", "a test")


async def test_what_could_not_be_read_and_was_given_up_stays_so_when_the_copies_are_made_anew(
    start: Start,
) -> None:
    watch, lamps = await start(toys.watch(model=MODEL)), await start(toys.lamps())
    broken = Message("lamps.lamp.lit.v1", b'{"town":"\xff"', POSITION)
    await lamps.transport.publish([broken])
    (letter,) = await eventually(lambda: watch.inbox.dead_letters(TOWN))
    await desk(watch).drop(letter, reason="a test", by="clerk")
    await rebuild(watch.store, TOWN, MODEL)
    await lamps.transport.publish([broken])
    await eventually(lambda: has_reached(watch, 1))
    assert await watch.inbox.dead_letters(TOWN) == []


async def test_another_event_of_the_number_of_one_that_was_given_up_is_applied(start: Start) -> None:
    """As of a log that was set back, and went on otherwise, without a word."""
    watch, lamps = await start(toys.watch(model=MODEL)), await start(toys.lamps())
    await light(lamps, "north")
    await light(lamps, "cursed")
    await eventually(lambda: watch.consumer.parked == 1)
    (letter,) = await watch.inbox.dead_letters(TOWN)
    await desk(watch).drop(letter, reason="a test", by="clerk")
    await set_back(lamps, 1)
    await rebuild(watch.store, TOWN, MODEL)
    await light(lamps, "south")
    await eventually(lambda: has_reached(watch, 2, "north", "south"))
    (key,) = await watch.store.find("inbox", {"_id": letter.id})
    assert "dropped" not in key


async def has_reached(watch: Running, sequence: int, *copied: str) -> bool:
    return await reached(watch) == (sequence, sequence) and sorted(await copies(watch)) == sorted(copied)


async def test_what_cannot_be_read_is_kept_under_its_number(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    broken = Message("lamps.lamp.lit.v1", b'{"town":"\xff"', POSITION)
    await lamps.transport.publish([broken])
    (letter,) = await eventually(lambda: watch.inbox.dead_letters(TOWN))
    assert (letter.sequence, letter.readable, letter.handler) == (1, False, "decode")
    assert await reached(watch) == (1, 1)
    with pytest.raises(StillRefused):
        await desk(watch).replay(letter)


async def test_a_kept_log_misses_nothing_that_could_be_read(start: Start) -> None:
    watch, lamps = await start(toys.watch(keep=True)), await start(toys.lamps())
    await parked(watch, lamps)
    assert [event.sequence for event in await inbox.kept(watch.store, SOURCE, upto=2)] == [1, 2]


async def test_an_inventory_says_how_many_letters_there_are_and_names_them(start: Start) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    await parked(watch, lamps)
    work = Work(TOWN, "tester", watch.store.clock, watch.store)
    work.announce("stock.taken.v1", "stock/2020", {}, inventory=())
    await watch.store.commit(Unit([work]))
    (taken,) = await outbox.read(watch.store, f"/{TOWN}/watch", after=0, limit=10)
    assert taken.data["parked"] == 1
    (named,) = taken.data["parked_events"]
    assert (named["source"], named["sequence"]) == (SOURCE, 1)
    assert named["type"].startswith("lamps.")
    assert named["reason"]
    assert "(" not in named["reason"]
