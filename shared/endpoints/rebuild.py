"""Endpoints of the events received from other services, and the command that rebuilds a read model."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.endpoints.feed import READERS
from shared.envelope import source_of
from shared.events.rebuild import ReadModel
from shared.events.rebuild import rebuild as rebuild_town
from shared.http import Call, route
from shared.http.call import Store
from shared.storage import outbox
from shared.storage.reader import Reader

REBUILDERS: Final = frozenset({"office", "service"})


class Mark(BaseModel):
    """Progress of a received stream: complete up to the sequence `upto`; `seen` is the highest sequence."""

    source: str
    upto: int
    seen: int


class Received(BaseModel):
    items: list[Mark]


class ReceivedEvent(BaseModel):
    sequence: int
    hash: str


class ReceivedEvents(BaseModel):
    items: list[ReceivedEvent]


class AfterQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 1000


class Rebuilding(BaseModel):
    """The streams that were requested again from their first event."""

    sources: list[str]


@dataclass(frozen=True)
class Rebuild:
    """Routes of the received streams and, where there is a read model, of the command that rebuilds it."""

    model: ReadModel | None

    @route("GET", "/towns/{town}/heard", roles=READERS)
    async def list_heard(self, call: Call) -> Received:
        """从各服务收到了哪里：到第几号为止一件不少，最高到第几号。"""
        received = {mark.source: mark for mark in await marks(call.store, call.town)}
        for service in self.model.streams if self.model else ():
            source = source_of(call.town, service)
            received.setdefault(source, _nothing_received(source))
        return Received(items=list(received.values()))

    @route("GET", "/towns/{town}/heard/{stream}", roles=READERS)
    async def list_heard_events(self, call: Call[AfterQuery]) -> ReceivedEvents:
        """从一个服务收到的每件事件的编号和散列，供与来源核对。"""
        source = source_of(call.town, call.path["stream"])
        seen = (await mark(call.store, source)).seen
        last = min(call.query.after + call.query.limit, seen)
        positions = outbox.positions(source, call.query.after + 1, last)
        documents = await outbox.documents(call.store, "inbox", positions)
        return ReceivedEvents(
            items=[ReceivedEvent(sequence=outbox.sequence_at(d["_id"]), hash=d["hash"]) for d in documents]
        )

    @route("POST", "/towns/{town}:rebuild", roles=REBUILDERS, status=202, commits=False)
    async def rebuild(self, call: Call) -> Rebuilding:
        """清空从其他服务得来的副本，并请它们从第一号起重新发送；完成与否看 heard。"""
        assert self.model is not None, "offered only where there is one"
        return Rebuilding(sources=await rebuild_town(call.store, call.town, self.model))


async def marks(store: Store, town: str) -> list[Mark]:
    """The progress of all received streams of a town, by source."""
    query = {"_id": {"$gte": f"/{town}/", "$lt": f"/{town}0"}}
    documents = await store.find("sources", query, sort=(("_id", 1),))
    return [Mark(source=d["_id"], upto=d["upto"], seen=d["seen"]) for d in documents]


async def mark(reader: Reader, source: str) -> Mark:
    """The progress of a received stream; zero where nothing was received."""
    documents = await reader.find("sources", {"_id": source}, limit=1)
    return (
        Mark(source=source, upto=documents[0]["upto"], seen=documents[0]["seen"])
        if documents
        else _nothing_received(source)
    )


def _nothing_received(source: str) -> Mark:
    return Mark(source=source, upto=0, seen=0)
