"""What a unit of work reads through, and what it notes of it: how often each record had been locked."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class Reader(Protocol):
    """Read access of a Work to the service's database, and notification of commits."""

    async def find(
        self,
        collection: str,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        fields: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        """`fields`: those of the documents that are wanted, all by default; never encrypted ones."""
        ...

    async def arrival(self, condition: Callable[[], Awaitable[bool]], *, within: float) -> bool:
        """Whether `condition`, checked after each commit of this process and periodically, is true within so many
        seconds."""
        ...


@dataclass
class Seen:
    """A Reader that notes the locks taken on each record when it was first read.

    A lock says that something was written which depends on the record. Whoever changes or removes a record has decided
    by what was there when it was read, without what depends on it since.
    """

    reader: Reader
    locks: dict[tuple[str, str], int] = field(default_factory=dict)
    """By collection and id, of records read whole since the last change."""

    async def find(
        self,
        collection: str,
        query: Mapping[str, Any],
        *,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
        fields: Sequence[str] = (),
    ) -> list[dict[str, Any]]:
        documents = await self.reader.find(collection, query, sort=sort, limit=limit, fields=fields)
        if not fields:
            for document in documents:
                self.locks.setdefault((collection, document["_id"]), document.get("held", 0))
        return documents

    async def arrival(self, condition: Callable[[], Awaitable[bool]], *, within: float) -> bool:
        return await self.reader.arrival(condition, within=within)
