"""The streams that webhooks are fed from: the service's own log and the kept logs of the others, as one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reports.events_in import SOURCES
from shared.endpoints.cursors import encode_cursor
from shared.envelope import service_of, town_of
from shared.events.marks import Mark
from shared.storage import outbox
from shared.storage.reader import Reader

OWN: Final = "reports"


@dataclass(frozen=True)
class Reach:
    """How far a stream is here without a gap, and its epoch."""

    upto: int
    epoch: str


@dataclass(frozen=True)
class Entry:
    """An event in the log: what decides whether and how it is sent, and the body, byte for byte."""

    id: str
    type: str
    subject: str
    source: str
    sequence: int
    body: str


async def reaches(reader: Reader, area: str, *, kept: bool = True) -> dict[str, Reach]:
    """By source: every stream of the towns and divisions of an area; without `kept` the service's own alone."""
    own = {
        source: Reach(head.sequence, head.epoch or "")
        for source, head in (await outbox.heads(reader, f"/{area}")).items()
    }
    if not kept:
        return own
    span = {"_id": {"$gte": f"/{area}", "$lt": f"/{area}\uffff"}}
    marks = {d["_id"]: Mark.load(d) for d in await reader.find("sources", span, sort=(("_id", 1),))}
    return own | {s: Reach(mark.upto, mark.epoch) for s, mark in marks.items() if service_of(s) in SOURCES}


def beginning(reached: Mapping[str, Reach]) -> dict[str, str]:
    """By service: the cursor of the feed that stands where the streams are."""
    towns: dict[str, dict[str, int]] = {}
    for source, reach in reached.items():
        towns.setdefault(service_of(source), {})[town_of(source)] = reach.upto
    return {service: encode_cursor(sequences) for service, sequences in towns.items()}


async def entries(reader: Reader, source: str, first: int, last: int) -> list[Entry]:
    """The events first … last of a stream, without those that could not be read when they came."""
    return await _read(reader, source, range(first, last + 1))


async def entries_at(reader: Reader, places: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Entry]:
    """Events by source and sequence; those that are not here now are left out."""
    by_source: dict[str, list[int]] = {}
    for source, sequence in places:
        by_source.setdefault(source, []).append(sequence)
    read = [await _read(reader, source, sequences) for source, sequences in by_source.items()]
    return {(entry.source, entry.sequence): entry for some in read for entry in some}


async def _read(reader: Reader, source: str, sequences: Sequence[int]) -> list[Entry]:
    ids = [outbox.position(source, sequence) for sequence in sequences]
    collection = "outbox" if service_of(source) == OWN else "inbox"
    documents = await outbox.documents(reader, collection, ids)
    return [_entry(document["body"]) for document in documents if "body" in document]


def _entry(body: str) -> Entry:
    event: dict[str, Any] = json.loads(body)
    return Entry(event["id"], event["type"], event["subject"], event["source"], event["sequence"], body)
