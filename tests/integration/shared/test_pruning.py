"""Keys of events long applied are deleted; nothing else notices."""

import asyncio
from typing import Any

import pytest

from shared.endpoints.integrity import Checks, IntegrityFault, audit
from shared.events import inbox as inboxes
from shared.events.dead_letter import DeadLetter
from shared.events.rebuild import ReadModel, rebuild
from shared.events.sorting import UNLINKED
from shared.process.service import Running
from shared.storage import bulk, outbox
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start
from tests.integration.shared.test_chain import SOURCE, copies, light, reached
from tests.integration.shared.toys import COPIES, TOWN
from tests.probes import eventually

NAMES = ("north", "south", "east", "west", "up", "down")


@pytest.fixture
async def lamps(start: Start) -> Running:
    return await start(toys.lamps())


@pytest.fixture
async def watch(start: Start, lamps: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """Has received six events of a stream, of which two keys are kept."""
    watch = await start(toys.watch())
    for name in NAMES:
        await light(lamps, name)

    async def all_marked() -> bool:
        return await reached(watch) == (len(NAMES), len(NAMES))

    await eventually(all_marked)
    monkeypatch.setattr(inboxes, "KEYS_KEPT", 2)
    monkeypatch.setattr(bulk, "IDS_AT_ONCE", 1)
    return watch


async def test_a_check_while_keys_are_deleted_misses_no_event(
    watch: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete, found = bulk.delete, list[list[IntegrityFault]]()

    async def deleting(*args: Any) -> int:
        deleted = await delete(*args)
        found.append((await audit(watch.store, TOWN, Checks((COPIES,)))).faults)
        return deleted

    monkeypatch.setattr(bulk, "delete", deleting)
    assert await watch.inbox.prune() == len(NAMES) - 2
    assert found == [[]]
    assert await watch.inbox.prune() == 0


async def prune_and_be_killed(watch: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async def killed(*args: Any) -> int:
        raise asyncio.CancelledError

    with monkeypatch.context() as killing:
        killing.setattr(bulk, "delete", killed)
        with pytest.raises(asyncio.CancelledError):
            await watch.inbox.prune()


async def keys_of(watch: Running) -> list[int]:
    return sorted(outbox.sequence_at(key["_id"]) for key in await watch.store.find("inbox", {}))


async def test_keys_that_a_killed_process_left_are_deleted_by_the_next(
    watch: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await prune_and_be_killed(watch, monkeypatch)
    assert await keys_of(watch) == [1, 2, 3, 4, 5, 6]
    assert await watch.inbox.prune() == len(NAMES) - 2
    assert await keys_of(watch) == [5, 6]


async def test_a_rebuild_applies_what_was_parked_before_its_key_would_have_been_deleted(
    watch: Running, lamps: Running
) -> None:
    (first,) = await outbox.read(lamps.store, SOURCE, after=0, limit=1)
    unlinked = DeadLetter.from_event(first, reason=UNLINKED, handler="chain", now=watch.store.clock.now())
    await watch.store.database["inbox"].delete_one({"_id": outbox.position(SOURCE, 1)})
    await watch.inbox.park(unlinked, None)
    assert await watch.inbox.prune() == len(NAMES) - 3
    assert await keys_of(watch) == [1, 5, 6]
    await rebuild(watch.store, TOWN, ReadModel(("lamps",), (COPIES,)))

    async def all_copied() -> bool:
        return sorted(await copies(watch)) == sorted(NAMES)

    await eventually(all_copied)


async def test_the_key_of_what_was_given_up_says_so_for_good(watch: Running) -> None:
    dropped = {"reason": "a test", "by": "clerk"}
    first = {"_id": outbox.position(SOURCE, 1)}
    await watch.store.database["inbox"].update_one(first, {"$set": {"dropped": dropped}})
    assert await watch.inbox.prune() == len(NAMES) - 3
    assert await keys_of(watch) == [1, 5, 6]


async def test_a_rebuild_after_a_killed_process_copies_every_event(
    watch: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that was left would make its event a duplicate, and the copy would lack it."""
    await prune_and_be_killed(watch, monkeypatch)
    await rebuild(watch.store, TOWN, ReadModel(("lamps",), (COPIES,)))

    async def all_copied() -> bool:
        return sorted(await copies(watch)) == sorted(NAMES)

    await eventually(all_copied)
