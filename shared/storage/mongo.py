"""The MongoDB client: connection, transactions with retry, collections and indexes at start, migrations."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeVar, cast

from gridfs.errors import NoFile
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
    AsyncIOMotorCollection,
    AsyncIOMotorDatabase,
    AsyncIOMotorGridFSBucket,
)
from pymongo import DeleteOne, IndexModel, MongoClient, ReplaceOne, UpdateOne
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    CollectionInvalid,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

T = TypeVar("T")
_Raw = dict[str, Any]
Document = Mapping[str, Any]
Database = AsyncIOMotorDatabase[_Raw]
Session = AsyncIOMotorClientSession
MongoCollection = AsyncIOMotorCollection[_Raw]

PASSING: Final = (
    AutoReconnect,
    ConnectionFailure,
    NetworkTimeout,
    ServerSelectionTimeoutError,
    ExecutionTimeout,
    WTimeoutError,
)
DUPLICATE_KEY: Final = 11000
DEADLINE_SECONDS: Final = 10.0
"""How long one operation or one transaction may take, waiting for a database that is away included."""
FIRST_PAUSE: Final = 0.05
WriteModel = ReplaceOne[_Raw] | DeleteOne | UpdateOne
__all__ = ["DeleteOne", "ReplaceOne", "UpdateOne"]  # re-exported: drivers are imported here only

_collection: Final = attrgetter("collection")
_TRANSIENT_LABELS: Final = (
    "TransientTransactionError",
    "UnknownTransactionCommitResult",
    "RetryableWriteError",
)


def is_passing(error: BaseException) -> bool:
    """Whether the trouble is of the kind that goes away by waiting: server away, election, conflict."""
    if isinstance(error, PASSING):
        return True
    return isinstance(error, PyMongoError) and any(
        error.has_error_label(label) for label in _TRANSIENT_LABELS
    )


class Duplicated(Exception):
    """A unique index was violated: `keys` are its fields as the server names them (`keyPattern`)."""

    def __init__(self, collection: str, keys: tuple[str, ...]) -> None:
        super().__init__(f"{collection}: {', '.join(keys)}")
        self.collection, self.keys = collection, keys


async def insert(
    collection: MongoCollection,
    documents: Sequence[_Raw],
    session: Session | None = None,
    *,
    ordered: bool = True,
) -> None:
    """Errors: Duplicated."""
    with _duplicates(collection.name):
        await collection.insert_many(documents, session=session, ordered=ordered)


async def bulk_write(
    collection: MongoCollection, writes: Sequence[WriteModel], session: Session | None = None
) -> int:
    """Returns how many documents were matched, inserted or deleted. Errors: Duplicated."""
    with _duplicates(collection.name):
        result = await collection.bulk_write(writes, session=session)
    return result.matched_count + result.upserted_count + result.deleted_count


async def insert_missing(collection: MongoCollection, documents: Sequence[_Raw]) -> int:
    """Insert those whose `_id` is not there yet, outside of transactions. Returns how many. Errors: Duplicated."""
    try:
        result = await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        entries = error.details["writeErrors"]
        if any(entry["code"] != DUPLICATE_KEY for entry in entries):
            raise
        for entry in entries:
            if (keys := tuple(entry["keyPattern"])) != ("_id",):
                raise Duplicated(collection.name, keys) from error
        return int(error.details["nInserted"])
    return len(result.inserted_ids)


@contextmanager
def _duplicates(collection: str) -> Iterator[None]:
    """From the server's structured answer: its message quotes values, which users wrote."""
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
    """A client that reads what a majority holds, from the primary, and writes to the majority's journal.

    Whatever the URL says: what was published, signed or served must not be rolled back by a failover. Each operation
    has a deadline, so that callers learn within seconds that the database is away.
    """
    client: AsyncIOMotorClient[_Raw] = AsyncIOMotorClient(
        url,
        appname=app_name,
        readPreference="primary",
        readConcernLevel="majority",
        w="majority",
        journal=True,
        timeoutMS=int(DEADLINE_SECONDS * 1_000),
        serverSelectionTimeoutMS=5_000,
        tz_aware=True,
    )
    try:
        yield client
    finally:
        client.close()


def ping(url: str, *, timeout_seconds: float = 1.0) -> bool:
    """Whether a server answers at `url` now. Blocks."""
    milliseconds = int(timeout_seconds * 1000)
    client: MongoClient[_Raw] = MongoClient(
        url,
        serverSelectionTimeoutMS=milliseconds,
        connectTimeoutMS=milliseconds,
        socketTimeoutMS=milliseconds,
    )
    with client:
        try:
            client.admin.command("ping")
        except PyMongoError:
            return False
        return True


async def open_session(database: Database) -> Session:
    """A session for transactions one after the other."""
    return await database.client.start_session()


def name_of(session: Session) -> _Raw:
    """What a session is called by the server, for `end_session`."""
    return dict(cast(Document, session.session_id))


async def end_session(database: Database, session_id: Document) -> None:
    """Have the server abort what a session has open. Nothing happens to one that is not known."""
    await database.client.admin.command("killSessions", [session_id])


