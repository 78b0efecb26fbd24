"""The port itself: what is refused before there is a request, and so before any middleware, is a problem as well."""

import structlog
from aiohttp import web

from shared.errors import Malformed, Problem
from shared.http.problems import Internal, of_aiohttp, render

log = structlog.get_logger("shared.http")


class _Connection(web.RequestHandler):
    """The framework's own answers in plain English, and its log names the caller's address and quotes what he sent."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - the framework's English
    ) -> web.StreamResponse:
        log.warning("unreadable request", status=status, kind=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("part of another answer is out already")
        problem: Problem = Internal() if status >= 500 else Malformed("这不是有效的 HTTP 请求")
        response = render(problem, request, status)
        response.force_close()
        return response


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """Runs an application behind such connections."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        answer, options = made.request_handler, made._kwargs  # noqa: SLF001 - the framework offers no other way to its connections

        async def answered(request: web.BaseRequest) -> web.StreamResponse:
            try:
                return await answer(request)
            except web.HTTPException as error:  # an Expect nobody meets is refused outside the middlewares
                problem, status = of_aiohttp(error)
                return render(problem, request, status)

        return _Server(answered, request_factory=made.request_factory, **options)
