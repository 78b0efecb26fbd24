"""Endpoints of reconciliation: how many events of each type there are a day, with a hash of them, to compare copies."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.clock import BEIJING
from shared.days import Day
from shared.endpoints.feed import READERS
from shared.envelope import source_of
from shared.errors import FieldError, Invalid, NotFound
from shared.http import Call, route
from shared.storage import outbox
from shared.storage.reader import Reader

MOST: Final = 20_000
"""Events of several towns that one request looks at. A town is one log and always answered: it cannot be divided."""
AT_ONCE: Final = 500
"""Events that are read before other requests have their turn."""


class TallyQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    from_: Annotated[Day | None, Field(alias="from", description="从这一天起（北京时间）")] = None
    to: Annotated[Day | None, Field(description="到这一天为止")] = None

    def has(self, day: date) -> bool:
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


class AreaTallyQuery(TallyQuery):
    area: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")]


class DayTally(BaseModel):
    """`hash`: SHA-256 over the hashes of the events, each followed by a line feed, by source and sequence."""

    day: date
    type: str
    count: int
    hash: str


class Tallies(BaseModel):
    """By day and type. `upto`: by source, the sequence of the last event that was there."""

    items: list[DayTally]
    upto: dict[str, int]


@dataclass
class Tallying:
    """Tallies of events that are added by source and sequence. None of them is kept."""

    wanted: TallyQuery
    counts: dict[tuple[date, str], tuple[int, Any]] = field(default_factory=dict)

    def add(self, event: Mapping[str, Any]) -> None:
        day = datetime.fromisoformat(event["time"]).astimezone(BEIJING).date()
        if self.wanted.has(day):
            count, digest = self.counts.get((day, event["type"]), (0, None))
            digest = digest or hashlib.sha256()
            digest.update(f"{event['hash']}\n".encode())
            self.counts[day, event["type"]] = count + 1, digest

    def items(self) -> list[DayTally]:
        return [
            DayTally(day=day, type=type, count=count, hash=digest.hexdigest())
            for (day, type), (count, digest) in sorted(self.counts.items())
        ]


def tally(events: Iterable[Mapping[str, Any]], wanted: TallyQuery) -> list[DayTally]:
    """Tallies of events that come by source and sequence."""
    tallying = Tallying(wanted)
    for event in events:
        tallying.add(event)
    return tallying.items()


@route("GET", "/towns/{town}/tallies", roles=READERS)
async def town_tallies(call: Call[TallyQuery]) -> Tallies:
    """对账：本镇各天、各类事件的件数和散列，同自己存的一份比。"""
    source = source_of(call.town, call.store.service)
    sequence, _ = await outbox.head(call.store, source)
    return await _tallies(call.store, {source: sequence} if sequence else {}, call.query)


@route("GET", "/tallies", roles=READERS, problems=[NotFound])
async def area_tallies(call: Call[AreaTallyQuery]) -> Tallies:
    """对账：一个区域内各天、各类事件的件数和散列；事件多的区域，分镇核对。"""
    call.check_area(call.query.area)
    heads = await outbox.heads(call.store, f"/{call.query.area}")
    upto = {source: head.sequence for source, head in heads.items()}
    if len(upto) > 1 and (total := sum(upto.values())) > MOST:
        reason = f"日志共有 {total} 件事件，几个乡镇一次至多核对 {MOST} 件，请分镇核对"
        raise Invalid(reason, errors=[FieldError("query.area", reason)])
    return await _tallies(call.store, upto, call.query)


async def _tallies(reader: Reader, upto: Mapping[str, int], wanted: TallyQuery) -> Tallies:
    tallying = Tallying(wanted)
    for source, last in upto.items():
        for first in range(1, last + 1, AT_ONCE):
            positions = outbox.positions(source, first, min(first + AT_ONCE - 1, last))
            for document in await outbox.documents(reader, "outbox", positions):
                tallying.add(json.loads(document["body"]))
    return Tallies(items=tallying.items(), upto=dict(upto))
