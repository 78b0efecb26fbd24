"""The MongoDB client: connection, transactions with retry, collections and indexes at start, migrations."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, TypeVar, cast

from gridfs.errors import NoFile
from motor.motor_asyncio import (
    AsyncIOMotorClient,
    AsyncIOMotorClientSession,
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

PASSING: Final = (
    AutoReconnect,
    ConnectionFailure,
    NetworkTimeout,
    ServerSelectionTimeoutError,
    ExecutionTimeout,
    WTimeoutError,
)
DUPLICATE: Final = (DuplicateKeyError, BulkWriteError)
"""What a violated unique index raises, alone and in a batch."""
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


def duplicate_message(error: Exception) -> str:
    """The server's words about a violated unique index, which name the index."""
    details = getattr(error, "details", None) or {}
    errors = details.get("writeErrors") or [{"errmsg": str(error)}]
    return str(errors[0].get("errmsg", error))


@asynccontextmanager
async def connected(url: str, *, app_name: str) -> AsyncIterator[AsyncIOMotorClient[_Raw]]:
    """A client whose writes are acknowledged by the majority's journal."""
    client: AsyncIOMotorClient[_Raw] = AsyncIOMotorClient(
        url, appname=app_name, w="majority", journal=True, serverSelectionTimeoutMS=5_000, tz_aware=True
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


async def in_transaction(session: Session, body: Callable[[Session], Coroutine[Any, Any, T]]) -> T:
    """Run `body` in one transaction; it is run again from its start when another transaction got in its way.

    What `body` raises leaves nothing written.
    """
    result: T = await session.with_transaction(
        body,
        read_concern=ReadConcern("snapshot"),
        write_concern=WriteConcern("majority", j=True),
    )
    return result


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
