"""Reading over many towns: a whole collection page by page, so that neither an answer nor an `$in` grows with it; where
records are, without what they say."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared.storage.reader import Reader

PAGE: Final = 100


class Place(NamedTuple):
    """Where a record is. A task finds places, and reads each record in its own turn: one that cannot be read then
    holds up no other."""

    id: str
    town: str


async def pages(reader: Reader, collection: str) -> AsyncIterator[list[dict[str, Any]]]:
    """All documents in order of id, at most PAGE at a time."""
    beyond: Mapping[str, Any] = {}
    while page := await reader.find(collection, beyond, sort=(("_id", 1),), limit=PAGE):
        yield page
        beyond = {"_id": {"$gt": page[-1]["_id"]}}


async def places(
    reader: Reader,
    collection: str,
    query: Mapping[str, Any],
    *,
    sort: Sequence[tuple[str, int]] = (),
    limit: int = 0,
) -> list[Place]:
    """Where the records are that match, of all towns. With a `limit` they need a `sort`: who asks again must find those
    again that failed, and more than those."""
    found = await reader.find(collection, query, sort=sort, limit=limit, fields=("town",))
    return [place_of(document) for document in found]


def place_of(document: Mapping[str, Any]) -> Place:
    return Place(document["_id"], document.get("town", ""))
