"""Who is alive, who leads, and what becomes of a transaction that a killed process left open."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from shared.storage import mongo, presence, transactions
from shared.storage.presence import Presence
from tests.probes import eventually


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "GONE_SECONDS", 1.0)


@pytest.fixture
async def database(mongo_url: str, database_prefix: str) -> AsyncIterator[mongo.Database]:
    async with mongo.connected(mongo_url, app_name="presence") as client:
        yield client[f"{database_prefix}presence"]


def process(database: mongo.Database, session: dict[str, Any] | None = None) -> Presence:
    return Presence(database, session=lambda: session)


async def test_the_eldest_leads_and_the_next_follows_when_it_leaves(database: mongo.Database) -> None:
    first, second = process(database), process(database)
    await first.beat()
    await second.beat()
    assert (first.is_leader, second.is_leader) == (True, False)
    await first.leave()
    await second.beat()
    assert (first.is_leader, second.is_leader) == (False, True)


async def test_the_processes_alive_share_the_partitions_evenly(database: mongo.Database) -> None:
    processes = [process(database) for _ in range(3)]
    for _ in range(2):
        for one in processes:
            await one.beat()
    assert [one.share(7) for one in processes] == [{0, 3, 6}, {1, 4}, {2, 5}]
    assert [one.share(2) for one in processes] == [{0}, {1}, set()]
    await processes[0].leave()
    assert processes[0].share(7) == set()
    await processes[1].beat()
    assert processes[1].share(7) == {0, 2, 4, 6}


@pytest.mark.usefixtures("quick")
async def test_who_stopped_beating_leads_no_longer_and_leads_again_when_he_was_only_slow(
    database: mongo.Database,
) -> None:
    first, second = process(database), process(database)
    await first.beat()

    async def leads() -> bool:
        await second.beat()
        return second.is_leader

    await eventually(leads)
    await first.beat()
    await second.beat()
    assert [one.is_leader for one in (first, second)] == [True, False]


@pytest.mark.usefixtures("quick")
async def test_what_a_dead_process_was_writing_stands_in_nobodys_way(database: mongo.Database) -> None:
    await database["heads"].insert_one({"_id": "stream", "sequence": 0})
    left_open = await transactions.open_session(database)
    left_open.start_transaction()
    await database["heads"].update_one({"_id": "stream"}, {"$inc": {"sequence": 1}}, session=left_open)
    dead, alive = process(database, transactions.session_name(left_open)), process(database)
    await dead.beat()

    # Either server's way is right: to wait for the transaction's end, or to refuse the write until then.
    async def written() -> bool:
        try:
            await database["heads"].update_one({"_id": "stream"}, {"$set": {"sequence": 7}})
        except OperationFailure:
            return False
        return True

    watching = asyncio.create_task(alive.run())
    try:
        await eventually(written)
    finally:
        watching.cancel()
    assert await database["heads"].find_one({}) == {"_id": "stream", "sequence": 7}


async def test_after_an_outage_nobody_healthy_is_struck_off(
    database: mongo.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than a silence that means death: whoever beats first finds the others silent, and waits for them."""
    now = 1_000.0
    monkeypatch.setattr(presence, "time", SimpleNamespace(monotonic=lambda: now))
    first, second = process(database, {"id": b"first"}), process(database, {"id": b"second"})
    for _ in range(3):
        await first.beat()
        await second.beat()
        now += presence.BEAT_SECONDS
    ended: list[Any] = []

    async def end_session(_: mongo.Database, session: Any) -> None:
        ended.append(session)

    monkeypatch.setattr(transactions, "end_session", end_session)
    now += 3 * presence.GONE_SECONDS
    for _ in range(4):  # the first is back at once, the second a little later
        await first.beat()
        now += presence.BEAT_SECONDS
    await second.beat()
    await first.beat()
    assert ended == []
    assert await database["processes"].count_documents({}) == 2
    assert (first.is_leader, second.is_leader) == (True, False)

    for _ in range(int(presence.GONE_SECONDS) + 3):  # one that stays away is struck off all the same
        now += presence.BEAT_SECONDS
        await first.beat()
    assert await database["processes"].count_documents({}) == 1
    assert len(ended) == 1


async def test_a_process_that_slept_strikes_nobody_off_when_it_wakes(
    database: mongo.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr(presence, "time", SimpleNamespace(monotonic=lambda: now))
    sleeper, awake = process(database), process(database)
    await sleeper.beat()
    await awake.beat()
    await sleeper.beat()
    now += 10 * presence.GONE_SECONDS  # the sleeper's own clock went on; the other's beats it did not hear
    await sleeper.beat()
    assert await database["processes"].count_documents({}) == 2
    assert not awake.writable
    assert sleeper.writable
