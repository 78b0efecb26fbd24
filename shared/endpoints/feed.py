"""Endpoints of the event feed: a service's event log by town, with long polling, and by area, with a cursor."""

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Annotated, Final
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from shared.envelope import BATCH_CONTENT_TYPE, source_of
from shared.errors import FieldError, Invalid, NotFound
from shared.http import Call, route
from shared.storage import outbox
from shared.storage.work import Reader

READERS: Final = frozenset({"office", "county", "auditor", "service"})
CURSOR_BYTES: Final = 100_000
CURSOR_LENGTH: Final = 8_000
NUMBER_BYTES: Final = 6
"""The most bytes of a number in a cursor: six of seven bits make 42 bits."""
Limit = Annotated[int, Field(ge=1, le=1000)]
Wait = Annotated[int, Field(ge=0, le=60)]


class StreamQuery(BaseModel):
    """`after`: the last sequence the client has. `wait`: seconds to wait for newer events."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0, le=outbox.LAST)] = 0
    limit: Limit = 100
    wait: Wait = 0


class AreaQuery(BaseModel):
    """`after`: the cursor in the `Link` of the previous response; default the start of the log."""

    model_config = ConfigDict(extra="forbid")

    area: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")]
    after: Annotated[str, Field(max_length=CURSOR_LENGTH)] = ""
    limit: Limit = 100
    wait: Wait = 0


@route("GET", "/towns/{town}/events", roles=READERS, produces=(BATCH_CONTENT_TYPE,))
async def town_events(call: Call[StreamQuery]) -> web.Response:
    """本镇的事件日志：从指定序号之后开始，可长轮询等待新事件。"""
    store, query = call.store, call.query
    source = source_of(call.town, store.service)
    bodies: list[str] = []

    async def has_events() -> bool:
        bodies[:] = await outbox.bodies(store, source, after=query.after, limit=query.limit)
        return bool(bodies)

    await store.arrival(has_events, within=query.wait)
    return _batch(bodies, f"{call.request.path}?{urlencode({'after': query.after + len(bodies)})}")


@route("GET", "/events", roles=READERS, produces=(BATCH_CONTENT_TYPE,), problems=[NotFound])
async def area_events(call: Call[AreaQuery]) -> web.Response:
    """一个区域内各镇的事件日志：用上一次回答的 Link 继续读取。"""
    store, query = call.store, call.query
    call.check_area(query.area)
    sequences = decode_cursor(query.after)
    bodies: list[str] = []

    async def has_events() -> bool:
        bodies.extend(await _next_page(store, query, sequences))
        return bool(bodies)

    await store.arrival(has_events, within=query.wait)
    following = urlencode({"area": query.area, "after": encode_cursor(sequences)})
    return _batch(bodies, f"{call.request.path}?{following}")


async def _next_page(store: Reader, query: AreaQuery, sequences: dict[str, int]) -> list[str]:
    """The next events of all towns of the area, up to the limit. Updates `sequences`, the last sequence by town."""
    positions: list[str] = []
    for source, head in (await outbox.heads(store, f"/{query.area}")).items():
        town, room = source.split("/")[1], query.limit - len(positions)
        after = sequences.get(town, 0)
        upto = min(head.sequence, after + room)
        if upto > after:
            positions += outbox.positions(source, after + 1, upto)
            sequences[town] = upto
    return [document["body"] for document in await outbox.documents(store, "outbox", positions)]


def _batch(bodies: Sequence[str], following: str) -> web.Response:
    """A CloudEvents batch with a `Link` to the next page, `rel=next` (RFC 8288)."""
    return web.Response(
        body=f"[{','.join(bodies)}]".encode(),
        content_type=BATCH_CONTENT_TYPE,
        headers={"Link": f'<{following}>; rel="next"'},
    )


def encode_cursor(sequences: Mapping[str, int]) -> str:
    """Encode sequences by town as base64url; 1,500 towns of a province must fit into a request line of 8 kB.

    Towns are sorted and stored as differences, so that most numbers take one or two bytes.
    """
    packed, before = bytearray(), 0
    for town, sequence in sorted((int(town), sequence) for town, sequence in sequences.items()):
        for number in (town - before, sequence):
            packed += _packed(number)
        before = town
    return base64.urlsafe_b64encode(zlib.compress(packed, 9)).decode().rstrip("=")


def decode_cursor(cursor: str) -> dict[str, int]:
    """Decode a cursor: {town: sequence}. Errors: Invalid."""
    if not cursor:
        return {}
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        numbers = _unpacked(zlib.decompressobj().decompress(content, CURSOR_BYTES))
        towns = [f"{town:09d}" for town in accumulate(numbers[::2])]
        return dict(zip(towns, numbers[1::2], strict=True))
    except (binascii.Error, ValueError, zlib.error):
        raise Invalid(
            "after 不是本接口给出的游标", errors=[FieldError("query.after", "游标无法识别")]
        ) from None


def _packed(number: int) -> bytes:
    """A number as unsigned LEB128."""
    packed = bytearray()
    while number > 127:
        packed.append(number & 127 | 128)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def _unpacked(content: bytes) -> list[int]:
    """Numbers from unsigned LEB128. Errors: ValueError where a number is too long or truncated."""
    numbers, number, shift = [], 0, 0
    for byte in content:
        if shift == 7 * NUMBER_BYTES:
            raise ValueError("a number is too long")
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            number = shift = 0
    if shift:
        raise ValueError("the last number is truncated")
    return numbers
