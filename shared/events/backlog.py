"""The backlog of a relay: spans of streams that are in the log and not published, read in pages of several streams."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from shared.storage import outbox
from shared.storage.reader import Reader

Document = Mapping[str, Any]


class Span(NamedTuple):
    """The events first … last of a stream."""

    source: str
    first: int
    last: int

    @property
    def positions(self) -> list[str]:
        return outbox.positions(*self)


class Page(NamedTuple):
    """The events of spans, in order, without those of the spans of which some cannot be read: `faults` says of which
    and why, by source."""

    documents: Sequence[Document]
    faults: Mapping[str, str]


def pages(spans: Iterable[Span], size: int) -> Iterator[list[Span]]:
    """Spans in order, put together and cut so that each page has `size` events, the last one fewer."""
    page: list[Span] = []
    room = size
    for source, start, last in spans:
        first = start
        while first <= last:
            page.append(Span(source, first, min(last, first + room - 1)))
            taken = page[-1].last - first + 1
            first, room = first + taken, room - taken
            if not room:
                yield page
                page, room = [], size
    if page:
        yield page


async def read(reader: Reader, page: Sequence[Span]) -> Page:
    """The events of a page, in one query."""
    if not page:
        return Page((), {})
    ids = [id for span in page for id in span.positions]
    stored = {
        d["_id"]: d for d in await outbox.documents(reader, "outbox", ids) if "type" in d and "body" in d
    }
    documents: list[Document] = []
    faults: dict[str, str] = {}
    for span in page:
        found = [stored[id] for id in span.positions if id in stored]
        if len(found) == len(span.positions):
            documents += found
        else:
            faults[span.source] = f"{len(found)} of the events {span.first} to {span.last} can be read"
    return Page(documents, faults)
