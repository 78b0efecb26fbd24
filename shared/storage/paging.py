"""Reading of a whole collection page by page, so that neither an answer nor an `$in` grows with it."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from shared.storage.work import Reader

PAGE: Final = 100


async def pages(reader: Reader, collection: str) -> AsyncIterator[list[dict[str, Any]]]:
    """All documents in order of id, at most PAGE at a time."""
    beyond: Mapping[str, Any] = {}
    while page := await reader.find(collection, beyond, sort=(("_id", 1),), limit=PAGE):
        yield page
        beyond = {"_id": {"$gt": page[-1]["_id"]}}
