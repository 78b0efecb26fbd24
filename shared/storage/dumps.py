"""Databases as bytes: documents as the server has them (BSON), read as of one point in time, and written back."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from bson import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

from shared.storage import bulk, mongo, transactions

_RAW: Final = CodecOptions(document_class=RawBSONDocument)
Raw = RawBSONDocument
"""A document and its bytes, `raw`; a field is decoded when it is read."""
IDS: Final = 50_000
"""Ids read at once, in one answer of the server: it has room for 16 MB."""
_ENDED: Final = (246, 251, 290)
"""SnapshotUnavailable, NoSuchTransaction, TransactionExceededLifetimeLimitSeconds."""


class TooLong(Exception):
    """The server ended the transaction of `one_point` before everything was read."""


@asynccontextmanager
async def one_point(database: mongo.Database) -> AsyncIterator[mongo.Session]:
    """A session whose reads, of all databases of the server, are as of its first; nobody who writes waits for it.

    A transaction and not a snapshot session, which the embedded database does not have. The server ends it after
    `transactionLifetimeLimitSeconds`. Errors: TooLong in a read after that.
    """
    async with await database.client.start_session() as session:
        try:
            async with session.start_transaction(ReadConcern("snapshot")):
                yield session
        except OperationFailure as error:
            if error.code in _ENDED:
                raise TooLong from error
            raise


async def collections(database: mongo.Database) -> list[str]:
    """Names of the collections, without those of the server itself."""
    names = await database.list_collection_names()
    return sorted(name for name in names if not name.startswith("system."))


async def documents(
    database: mongo.Database, collection: str, session: mongo.Session | None = None
) -> AsyncIterator[Raw]:
    """All documents of a collection in order of `_id`. Errors: TypeError where ids are of several types, which no
    range of ids reaches.

    Page by page: the server bounds a cursor as a whole, over all of its batches (MongoDB manual, `cursor.maxTimeMS`).
    The pages are read by their ids, as the embedded store reads a whole collection for each range.
    """
    options: Any = _RAW
    found = database[collection].with_options(codec_options=options)
    greatest: Any = await found.find_one({}, {"_id": 1}, sort=[("_id", -1)], session=session)
    beyond: dict[str, Any] = {}
    while ids := await _ids(found, beyond, session):
        if type(ids[0]) is not type(greatest["_id"]):
            raise TypeError(f"{collection} has ids of several types")
        for part in mongo.parts(ids, bulk.IDS_AT_ONCE):
            page = found.find({"_id": {"$in": list(part)}}, sort=[("_id", 1)], session=session)
            for document in await page.to_list(None):
                raw: Any = document
                yield raw
        beyond = {"_id": {"$gt": ids[-1]}}


async def _ids(
    found: mongo.MongoCollection, query: Mapping[str, Any], session: mongo.Session | None
) -> list[Any]:
    """The first ids of a query, in order."""
    cursor = found.find(query, {"_id": 1}, sort=[("_id", 1)], limit=IDS, batch_size=IDS, session=session)
    return [document["_id"] for document in await cursor.to_list(None)]


def parted(content: bytes) -> Iterator[Raw]:
    """The documents of a run of BSON. Errors: ValueError where it does not end with a whole one."""
    start = 0
    while start < len(content):
        end = start + int.from_bytes(content[start : start + 4], "little")
        if not start + 5 <= end <= len(content):
            raise ValueError("not a run of whole documents")
        yield Raw(content[start:end])
        start = end


async def insert(database: mongo.Database, collection: str, content: Sequence[Raw]) -> None:
    """Write documents back as they were. Errors: Duplicated."""
    documents: Sequence[Any] = content
    await mongo.insert(database[collection], documents)


async def drop(database: mongo.Database, name: str) -> None:
    await database.drop_collection(name)


UNFINISHED: Final = "restores"
"""Collection with one document while a restore is at work in the database: without it the database is whole."""


async def begin_restore(database: mongo.Database, backup: str) -> None:
    await mongo.prepare(database, [UNFINISHED], ())
    state = {"_id": UNFINISHED, "backup": backup}
    await mongo.bulk_write(database[UNFINISHED], [mongo.ReplaceOne({"_id": UNFINISHED}, state, upsert=True)])


async def unfinished(database: mongo.Database) -> Mapping[str, Any] | None:
    """What a restore that did not finish says of itself."""
    return await database[UNFINISHED].find_one({})


async def end_restore(databases: Sequence[mongo.Database]) -> None:
    """All of them are whole, or none is."""

    async def end(session: mongo.Session) -> None:
        for database in databases:
            await database[UNFINISHED].delete_one({"_id": UNFINISHED}, session=session)

    async def ended() -> bool:
        return await unfinished(databases[-1]) is None

    async with await databases[0].client.start_session() as session:
        await transactions.in_transaction(session, end, committed=ended)
