"""aiohttp's server with problems (RFC 9457) for errors that occur before any middleware runs."""

import structlog
from aiohttp import web

from shared.errors import Malformed, Problem
from shared.http.problems import Internal, from_aiohttp, render

log = structlog.get_logger("shared.http")


class _Connection(web.RequestHandler):
    """A request handler with problems instead of aiohttp's own error pages, and a log without the client's address or
    data."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - aiohttp's English text
    ) -> web.StreamResponse:
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
                return await handler(request)
            except web.HTTPException as error:  # an unknown Expect is refused outside the middlewares
                problem, status = from_aiohttp(error)
                return render(problem, request, status)

        return _Server(handle_request, request_factory=server.request_factory, **options)