class OutcomeUnknown(Exception):
    """A commit was sent and nobody could tell within the deadline whether it took effect."""


async def in_transaction(
    session: Session,
    body: Callable[[Session], Awaitable[T]],
    *,
    committed: Callable[[], Awaitable[bool]],
    seconds: float = DEADLINE_SECONDS,
) -> T:
    """Run `body` in one transaction; it is run again from its start when another transaction got in its way.

    What `body` raises leaves nothing written. A commit whose answer is lost is asked for again, which is safe
    (MongoDB manual, "Retryable writes": commitTransaction); then `committed` looks the writes up, before anything is
    done again. Raises OutcomeUnknown when that cannot be done in time.
    """
    deadline = time.monotonic() + seconds
    while True:
        session.start_transaction(ReadConcern("snapshot"), WriteConcern("majority", j=True))
        try:
            result = await body(session)
        except BaseException as error:
            await _abort(session)
            if not _is_transient(error) or time.monotonic() > deadline:
                raise
            continue
        try:
            await _commit(session, deadline)
        except PyMongoError as error:
            if await _settled(committed, deadline, error):
                return result
            if not _is_transient(error) or time.monotonic() > deadline:
                raise
            continue
        return result


async def _commit(session: Session, deadline: float) -> None:
    pause = FIRST_PAUSE
    while True:
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            unknown = error.has_error_label("UnknownTransactionCommitResult")
            if not unknown or time.monotonic() + pause > deadline:
                raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)
        else:
            return


async def _settled(committed: Callable[[], Awaitable[bool]], deadline: float, error: PyMongoError) -> bool:
    """Whether a commit that failed took effect after all."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await committed()
        except PyMongoError as away:
            if time.monotonic() + pause > deadline:
                raise OutcomeUnknown(f"{error!r}, then {away!r}"[:300]) from error
        await asyncio.sleep(pause)
        pause = min(pause * 2, 1.0)


async def _abort(session: Session) -> None:
    """Where the server cannot be told it aborts by itself: with the next transaction, or at its limit of a minute."""
    if session.in_transaction:  # type: ignore[truthy-function]
        with suppress(PyMongoError):
            await session.abort_transaction()


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError")


class IndexSpec:
    """One index by the name errors will quote: `<collection>.<key>_<key>`."""

    def __init__(
        self,
        collection: str,
        keys: Sequence[str],
        *,
        unique: bool = False,
        where: Document | None = None,
        expire_seconds: int | None = None,
    ) -> None:
        self.collection = collection
        self.keys = tuple(keys)
        self.name = f"{collection}.{'_'.join(key.lstrip('-') for key in keys)}"
        self.options: dict[str, Any] = {"name": self.name}
        if unique:
            self.options["unique"] = True
        if where is not None:
            self.options["partialFilterExpression"] = dict(where)
        if expire_seconds is not None:
            self.options["expireAfterSeconds"] = expire_seconds

    def model(self) -> IndexModel:
        keys = [(key.lstrip("-"), -1 if key.startswith("-") else 1) for key in self.keys]
        return IndexModel(keys, **self.options)


async def prepare(database: Database, collections: Sequence[str], indexes: Sequence[IndexSpec]) -> None:
    """Create what is not there yet. A collection born inside a transaction could conflict, so all are made here."""
    present = set(await database.list_collection_names())
    for name in sorted(set(collections) - present):
        try:
            await database.create_collection(name)
        except CollectionInvalid:
            continue  # another replica was first, and the client saw it
        except OperationFailure as error:
            if error.code != 48:  # NamespaceExists: another replica was first, and the server saw it
                raise
    for name, together in groupby(sorted(indexes, key=_collection), _collection):
        await database[name].create_indexes([index.model() for index in together])


Migration = Callable[[Database], Awaitable[None]]


async def migrate(database: Database, migrations: Sequence[Migration]) -> None:
    """Run in order those migrations that have not run yet; each must be safe to run twice.

    Two replicas starting at once may both run one: the record of it is written after the work.
    """
    done = {entry["_id"] async for entry in database["migrations"].find({}, {"_id": 1})}
    for migration in migrations:
        name = migration.__name__
        if name not in done:
            await migration(database)
            await database["migrations"].update_one({"_id": name}, {"$set": {"done": True}}, upsert=True)


async def keep_file(database: Database, id: str, name: str, data: bytes, *, town: str) -> None:
    """Written before the record that names it is committed: at worst a file that nothing names."""
    await _files(database).upload_from_stream_with_id(id, name, data, metadata={"town": town})


async def erase_file(database: Database, id: str) -> None:
    """Of two who erase it, the second finds it gone."""
    with suppress(NoFile):
        await _files(database).delete(id)


async def file_of(database: Database, id: str) -> bytes:
    """Errors: NoFile."""
    stream = await _files(database).open_download_stream(id)
    return await stream.read()


def _files(database: Database) -> AsyncIOMotorGridFSBucket:
    return AsyncIOMotorGridFSBucket(database, "files")
