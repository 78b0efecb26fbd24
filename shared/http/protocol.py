"""aiohttp's server with problems (RFC 9457) for errors that occur before any middleware runs, and with time limits for
requests that arrive too slowly (slow loris)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from aiohttp import ClientConnectionResetError, web

from shared.errors import Malformed, Problem, TooSlow
from shared.http.problems import Internal, from_aiohttp, render

HEADER_SECONDS: Final = 20.0
"""For the first request of a connection from its start, for the others from their first byte."""
BODY_SECONDS: Final = 20.0
BODY_BYTES_PER_SECOND: Final = 2_048
"""A body has BODY_SECONDS, and a second more for each so many bytes that have arrived."""
TICK_SECONDS: Final = 0.5

log = structlog.get_logger("shared.http")


@contextmanager
def time_limit(request: web.BaseRequest) -> Iterator[None]:
    """Have the reader of a body that arrives too slowly get TooSlow. Time in which nobody reads does not count."""
    if request.content.is_eof():
        yield
        return
    watching = asyncio.create_task(_watch(request), name="time limit of a body")
    try:
        yield
    finally:
        watching.cancel()
        if isinstance(request.content.exception(), TooSlow):
            request.content.feed_eof()  # aiohttp would wait for the rest
            request.protocol.close()  # after the answer


async def _watch(request: web.BaseRequest) -> None:
    body, waited = request.content, 0.0
    while not body.is_eof():
        await asyncio.sleep(TICK_SECONDS)
        if not request.protocol._reading_paused:  # noqa: SLF001 - paused where the buffer is full
            waited += TICK_SECONDS
        if waited > BODY_SECONDS + body.total_bytes / BODY_BYTES_PER_SECOND:
            body.set_exception(TooSlow(headers={"Connection": "close"}))
            return


class _Connection(web.RequestHandler):
    """A request handler with problems instead of aiohttp's own error pages, and a log without the client's address or
    data."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._headers_due: asyncio.TimerHandle | None = None
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        before = self._request_count
        super().data_received(data)
        if self._request_count > before:
            self._stop_expecting()
        elif self._waiter is not None and not self._waiter.done() and self._headers_due is None:
            self._expect_headers()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._stop_expecting()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        self._headers_due = self._loop.call_later(HEADER_SECONDS, self._cut_off)

    def _stop_expecting(self) -> None:
        if self._headers_due is not None:
            self._headers_due.cancel()
            self._headers_due = None

    def _cut_off(self) -> None:
        self._headers_due = None
        if self._waiter is not None and not self._waiter.done():
            self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - aiohttp's English text
    ) -> web.StreamResponse:
        if request.transport is None or isinstance(exc, ClientConnectionResetError):
            raise ConnectionError("the caller hung up") from exc
        log.warning("unreadable request", status=status, kind=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("part of another response was sent already")
        problem: Problem = Internal() if status >= 500 else Malformed("这不是有效的 HTTP 请求")
        response = render(problem, request, status)
        response.force_close()
        return response


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """An AppRunner that uses these request handlers."""

    async def _make_server(self) -> web.Server:
        server = await super()._make_server()
        handler, options = server.request_handler, server._kwargs  # noqa: SLF001 - aiohttp has no public way to its request handlers

        async def handle_request(request: web.BaseRequest) -> web.StreamResponse:
            try:
                with time_limit(request):
                    return await handler(request)
            except web.HTTPException as error:  # an unknown Expect is refused outside the middlewares
                problem, status = from_aiohttp(error)
                return render(problem, request, status)

        return _Server(handle_request, request_factory=server.request_factory, **options)
