"""One request to a receiver: where it goes, and that no answer takes more than its time and some kilobytes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from ipaddress import ip_network

import pytest

from services.reports.webhooks.sending import MOST_BYTES, Sender, in_parallel
from tests.fixtures.receivers import LOOPBACK, Receiver, receiving

INSIDE = [ip_network(LOOPBACK[0])]
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as there:
        there.verify = False
        yield there


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """The address of a receiver that answers every request so."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await answer(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def without_end(first: bytes, again: bytes) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()

    return answer


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 1000),
        (b"HTTP/1.1 200 OK\r\n", b"X-Word: something\r\n" * 1000),
        (b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"x" * 65535 + b"\r\n"),
    ],
)
async def test_an_answer_without_end_is_broken_off(first: bytes, again: bytes) -> None:
    async with Sender(INSIDE) as sender, answering(without_end(first, again)) as url:
        outcome = await sender.send(url, b"{}", {})
    assert not outcome.delivered
    assert "秒" not in outcome.error, "not by the clock: others would wait as long"


async def test_a_connection_serves_more_requests_than_one_answer_may_take(receiver: Receiver) -> None:
    receiver.headers = {"X-Word": "x" * 7_000}
    async with Sender(INSIDE) as sender:
        times = 2 * MOST_BYTES // 7_000
        outcomes = [await sender.send(receiver.url, b"{}", {}) for _ in range(times)]
    assert {outcome.status for outcome in outcomes} == {204}


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("7", 7),
        ("Mon, 30 Nov 2026 03:00:30 GMT", 30),
        *(("-5", 0), ("soon", 0), ("9" * 20, 0), ("Mon, 30 Nov 2026 03:00:30", 0), ("", 0)),
    ],
)
async def test_a_receiver_says_when_to_come_again_in_seconds_or_by_its_own_clock(
    receiver: Receiver, asked: str, wait: int
) -> None:
    receiver.status = 503
    receiver.headers = {"Retry-After": asked, "Date": "Mon, 30 Nov 2026 03:00:00 GMT"}
    async with Sender(INSIDE) as sender:
        assert (await sender.send(receiver.url, b"{}", {})).wait == timedelta(seconds=wait)


async def test_a_name_that_stands_for_an_inside_address_is_not_connected_to(receiver: Receiver) -> None:
    inside = receiver.url.replace("127.0.0.1", "localhost")
    async with Sender(()) as sender:
        outcome = await sender.send(inside, b"{}", {})
        https = await sender.send(inside.replace("http:", "https:"), b"{}", {})
    assert (receiver.asked, outcome.status) == (0, None)
    assert outcome.error == https.error == "地址在内部网络中，管理员没有开放"


async def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    async with receiving() as behind, Sender(INSIDE) as sender:
        receiver.status, receiver.headers = 307, {"Location": behind.url}
        outcome = await sender.send(receiver.url, b"{}", {})
        assert (outcome.delivered, outcome.status, behind.asked) == (False, 307, 0)


async def test_an_error_of_one_ends_all_that_run_beside_it() -> None:
    ended: list[int] = []

    async def slow(number: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(number)

    async def failing() -> None:
        raise KeyError("a bug")

    jobs: list[Callable[[], Awaitable[None]]] = [partial(slow, 0), partial(slow, 1), failing]
    with pytest.raises(KeyError):
        await in_parallel(3, jobs)
    assert sorted(ended) == [0, 1]
