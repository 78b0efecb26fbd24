"""aiohttp applications of services: one service or several on one port, each with its own store."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from aiohttp import web

from shared.http.api import Api
from shared.http.call import Store
from shared.http.described import Described
from shared.http.dispatch import Endpoint, TokenVerifier
from shared.http.docs import page
from shared.http.middleware import OPERATIONS, RATES, observe_request, set_default_headers
from shared.http.openapi import as_text, document
from shared.http.operation import MEBIBYTE, Operation
from shared.http.rates import Rates
from shared.observability.metrics import expose, refresh
from shared.security.keystore import KeyStore

Readiness = Callable[[], Awaitable[Mapping[str, bool]]]
"""Dependencies of a service by name, and whether each is available."""

CLIENT_REQUESTS: Final = 600
"""That an API client may make per minute of a process."""
READINESS: Final = web.AppKey("readiness", dict[str, Readiness])
KEYS: Final = web.AppKey("keys", dict[str, KeyStore])
"""The keys by which each service signs; one without signs nothing."""


def edge() -> web.Application:
    """An application without services; its `/health/live` and `/health/ready` cover all that are mounted on it."""
    app = web.Application(middlewares=[observe_request], client_max_size=MEBIBYTE)
    app[KEYS] = {}
    app[OPERATIONS] = {}
    app[RATES] = Rates("client", CLIENT_REQUESTS, 60)
    checks: dict[str, Readiness] = {}
    app[READINESS] = checks
    app.on_response_prepare.append(set_default_headers)
    app.router.add_get("/health/live", _live)
    app.router.add_get("/health/ready", _Ready(checks).answer)
    return app


def mount(app: web.Application, api: Api, *, store: Store, verifier: TokenVerifier, ready: Readiness) -> None:
    """Add a service's operations, its OpenAPI document, documentation page, health and metrics."""
    paths = frozenset(operation.path for operation in api.operations)
    for operation in sorted(api.operations, key=_generality):
        endpoint, pattern = Endpoint(operation, store, verifier), operation.pattern(paths)
        if operation.method == "GET":
            app.router.add_get(pattern, endpoint.serve)
        else:
            app.router.add_route(operation.method, pattern, endpoint.serve)
        app[OPERATIONS][operation.path, operation.method] = operation
    app[READINESS][api.service] = ready
    own = f"/{api.service}"
    app.router.add_get(f"{own}/openapi.json", Described(partial(_document, api)).answer)
    app.router.add_get(f"{own}/docs", Described(partial(_page, api), "text/html").answer)
    app.router.add_get(f"{own}/health/live", _live)
    app.router.add_get(f"{own}/health/ready", _Ready({api.service: ready}).answer)
    app.router.add_get(f"{own}/metrics", _metrics)
    app.router.add_get(f"{own}/jwks.json", _Jwks(api.service).answer)


def _generality(operation: Operation) -> list[bool]:
    """Sort key: fixed paths before variables, because the router takes the first match (`people/duplicates` before
    `people/{id}`)."""
    return [part.startswith("{") for part in operation.path.split("/")]


def _document(api: Api) -> bytes:
    """As it was shipped, because to build it takes half a second."""
    return api.shipped.read_bytes() if api.shipped is not None else as_text(document(api)).encode()


def _page(api: Api) -> bytes:
    return page(json.loads(_document(api))).encode()


@dataclass(frozen=True)
class _Jwks:
    """The JWK set (RFC 7517) of the keys that a service has signed with."""

    service: str

    async def answer(self, request: web.Request) -> web.Response:
        keys = request.app[KEYS].get(self.service)
        content = keys.published() if keys is not None else b'{"keys": []}'
        return web.Response(body=content, content_type="application/jwk-set+json")


async def _live(_: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


@dataclass(frozen=True)
class _Ready:
    """Readiness: 200 when all dependencies of all services are available, else 503; the body lists each."""

    checks: Mapping[str, Readiness]

    async def answer(self, _: web.Request) -> web.Response:
        services = {name: dict(await check()) for name, check in self.checks.items()}
        ready = all(is_ready for needs in services.values() for is_ready in needs.values())
        body = {"status": "ready" if ready else "waiting", "services": services}
        return web.json_response(body, status=200 if ready else 503)


async def _metrics(request: web.Request) -> web.Response:
    await refresh()
    content, content_type = expose(request.headers.get("Accept", ""))
    return web.Response(body=content, headers={"Content-Type": content_type})
