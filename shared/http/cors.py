"""Cross-origin requests: which pages of other origins may use the contract in a browser (Fetch Standard § 3.3)."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from aiohttp import web

from shared.settings import EVERY_ORIGIN

CONTRACT: Final = re.compile(
    r"/\w+/(?:v1/.*|oauth/.*|openapi\.json|jwks\.json)|/(?:open|async)api\.json|/problems/.*|/\.well-known/.*"
)
"""Paths that programs use. Pages, the voters' too, are for their own origin."""
METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE"
SENT: Final = (
    "Accept, Authorization, Content-Disposition, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    "Last-Event-ID, Lvzhi-After, X-Request-Id, traceparent"
)
READ: Final = (
    "Content-Disposition, Deprecation, ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, "
    "Retry-After, Sunset, WWW-Authenticate, X-Request-Id"
)
KEPT_SECONDS: Final = 600
"""How long a browser may keep the answer to a preflight."""


def allow_origins(app: web.Application, origins: Sequence[str], *, credentials: bool = False) -> None:
    """Answer preflights from these origins, and let their pages read what the contract answers."""
    if not origins:
        return
    rule = _Rule(frozenset(origins), credentials=credentials)
    app.middlewares.insert(0, rule.answer_preflight)
    app.on_response_prepare.append(rule.mark)


class _Rule:
    def __init__(self, origins: frozenset[str], *, credentials: bool) -> None:
        self._origins, self._credentials = origins, credentials

    def _allowed(self, request: web.Request) -> str | None:
        """What `Access-Control-Allow-Origin` says; None where nothing is allowed."""
        origin = request.headers.get("Origin")
        if origin is None or not CONTRACT.fullmatch(request.path):
            return None
        if EVERY_ORIGIN in self._origins:
            return EVERY_ORIGIN
        return origin if origin in self._origins else None

    @web.middleware
    async def answer_preflight(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        asked = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        if not asked or self._allowed(request) is None:
            return await handler(request)
        return web.Response(status=204, headers=_PREFLIGHT)

    async def mark(self, request: web.Request, response: web.StreamResponse) -> None:
        """A signal, as a middleware runs too late for streams."""
        if EVERY_ORIGIN not in self._origins and CONTRACT.fullmatch(request.path):
            _add_vary(response)
        if (allowed := self._allowed(request)) is None:
            return
        response.headers["Access-Control-Allow-Origin"] = allowed
        response.headers["Access-Control-Expose-Headers"] = READ
        if self._credentials:
            response.headers["Access-Control-Allow-Credentials"] = "true"


_PREFLIGHT: Final[Mapping[str, str]] = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": SENT,
    "Access-Control-Max-Age": str(KEPT_SECONDS),
}


def _add_vary(response: web.StreamResponse) -> None:
    """The answer depends on the origin: a cache must not give one origin's answer to another."""
    said = [word.strip() for word in ",".join(response.headers.getall("Vary", ())).split(",") if word.strip()]
    if "origin" not in {word.lower() for word in said}:
        response.headers["Vary"] = ", ".join([*said, "Origin"])
