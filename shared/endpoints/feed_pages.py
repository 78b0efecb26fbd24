"""A page of the feed: the next events of one or many streams, chosen by type and time, in a few queries altogether."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Annotated, Any, Final

from pydantic import AfterValidator, WithJsonSchema

from shared.clock import BEIJING, timestamp
from shared.envelope import is_among
from shared.storage import outbox
from shared.storage.reader import Reader

AT_ONCE: Final = 500
LOOKED_AT: Final = 5_000
"""Events that one request looks at for those that are wanted."""
TYPES_MOST: Final = 50
_ENTRY: Final = r"[a-z]+(\.[a-z_]+){0,2}\.(\*|v[1-9][0-9]?)"
TYPES: Final = f"^({_ENTRY}(,{_ENTRY}){{0,{TYPES_MOST - 1}}})?$"
_TYPE: Final = re.compile(_ENTRY)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def types_of(text: str) -> str:
    """Errors: ValueError for what is no list of types."""
    types = [entry for entry in text.split(",") if entry]
    if len(types) > TYPES_MOST or not all(_TYPE.fullmatch(entry) for entry in types):
        raise ValueError("写事件类型，逗号隔开；以 .* 结尾的指所有这样开头的")
    return ",".join(types)


def _instant(text: str) -> str:
    """An instant as events have it, from an instant or a day in China. Errors: ValueError."""
    try:
        day = _DAY.fullmatch(text) is not None
        at = (
            datetime.combine(date.fromisoformat(text), time(), BEIJING)
            if day
            else datetime.fromisoformat(text)
        )
        if at.tzinfo is not None:
            return timestamp(at)
    except (ValueError, OverflowError):
        pass
    raise ValueError("写日期（2020-06-09）或带时区的时刻（2020-06-09T08:00:00Z）")


Since = Annotated[
    str,
    AfterValidator(_instant),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
    ),
]


@dataclass(frozen=True)
class Wanted:
    """Which events: of these types (none: all), and not before `since`."""

    types: Sequence[str] = ()
    since: str = ""

    def __bool__(self) -> bool:
        return bool(self.types or self.since)

    def takes(self, document: Mapping[str, Any]) -> bool:
        if not is_among(self.types, document["type"]):
            return False
        return not self.since or str(json.loads(document["body"])["time"]) >= self.since


@dataclass
class Page:
    """Events in order with their types, how far each stream was read, and whether more is there."""

    bodies: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)
    more: bool = False


async def read_page(reader: Reader, spans: Mapping[str, tuple[int, int]], wanted: Wanted, limit: int) -> Page:
    """The next events by source and sequence. `spans`: by source the sequences after … head.

    Streams are read together, so a page of many towns costs what one of a single town costs. With a filter a page may
    be empty and `more` all the same: it stops after LOOKED_AT events.
    """
    page, left = Page(), LOOKED_AT if wanted else limit
    while left > 0 and len(page.bodies) < limit:
        places = _next_places(spans, page.reached, min(left, AT_ONCE if wanted else limit))
        if not places:
            return page
        left -= len(places)
        ids = [outbox.position(source, sequence) for source, sequence in places]
        documents = {d["_id"]: d for d in await outbox.documents(reader, "outbox", ids)}
        for (source, sequence), id in zip(places, ids, strict=True):
            if len(page.bodies) == limit:
                break
            page.reached[source] = sequence
            document = documents.get(id)
            if document is not None and wanted.takes(document):
                page.bodies.append(document["body"])
                page.types.append(document["type"])
    page.more = bool(_next_places(spans, page.reached, 1))
    return page


def _next_places(
    spans: Mapping[str, tuple[int, int]], reached: Mapping[str, int], count: int
) -> list[tuple[str, int]]:
    places: list[tuple[str, int]] = []
    for source, (after, head) in spans.items():
        first = reached.get(source, after) + 1
        last = min(head, first + count - len(places) - 1)
        places += [(source, sequence) for sequence in range(first, last + 1)]
        if len(places) >= count:
            break
    return places
