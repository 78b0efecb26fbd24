"""Who is alive, who leads, and what becomes of a transaction that a killed process left open."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from shared.storage import mongo, presence
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
    left_open = await mongo.open_session(database)
    left_open.start_transaction()
    await database["heads"].update_one({"_id": "stream"}, {"$inc": {"sequence": 1}}, session=left_open)
    dead, alive = process(database, mongo.session_name(left_open)), process(database)
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
        async with asyncio.timeout(20):
            await eventually(written, within=15)
    finally:
        watching.cancel()
    assert await database["heads"].find_one({}) == {"_id": "stream", "sequence": 7}
