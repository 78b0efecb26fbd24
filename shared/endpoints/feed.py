"""Endpoints of the event feed: a service's log by town and by area, with long polling or as server-sent events."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Annotated, Final, NamedTuple, Protocol, TypeVar
from urllib.parse import urlencode

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared.endpoints import shared_heads
from shared.endpoints.cursors import CURSOR_LENGTH, decode_cursor, encode_cursor
from shared.endpoints.feed_pages import TYPES, Page, Since, Wanted, read_page, types_of
from shared.envelope import BATCH_CONTENT_TYPE, source_of, town_of
from shared.errors import FieldError, Invalid, NotFound, Problem
from shared.http import Call, route
from shared.storage import outbox

Q = TypeVar("Q", bound="FeedQuery")

READERS: Final = frozenset({"office", "county", "auditor", "service"})
STREAM: Final = "text/event-stream"
STREAM_SECONDS: Final = 60
"""After which a stream of server-sent events ends; the client comes again, and its token is verified again."""
BEAT_SECONDS: Final = 15
LINK_LENGTH: Final = 8_000
"""Characters of the address of a next page. Servers and clients take 8,190 bytes in a line, the method among them."""
SMALL: Final = 1_000
"""Bytes that are not worth compressing."""
Limit = Annotated[int, Field(ge=1, le=1000, description="一次至多几件")]
Wait = Annotated[int, Field(ge=0, le=60, description="没有新事件时等几秒")]
Types = Annotated[
    str,
    Field(
        max_length=2000,
        description="只要这些类型，逗号隔开；以 .* 结尾的指所有这样开头的",
        json_schema_extra={"pattern": TYPES},
    ),
    AfterValidator(types_of),
]
Day = Annotated[Since | None, Field(alias="from", description="只要这一天（北京时间）或这一刻以来的")]


class FeedQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    limit: Limit = 100
    wait: Wait = 0
    types: Types = ""
    from_: Day = None

    @property
    def wanted(self) -> Wanted:
        return Wanted(tuple(filter(None, self.types.split(","))), self.from_ or "")


class StreamQuery(FeedQuery):
    """`after`: the last sequence the client has. `wait`: seconds to wait for newer events."""

    after: Annotated[int, Field(ge=0, le=outbox.LAST)] = 0


class AreaQuery(FeedQuery):
    """`after`: the cursor in the `Link` of the previous response; default the start of the log."""

    area: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")]
    after: Annotated[str, Field(max_length=CURSOR_LENGTH)] = ""


Read = Callable[[str], Awaitable[tuple[Page, str]]]
"""The page after a cursor, and the cursor behind it."""


class Arrival(Protocol):
    """As that of a store."""

    async def __call__(self, condition: Callable[[], Awaitable[bool]], *, within: float) -> bool: ...


class Feed(NamedTuple):
    read: Read
    arrival: Arrival


@route("GET", "/towns/{town}/events", roles=READERS, produces=(BATCH_CONTENT_TYPE, STREAM))
async def town_events(call: Call[StreamQuery]) -> web.StreamResponse:
    """本镇的事件日志：从指定序号之后开始，可长轮询等待新事件；Accept 写 text/event-stream 则逐件推来。"""
    store, query = call.store, call.query
    source = source_of(call.town, store.service)

    async def read(cursor: str) -> tuple[Page, str]:
        after = _number(cursor)
        head, _ = await outbox.head(store, source)
        page = await read_page(store, {source: (after, head)}, query.wanted, query.limit)
        return page, str(page.reached.get(source, after))

    return await _answer(call, Feed(read, store.arrival), str(query.after))


@route("GET", "/events", roles=READERS, produces=(BATCH_CONTENT_TYPE, STREAM), problems=[NotFound])
async def area_events(call: Call[AreaQuery]) -> web.StreamResponse:
    """一个区域内各镇的事件日志：用上一次回答的 Link 继续读取；Accept 写 text/event-stream 则逐件推来。"""
    store, query = call.store, call.query
    call.check_area(query.area)
    heads_of = shared_heads.of_this_second if query.wait or _streams(call.request) else shared_heads.latest

    async def read(cursor: str) -> tuple[Page, str]:
        within = {town: n for town, n in decode_cursor(cursor).items() if town.startswith(query.area)}
        heads = await heads_of(store, query.area)
        if len(_link(call.request, "")) + heads.longest > LINK_LENGTH:
            raise _too_wide(query.area, map(town_of, heads.sequences))
        spans = {s: (within.get(town_of(s), 0), head) for s, head in heads.sequences.items()}
        page = await read_page(store, spans, query.wanted, query.limit)
        reached = {town_of(source): sequence for source, sequence in page.reached.items()}
        return page, encode_cursor(within | reached) if reached else cursor

    return await _answer(call, Feed(read, shared_heads.arrival), query.after)


def _too_wide(area: str, towns: Iterable[str]) -> Invalid:
    """The cursor of an area whose towns do not fit into a request line. That of a wider area goes on in a narrower."""
    digits = next((length for length in (2, 4, 6, 9) if length > len(area)), None)
    if digits is None:
        reason = "types 太长，下一页的地址写不下；以 .* 结尾的指所有这样开头的"
        return Invalid(reason, errors=[FieldError("query.types", reason)])
    narrower = "、".join(sorted({town[:digits] for town in towns}))
    reason = f"{area} 的镇太多，一个游标装不下。请分开读，area 各写 {narrower}；已有的游标接着用"
    return Invalid(reason, errors=[FieldError("query.area", reason)])


def _number(cursor: str) -> int:
    """Errors: Invalid for what a client sends as Last-Event-ID that is no sequence."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 12):
        raise Invalid(errors=[FieldError("header.last-event-id", "不是本接口给出的编号")])
    return int(cursor)


