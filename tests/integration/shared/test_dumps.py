"""Databases as bytes: read page by page, as of one point in time, and with the indexes of the driver afterwards."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.storage import dumps, mongo, transactions
from shared.storage.bulk import IDS_AT_ONCE
from shared.storage.indexes import FILE_INDEXES
from tests.fixtures.commands import counted

Database = mongo.Database


@pytest.fixture
async def database(mongo_url: str, database_prefix: str) -> AsyncIterator[Database]:
    async with mongo.connected(mongo_url, app_name="dumps") as client:
        yield client[f"{database_prefix}dumps"]


async def ids(database: Database, session: mongo.Session | None = None) -> list[Any]:
    return [document["_id"] async for document in dumps.documents(database, "lamps", session)]


async def written(database: Database, ids: list[Any]) -> None:
    await mongo.prepare(database, ["lamps"], ())
    await mongo.insert(database["lamps"], [{"_id": id} for id in ids])


async def test_a_collection_is_read_in_pages(database: Database) -> None:
    """A cursor over all of it would have the time of one command for all of its batches."""
    everything = [f"{number:04}" for number in range(2 * IDS_AT_ONCE + 3)]
    await written(database, everything)
    with counted() as spent:
        assert await ids(database) == everything
    greatest, ranges, pages = 1, 2, 3  # a range costs the embedded store a reading of the whole collection
    assert spent.commands["find", "lamps"] == greatest + ranges + pages
    assert spent.commands["getMore", "lamps"] == 0


@pytest.mark.parametrize("number", [0, 1, IDS_AT_ONCE, 2 * IDS_AT_ONCE + 3])
@pytest.mark.parametrize("at_once", [dumps.IDS, IDS_AT_ONCE, IDS_AT_ONCE + 1])
async def test_so_many_documents_are_all_read(
    database: Database, monkeypatch: pytest.MonkeyPatch, number: int, at_once: int
) -> None:
    monkeypatch.setattr(dumps, "IDS", at_once)
    everything = [f"{number:04}" for number in range(number)]
    await written(database, everything)
    assert await ids(database) == everything


async def test_ids_of_several_types_are_refused(database: Database) -> None:
    await written(database, [1, "a"])
    with pytest.raises(TypeError):
        await ids(database)


async def test_a_transaction_that_the_server_ended_is_told_from_a_lost_database(database: Database) -> None:
    await written(database, ["a"])

    async def read_to_the_end() -> None:
        async with dumps.one_point(database) as session:
            assert await ids(database, session) == ["a"]
            await transactions.end_session(database, transactions.session_name(session))
            await ids(database, session)

    with pytest.raises(dumps.TooLong):
        await read_to_the_end()


async def test_where_files_were_restored_the_indexes_of_the_driver_are_made(database: Database) -> None:
    await mongo.prepare(database, ["files.files", "files.chunks"], ())
    await mongo.insert(database["files.chunks"], [{"files_id": "left", "n": 0, "data": b""}])
    await mongo.store_file(database, "one", "one.jpg", b"bytes", town="340281100")
    assert await mongo.read_file(database, "one") == b"bytes"
    for index in FILE_INDEXES:
        made = await database[index.collection].index_information()
        assert [made[name]["key"] for name in made if name != "_id_"] == [index.order]


async def test_the_indexes_that_the_driver_made_are_left_as_they_are(database: Database) -> None:
    await mongo.store_file(database, "one", "one.jpg", b"bytes", town="340281100")
    before = await database["files.chunks"].index_information()
    await mongo.prepare(database, [], ())
    assert await database["files.chunks"].index_information() == before
