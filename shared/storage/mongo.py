"""The MongoDB client: connection, collections and indexes at start, migrations, files."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeVar

from gridfs.errors import CorruptGridFile, NoFile
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
    AsyncIOMotorGridFSBucket,
)
from pymongo import DeleteOne, IndexModel, MongoClient, ReplaceOne, UpdateOne, timeout
from pymongo.errors import (
    BulkWriteError,
    CollectionInvalid,
    ConfigurationError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern

from shared.errors import CannotStart
from shared.storage.indexes import FILE_INDEXES, IndexSpec

T = TypeVar("T")
_Raw = dict[str, Any]
Document = Mapping[str, Any]
Database = AsyncIOMotorDatabase[_Raw]
Session = AsyncIOMotorClientSession
MongoCollection = AsyncIOMotorCollection[_Raw]

TEMPORARY: Final = (ConnectionFailure, ExecutionTimeout, WTimeoutError)
Failed: Final = PyMongoError
DUPLICATE_KEY: Final = 11000
DEADLINE_SECONDS: Final = 10.0
"""How long an operation or a transaction may take, including the wait for an unavailable database."""
START_SECONDS: Final = 3_600.0
"""How long the indexes or one migration of a start may take: they go through a whole collection."""
WRITES_AT_ONCE: Final = 100
"""Documents written by one command. Each command has the deadline for itself, so it must be small enough for it."""
CLOSE_SECONDS: Final = 3.0
WriteModel = ReplaceOne[_Raw] | DeleteOne | UpdateOne
__all__ = ["DeleteOne", "NoFile", "ReplaceOne", "UpdateOne"]  # re-exported: drivers are imported here only

_collection: Final = attrgetter("collection")
_TRANSIENT: Final = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")
_PASSING: Final = frozenset({43, 134, 175, 237, 262, 11601})
"""Errors without a label that say nothing of the request: CursorNotFound, ReadConcernMajorityNotAvailableYet,
QueryPlanKilled, CursorKilled, ExceededTimeLimit, Interrupted, as by `killSessions` (MongoDB's error_codes.yml)."""


def is_temporary(error: BaseException) -> bool:
    """Whether an error is temporary: server unavailable, election, write conflict."""
    if isinstance(error, TEMPORARY) or (isinstance(error, OperationFailure) and error.code in _PASSING):
        return True
    # `timeout`: also of a bulk write whose wait for the majority ended, which has no label.
    return isinstance(error, PyMongoError) and (error.timeout or any(map(error.has_error_label, _TRANSIENT)))


def why_failed(error: PyMongoError) -> str:
    """In Chinese, without the words of the server, which may quote what people wrote."""
    return "数据库没有答复" if is_temporary(error) else f"数据库报错（{type(error).__name__}）"


class Duplicated(Exception):
    """A unique index was violated. `keys`: its fields (`keyPattern`)."""

    def __init__(self, collection: str, keys: tuple[str, ...]) -> None:
        super().__init__(f"{collection}: {', '.join(keys)}")
        self.collection, self.keys = collection, keys


def parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in order, in runs of `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))


async def insert(
    collection: MongoCollection, documents: Sequence[_Raw], session: Session | None = None
) -> None:
    """Insert documents, in several commands: all of them or none only in a transaction. Errors: Duplicated."""
    with _duplicates(collection.name):
        for part in parts(documents, WRITES_AT_ONCE):
            await collection.insert_many(part, session=session)


async def bulk_write(
    collection: MongoCollection, writes: Sequence[WriteModel], session: Session | None = None
) -> int:
    """Execute writes in order, in several commands; return how many documents were matched, inserted or deleted.
    Errors: Duplicated."""
    written = 0
    with _duplicates(collection.name):
        for part in parts(writes, WRITES_AT_ONCE):
            result = await collection.bulk_write(part, session=session)
            written += result.matched_count + result.upserted_count + result.deleted_count
    return written


async def insert_missing(collection: MongoCollection, documents: Sequence[_Raw]) -> int:
    """Insert documents whose `_id` does not exist, outside transactions; return how many. Errors: Duplicated."""
    return sum([await _insert_missing(collection, part) for part in parts(documents, WRITES_AT_ONCE)])


async def _insert_missing(collection: MongoCollection, documents: Sequence[_Raw]) -> int:
    try:
        result = await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        entries = error.details["writeErrors"]
        if not entries or any(entry["code"] != DUPLICATE_KEY for entry in entries):
            raise  # also where only the write concern failed
        for entry in entries:
            if (keys := tuple(entry["keyPattern"])) != ("_id",):
                raise Duplicated(collection.name, keys) from error
        return int(error.details["nInserted"])
    return len(result.inserted_ids)


def linearizable(collection: MongoCollection) -> MongoCollection:
    """The collection for a read by `_id` that waits for every write acknowledged before it (MongoDB manual, "Read
    Concern linearizable")."""
    return collection.with_options(read_concern=ReadConcern("linearizable"))


@contextmanager
def _duplicates(collection: str) -> Iterator[None]:
    """Raise Duplicated from the server's structured response; its message quotes values that users wrote."""
    try:
        yield
    except (DuplicateKeyError, BulkWriteError) as error:
        details: Mapping[str, Any] = error.details or {}
        entry = next(iter(details.get("writeErrors") or [details]))
        if entry.get("code") != DUPLICATE_KEY:
            raise
        raise Duplicated(collection, tuple(entry["keyPattern"])) from error


@asynccontextmanager
async def connected(url: str, *, app_name: str) -> AsyncIterator[AsyncIOMotorClient[_Raw]]:
    """A client with read concern majority, reads from the primary, and journaled writes to a majority.

    These override the URL: what was published, signed or served must not be rolled back by a failover. Each operation
    has a deadline, so that callers learn within seconds that the database is unavailable. Errors: CannotStart for what
    is no URL of a database.
    """
    unusable = CannotStart("数据库的地址（MONGODB_URL）写得不对")
    if "://" not in url:  # the driver would take it for the name of a host
        raise unusable
    try:
        client: AsyncIOMotorClient[_Raw] = AsyncIOMotorClient(
            url,
            appname=app_name,
            readPreference="primary",
            readConcernLevel="majority",
            w="majority",
            journal=True,
            timeoutMS=int(DEADLINE_SECONDS * 1_000),
            tz_aware=True,
        )
    except (ConfigurationError, ValueError):  # their messages quote the URL, and so its password
        raise unusable from None
    try:
        yield client
    finally:
        await _close(client)


async def _close(client: AsyncIOMotorClient[_Raw]) -> None:
    """The driver ends its sessions on the server and waits up to 30 s for the answer: not on the event loop, and not
    for longer than CLOSE_SECONDS."""
    loop, closed = asyncio.get_running_loop(), asyncio.Event()

    def close() -> None:
        client.close()
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(closed.set)

    threading.Thread(target=close, daemon=True).start()
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await closed.wait()


def ping(url: str, *, timeout_seconds: float = 1.0) -> bool:
    """Whether a server answers at `url` now. Blocks."""
    limit = int(timeout_seconds * 1000)
    client: MongoClient[_Raw] = MongoClient(
        url, serverSelectionTimeoutMS=limit, connectTimeoutMS=limit, socketTimeoutMS=limit
    )
    with client:
        try:
            client.admin.command("ping")
        except PyMongoError:
            return False
        return True


async def prepare(
    database: Database,
    collections: Sequence[str],
    indexes: Sequence[IndexSpec],
    left: Sequence[IndexSpec] = (),
) -> None:
    """Create missing collections, which inside a transaction could conflict, and the indexes declared.

    `left`: indexes that earlier releases declared, to be dropped. Any other is that of an operator, or of a later
    release, a process of which runs beside this one.
    """
    there = set(await database.list_collection_names())
    for name in sorted(set(collections) - there):
        try:
            await database.create_collection(name)
        except CollectionInvalid:
            continue  # another replica was first; reported by the client
        except OperationFailure as error:
            if error.code != 48:  # NamespaceExists: another replica was first; reported by the server
                raise
    files = [index for index in FILE_INDEXES if index.collection in {*there, *collections}]
    for name, together in groupby(sorted([*indexes, *files], key=_collection), _collection):
        declared = [IndexModel(index.order, **index.options) for index in together]
        with timeout(START_SECONDS):
            # Not of all voting members, the default: one that is down would hold up every start.
            await database[name].create_indexes(declared, commitQuorum="majority")
    for index in left:
        with suppress(OperationFailure):  # it is not there
            await database[index.collection].drop_index(index.name)


Migration = Callable[[Database], Awaitable[None]]


async def migrate(database: Database, migrations: Sequence[Migration]) -> None:
    """Run the migrations that have not run yet, in order; each must be idempotent.

    Two replicas starting at the same time may both run one: it is recorded after it ran. Errors: CannotStart on data
    that a later version has migrated.
    """
    done = {entry["_id"] async for entry in database["migrations"].find({}, {"_id": 1})}
    if later := sorted(done - {migration.__name__ for migration in migrations}):
        raise CannotStart(
            f"数据已由更新的版本改过（{'、'.join(later)}），这个版本不能用：请用更新的版本，或者恢复升级前的备份"
        )
    for migration in migrations:
        name = migration.__name__
        if name not in done:
            with timeout(START_SECONDS):
                await migration(database)
            await database["migrations"].update_one({"_id": name}, {"$set": {"done": True}}, upsert=True)


async def store_file(database: Database, id: str, name: str, data: bytes, *, town: str) -> None:
    """Store a file in GridFS. To be called before the record that references it is committed."""
    await _files(database).upload_from_stream_with_id(id, name, data, metadata={"town": town})


async def erase_file(database: Database, id: str) -> None:
    """Delete a file, if it exists."""
    with suppress(NoFile):
        await _files(database).delete(id)


async def read_file(database: Database, id: str) -> bytes:
    """The content of a file. Errors: NoFile, also where a part of it is missing."""
    stream = await _files(database).open_download_stream(id)
    try:
        return await stream.read()
    except CorruptGridFile as error:
        raise NoFile(f"a part of file {id} is missing") from error


def _files(database: Database) -> AsyncIOMotorGridFSBucket:
    return AsyncIOMotorGridFSBucket(database, "files")
