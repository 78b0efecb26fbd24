"""Reads of copies with the mark of their stream, which says what the copies lack."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from shared.events.marks import Mark
from shared.storage.reader import Reader

READINGS: Final = 5

T = TypeVar("T")


async def vouched(reader: Reader, source: str, read: Callable[[], Awaitable[T]]) -> tuple[T, Mark | None]:
    """What `read` finds in the copies of a stream, and the mark that holds for it: copies are written before the mark
    counts their events, so that it must be the same before and after. None where it was moved during every reading."""
    before = await _mark(reader, source)
    for _ in range(READINGS):
        found = await read()
        after = await _mark(reader, source)
        if after.moves == before.moves:
            return found, after
        before = after
    return found, None


async def _mark(reader: Reader, source: str) -> Mark:
    documents = await reader.find("sources", {"_id": source}, limit=1)
    return Mark.load(documents[0]) if documents else Mark()
