"""Events that arrive in one batch, or in an order that is not the log's."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from shared.envelope import Event
from shared.errors import Unavailable
from shared.events import dead_letters, marks
from shared.events.inbox import Inbox
from shared.events.rebuild import rebuild
from shared.events.sorting import Sorted
from shared.process.service import Running
from shared.transport import Message
from shared.transport.memory import MemoryBroker, MemoryTransport
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start
from tests.integration.shared.test_chain import SOURCE, copies, do, light, reached
from tests.integration.shared.test_reactions import MODEL, greeted
from tests.integration.shared.test_restored import announce, letters, set_back
from tests.integration.shared.toys import TOWN
from tests.probes import eventually


@pytest.fixture
def new_transport() -> Callable[[str], MemoryTransport]:
    broker = MemoryBroker()
    return lambda _service: MemoryTransport(broker)


class Held:
    """What a relay publishes, kept until it is let go; a replay of it too."""

    def __init__(self, lamps: Running, monkeypatch: pytest.MonkeyPatch) -> None:
        self._publish = lamps.transport.publish
        self._patch, self._transport = monkeypatch, lamps.transport
        self.messages: list[Message] = []
        monkeypatch.setattr(lamps.transport, "publish", self._keep)

    async def _keep(self, messages: Sequence[Message]) -> None:
        self.messages += messages

    async def until(self, sequence: int) -> None:
        await eventually(lambda: any(m.id == f"{SOURCE}#{sequence:012d}" for m in self.messages))

    def has(self, epoch: str, *sequences: int) -> bool:
        return {*sequences} == {e.sequence for e in decoded(self.messages) if e.epoch == epoch}

    async def let(self, *messages: Message) -> None:
        """Publish these messages, in one batch."""
        await self._publish(messages)

    async def let_all(self) -> None:
        """Publish what was kept, and from now on whatever is published."""
        self._patch.setattr(self._transport, "publish", self._publish)
        await self._publish(self.messages)


def decoded(messages: Sequence[Message]) -> list[Event]:
    return [Event.decode(message.body) for message in messages]


def of_epochs(held: Held) -> list[Message]:
    """The messages of events since the restore, each once, in the order of the log."""
    return [m for _, m in sorted({m.id: m for m in held.messages if Event.decode(m.body).epoch}.items())]


@pytest.mark.parametrize("model", [None, MODEL])
async def test_a_batch_with_events_of_two_restores_is_applied_as_of_the_second(
    start: Start, monkeypatch: pytest.MonkeyPatch, model: Any
) -> None:
    watch, lamps = await start(toys.watch(model=model)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    held = Held(lamps, monkeypatch)
    for name in ("east", "west"):
        await set_back(lamps, 1)
        epoch = await announce(lamps)
        await light(lamps, name)
        await eventually(partial(held.has, epoch, 2, 3))
    await held.let_all()

    async def followed() -> bool:
        return "west" in await copies(watch) and await reached(watch) == (3, 3)

    await eventually(followed)
    assert "east" not in await copies(watch)


async def test_a_dead_letter_of_a_restore_that_is_not_followed_yet_is_not_applied(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, lamps = await start(toys.watch(model=MODEL)), await start(toys.lamps())
    for name in ("north", "south"):
        await light(lamps, name)
    await eventually(lambda: watch.consumer.applied == 2)
    held = Held(lamps, monkeypatch)
    await set_back(lamps, 1)
    await announce(lamps)
    await held.until(2)
    monkeypatch.setattr(dead_letters, "ATTEMPTS", 2)
    with pytest.raises(Unavailable):
        await watch.dead_letters._apply(decoded(held.messages)[-1])


async def test_what_of_the_undone_past_arrives_before_what_took_its_place_does_not_take_its_place(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, lamps = await start(toys.watch(model=MODEL)), await start(toys.lamps())
    await light(lamps, "north")
    await eventually(lambda: watch.consumer.applied == 1)
    held = Held(lamps, monkeypatch)
    for name in ("south", "west"):
        await light(lamps, name)
    await held.until(3)
    undone = list(held.messages)
    await set_back(lamps, 1)
    await announce(lamps)
    await light(lamps, "east")
    await held.until(3)
    await eventually(lambda: len(of_epochs(held)) == 2)
    announced, east = of_epochs(held)
    # The one that was announced is heard, then what the restore undid, then what is new.
    await held.let(announced)
    await eventually(lambda: watch.consumer.applied >= 2)
    await held.let(undone[1])
    await eventually(lambda: letters(watch))
    await held.let(undone[0], east)

    async def followed() -> bool:
        return sorted(await copies(watch)) == ["east", "north"] and await reached(watch) == (3, 3)

    await held.let_all()
    await eventually(followed)


@pytest.mark.parametrize("faster", ["replica", "restore"])
async def test_what_a_restore_undid_does_not_stay_in_the_copies_where_it_was_written_too_late(
    start: Start, monkeypatch: pytest.MonkeyPatch, faster: str
) -> None:
    """Copies are written before the mark, which another process may have moved meanwhile."""
    watch, lamps = await start(toys.watch(model=MODEL)), await start(toys.lamps())
    lamp = await light(lamps, "north")
    await eventually(lambda: watch.consumer.applied == 1)
    before = await lamps.store.find("lamps", {"_id": lamp.id})
    held = Held(lamps, monkeypatch)
    await do(lamps, partial(toys.brighten, id=lamp.id))
    await held.until(2)
    (undone,) = held.messages
    await set_back(lamps, 1)
    await lamps.store.database["lamps"].insert_many(before)
    epoch = await announce(lamps)
    await eventually(partial(held.has, epoch, 2))
    (announced,) = of_epochs(held)
    take, overtaken = watch.inbox.take, list[str]()

    async def overtake(*arguments: Any) -> None:
        if not overtaken:
            overtaken.append(faster)
            if faster == "restore":
                late = await watch.store.find("copies", {"_id": lamp.id})
                await rebuild(watch.store, TOWN, MODEL, restored={SOURCE: epoch})
                await watch.store.database["copies"].insert_many(late)
            else:
                inbox = Inbox(watch.store, streams=("lamps",), keep=False)
                await replace(watch.consumer, inbox=inbox).reapply(Event.decode(announced.body))
        await take(*arguments)

    monkeypatch.setattr(watch.inbox, "take", overtake)
    await held.let(undone)
    await eventually(lambda: watch.consumer.conflicting == 1)
    await held.let_all()

    async def followed() -> bool:
        copy = (await copies(watch)).get("north")
        return copy is not None and (copy.version, copy.bright) == (1, 0) and await reached(watch) == (2, 2)

    await eventually(followed)


async def test_an_event_whose_place_in_the_mark_was_dropped_is_reacted_to_once(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two replicas one may be far ahead: the mark keeps only so many ranges, and the rest is asked for again."""
    monkeypatch.setattr(marks, "RANGES_KEPT", 2)
    watch, lamps = await start(toys.watch(greets=True)), await start(toys.lamps())
    held = Held(lamps, monkeypatch)
    for n in range(1, 10):
        await light(lamps, f"lamp {n}")
    await held.until(9)
    early = {event.sequence: m for event, m in zip(decoded(held.messages), held.messages, strict=True)}
    for n in (3, 5, 7, 9):
        await held.let(early[n])
    await eventually(lambda: watch.consumer.applied == 4)
    await held.let_all()

    async def whole() -> bool:
        return await reached(watch) == (9, 9)

    await eventually(whole)
    assert await greeted(watch) == [f"lamp {n}" for n in range(1, 10)]


async def test_events_of_one_record_are_applied_apart_where_one_does_more_than_copy(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, lamps = await start(toys.watch(greets=True)), await start(toys.lamps())
    held = Held(lamps, monkeypatch)
    lamp = await light(lamps, "north")
    await do(lamps, partial(toys.brighten, id=lamp.id))
    await do(lamps, partial(toys.brighten, id=lamp.id))
    await light(lamps, "south")
    await held.until(4)
    take, together = watch.inbox.take, list[list[int]]()

    async def noted(batch: Sorted, session: Any) -> None:
        together.append([event.sequence for event in batch.fresh])
        await take(batch, session)

    monkeypatch.setattr(watch.inbox, "take", noted)
    await held.let_all()

    async def whole() -> bool:
        return await reached(watch) == (4, 4)

    await eventually(whole)
    assert not any({1, 2} <= {*taken} or {1, 3} <= {*taken} for taken in together)
    assert (await copies(watch))["north"].bright == 2
    assert await greeted(watch) == ["north", "south"]