def _streams(request: web.Request) -> bool:
    return STREAM in request.headers.get("Accept", "")


async def _answer(call: Call[Q], feed: Feed, after: str) -> web.StreamResponse:
    if _streams(call.request):
        return await _stream(call, feed, call.request.headers.get("Last-Event-ID") or after)
    page, cursor = await _next(feed, after, call.query.wait)
    return _batch(call.request, page, cursor)


async def _next(feed: Feed, after: str, seconds: float) -> tuple[Page, str]:
    """The next page, waited for so long."""
    page, cursor = Page(), after

    async def moved() -> bool:
        nonlocal page, cursor
        page, cursor = await feed.read(cursor)
        return bool(page.bodies) or page.more

    await feed.arrival(moved, within=seconds)
    return page, cursor


def _batch(request: web.Request, page: Page, cursor: str) -> web.Response:
    """A CloudEvents batch with a `Link` to the next page, `rel=next` (RFC 8288), which asks for the same."""
    body = f"[{','.join(page.bodies)}]".encode()
    response = web.Response(
        body=body,
        content_type=BATCH_CONTENT_TYPE,
        headers={
            "Link": f'<{_link(request, cursor)}>; rel="next"',
            "Vary": "Accept, Accept-Encoding",
        },
    )
    if "gzip" in request.headers.get("Accept-Encoding", "") and len(body) > SMALL:
        response.enable_compression(web.ContentCoding.gzip)
    return response


def _link(request: web.Request, cursor: str) -> str:
    return f"{request.path}?{urlencode({**request.query, 'after': cursor})}"


async def _stream(call: Call[Q], feed: Feed, cursor: str) -> web.StreamResponse:
    """Server-sent events (HTML Living Standard, 9.2): each event as `data`, the cursor behind a page as `id`."""
    page, cursor = await _next(feed, cursor, 0)  # what is wrong is told before anything is sent
    response = web.StreamResponse(headers={"Content-Type": STREAM, "X-Accel-Buffering": "no"})
    await response.prepare(call.request)
    if call.request.method == "HEAD":  # aiohttp would write a body
        return response
    loop = asyncio.get_running_loop()
    until = loop.time() + (call.query.wait or STREAM_SECONDS)
    await response.write(b"retry: 1000\n\n")
    with suppress(Problem):  # a database that is away ends the stream; who comes again is told
        while True:
            await response.write(_written(page, cursor))
            if (left := until - loop.time()) <= 0:
                break
            page, cursor = await _next(feed, cursor, min(left, BEAT_SECONDS))
    await response.write_eof()
    return response


def _written(page: Page, cursor: str) -> bytes:
    """The lines of a page; a comment where there is nothing, so that nobody on the way gives up."""
    if not page.bodies:
        return b": \n\n"
    events = [f"event: {type}\ndata: {body}\n" for type, body in zip(page.types, page.bodies, strict=True)]
    return ("\n".join(events) + f"id: {cursor}\n\n").encode()
