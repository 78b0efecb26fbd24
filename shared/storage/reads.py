"""Reads of the database. Those of one record that wait at the same time are one command, as writes that wait together
are one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from shared.storage import bulk, mongo
from shared.storage.encryption import Vault
from shared.storage.units import Trouble
from shared.storage.work import Collection

Documents = list[dict[str, Any]]
T = TypeVar("T")


@dataclass
class SharedReads(Generic[T]):
    """A read never begins before those who share it asked, so that each sees what was committed until then."""

    _running: dict[Hashable, asyncio.Task[T]] = field(default_factory=dict)
    _next: dict[Hashable, asyncio.Task[T]] = field(default_factory=dict)

    async def __call__(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        following = self._next.get(key)
        if following is None:
            following = asyncio.create_task(self._after(self._running.get(key), key, read))
            self._next[key] = following
        return await asyncio.shield(following)

    async def _after(
        self, running: asyncio.Task[T] | None, key: Hashable, read: Callable[[], Awaitable[T]]
    ) -> T:
        if running is not None:
            await asyncio.wait([running])
        own = self._running[key] = self._next.pop(key)
        try:
            return await read()
        finally:
            if self._running[key] is own:
                del self._running[key]


class Reads:
    """Reads documents, and decrypts the fields of those that have encrypted ones."""

    def __init__(
        self,
        database: mongo.Database,
        vault: Vault,
        collections: Iterable[Collection[Any]],
        trouble: Trouble,
    ) -> None:
        self._database, self._vault, self._trouble = database, vault, trouble
        self._encrypted = {c.name: c for c in collections if c.encrypted}
        self._shared = SharedReads[Documents]()

    async def find(
        self,
        collection: str,
        query: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        fields: Sequence[str],
    ) -> Documents:
        """As `Reader.find`. Errors: the problem of a database that is away."""
        read = partial(self._read, collection, query, sort, limit, fields)
        if limit == 1 and query.keys() == {"_id", "town"}:  # a record of a unit of work
            documents = await self._shared((collection, query["_id"], query["town"]), read)
            documents = [dict(document) for document in documents]
        else:
            documents = await read()
        encrypted = self._encrypted.get(collection)
        if encrypted is None or fields:
            return documents
        return [self._vault.decrypt_document(encrypted, document) for document in documents]

    async def _read(
        self,
        collection: str,
        query: Mapping[str, Any],
        sort: Sequence[tuple[str, int]],
        limit: int,
        fields: Sequence[str],
    ) -> Documents:
        documents: Documents = []
        try:
            for short in [query] if sort or limit else bulk.short(query):
                cursor = self._database[collection].find(
                    short, list(fields) or None, sort=list(sort) or None, limit=limit
                )
                documents += await cursor.to_list(None)
        except mongo.Failed as error:
            raise self._trouble.as_problem(error) from error
        return documents
