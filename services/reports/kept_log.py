"""Queries on the log kept of every source, on its marks and on what could not be applied of it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.reports.domain import Parked
from services.reports.events_in import SOURCES
from services.reports.names import SERVICES
from services.reports.repository import CHECKPOINTS, Checkpoint
from shared.envelope import Event, source_of
from shared.errors import Unavailable
from shared.events import inbox
from shared.events.marks import BROKEN, Mark
from shared.events.vouched import vouched
from shared.storage import outbox
from shared.storage.work import Work


async def whole_upto(work: Work) -> dict[str, int]:
    """By service, the sequence up to which its stream is held without a gap."""
    return {head.service: head.held for head in await heads(work)}


class Head(NamedTuple):
    """How far the stream of a service is held without a gap, with the hash there, and the highest sequence seen."""

    service: str
    held: int
    hash: str
    seen: int


async def heads(work: Work) -> list[Head]:
    sources = {source_of(work.town, service): service for service in SOURCES}
    documents = await work.reader.find("sources", {"_id": {"$in": list(sources)}})
    marks = ((sources[document["_id"]], Mark.load(document)) for document in documents)
    return [Head(service, mark.upto, mark.hash, mark.seen) for service, mark in marks]


async def kept_events(work: Work, service: str, *, after: int = 0, upto: int | None = None) -> list[Event]:
    """Events of a service about the town, from the log kept here; a parked number has no event."""
    return await inbox.kept(work.reader, source_of(work.town, service), after=after, upto=upto)


async def undone(work: Work, heads: Mapping[str, tuple[int, str]]) -> list[str]:
    """Services whose log no longer has the event of this sequence and hash, as they were restored to an earlier one.

    Errors: Unavailable while a log is received anew up to there.
    """
    apart, anew = list[str](), list[str]()
    for service, (sequence, hash) in heads.items():
        source = source_of(work.town, service)

        async def read(at: str = outbox.position(source, sequence)) -> str:
            documents = await outbox.documents(work.reader, "inbox", [at])
            return str(documents[0]["hash"]) if documents else ""

        kept, mark = await vouched(work.reader, source, read)
        if not sequence or kept == hash:
            continue
        whole = mark is not None and not mark.received_anew and mark.upto >= min(sequence, mark.seen)
        (apart if whole else anew).append(service)
    if anew:
        raise Unavailable(f"正在重新接收{'、'.join(SERVICES[service] for service in anew)}，请稍后再试")
    return apart


async def parked(work: Work) -> list[Parked]:
    """Events of the town that could not be applied here."""
    letters = await work.reader.find("letters", {"town": work.town}, sort=(("_id", 1),))
    return [Parked(service="reports", **outbox.parked_event(letter)) for letter in letters]


async def obstacles(work: Work) -> dict[str, str]:
    """By service, why no new seal can help before somebody acts: dead letters, or a chain that broke off."""
    reasons: dict[str, str] = {}
    sources = {source_of(work.town, service): service for service in SOURCES}
    letters = await work.reader.find("letters", {"town": work.town}, sort=(("_id", 1),))
    for source, service in sources.items():
        own = [str(letter["sequence"]) for letter in letters if letter["source"] == source]
        if own:
            shown = "、".join(own[:5]) + ("等" if len(own) > 5 else "")
            reasons[service] = f"第{shown}号事件未能处理，须先重新处理或者放弃"
    for mark in await work.reader.find("sources", {"_id": {"$in": list(sources)}}):
        if mark.get("hash") == BROKEN:
            reasons[sources[mark["_id"]]] = (
                "有一件事件与前一件不相连，此后的都没有采用，查明后须重建本乡镇的副本"
            )
    return reasons


async def bodies_at(work: Work, source: str, sequences: Iterable[int]) -> list[str]:
    """Events of a stream at these sequences, in order; those not there are left out."""
    ids = [outbox.position(source, sequence) for sequence in sequences]
    return [d["body"] for d in await outbox.documents(work.reader, "inbox", ids) if "body" in d]


async def checkpoint(work: Work, source: str, upto: int) -> Checkpoint | None:
    """The latest checkpoint of a stream up to a sequence."""
    kept = {"source": source, "upto": {"$lte": upto}}
    documents = await work.reader.find("checkpoints", kept, sort=(("upto", -1),), limit=1)
    return CHECKPOINTS.load(documents[0]) if documents else None
