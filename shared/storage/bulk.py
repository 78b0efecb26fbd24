"""Any number of ids and documents, a few at a time: a command of the database must be small enough for its deadline."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from shared.storage.mongo import Document, MongoCollection, Session, parts

IDS_AT_ONCE: Final = 50
"""Ids of one `$in`. On the embedded database its time grows with the square of their number."""

ITEMS_AT_ONCE: Final = 100
"""Items of a large unit of work that are computed before other tasks have their turn."""

T = TypeVar("T")


async def with_pauses(items: Iterable[T]) -> AsyncIterator[T]:
    """The items. Other tasks have their turn between them, because an import of thousands of rows would hold up every
    other request."""
    for number, item in enumerate(items, 1):
        yield item
        if number % ITEMS_AT_ONCE == 0:
            await asyncio.sleep(0)


def short(query: Document) -> Iterator[Document]:
    """Queries with a short `$in` of ids, whose results one after the other are those of `query`, in order of id."""
    match query.get("_id"):
        case {"$in": ids, **others} if not others and len(ids) > IDS_AT_ONCE:
            return ({**query, "_id": {"$in": part}} for part in parts(sorted(set(ids)), IDS_AT_ONCE))
    return iter([query])


async def _nothing() -> None:
    """Before a deletion that is bound to nothing."""


async def delete(
    collection: MongoCollection,
    ids: Sequence[Any],
    where: Document | None = None,
    session: Session | None = None,
    *,
    before: Callable[[], Awaitable[None]] = _nothing,
) -> int:
    """Delete the documents of these ids that match `where`; return how many. `before` each command: what it raises ends
    the deletion."""
    deleted = 0
    for part in parts(ids, IDS_AT_ONCE):
        await before()
        query = {**(where or {}), "_id": {"$in": list(part)}}
        deleted += (await collection.delete_many(query, session=session)).deleted_count
    return deleted


async def delete_all(
    collection: MongoCollection, query: Document, *, before: Callable[[], Awaitable[None]] = _nothing
) -> None:
    """Delete all documents that match, outside transactions; `before` as in `delete`."""
    while ids := [found["_id"] async for found in collection.find(query, {"_id": 1}, limit=IDS_AT_ONCE)]:
        await delete(collection, ids, before=before)
