"""What a unit of work reads through, and what it notes of it: the state in which each record was read first."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol


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


class State(NamedTuple):
    """Of a record when it was read: its version, and how many locks had been taken since the change to it."""

    version: int
    locks: int


ABSENT: Final = State(0, 0)
_PLACE: Final = {"_id", "town"}
"""Criteria by which a record is there or not; any others it may just not meet."""


@dataclass
class Seen:
    """A Reader that notes the state in which each record was first read whole, or was looked for and not there.

    A unit of work has decided by that state, so it is the state that whatever it writes replaces. A lock says that
    something was written which depends on the record; whoever changes or removes the record has not seen that.
    """

    reader: Reader
    first: dict[tuple[str, str], State] = field(default_factory=dict)
    """By collection and id."""

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
                state = State(document.get("version", 0), document.get("held", 0))
                self.first.setdefault((collection, document["_id"]), state)
            if not documents and isinstance(query.get("_id"), str) and query.keys() <= _PLACE:
                self.first.setdefault((collection, query["_id"]), ABSENT)
        return documents

    async def arrival(self, condition: Callable[[], Awaitable[bool]], *, within: float) -> bool:
        return await self.reader.arrival(condition, within=within)
