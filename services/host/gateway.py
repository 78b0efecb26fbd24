"""Gateway: one port in front of the services; `/{service}/…` and voters' pages are forwarded.

It keeps no state and no access log, and does not forward the client's address, so that voters stay anonymous; who
slows down guessing of passwords gets a fingerprint of it instead. Bodies
pass as they are, compressed ones too. The services' metrics are not for the public: they are read at each service.
A second port, the voters' door, serves voters' pages and nothing else.
"""

import asyncio
import hashlib
import os
import posixpath
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import structlog
from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    web,
)
from multidict import CIMultiDict
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from yarl import URL

from services.host.contract import add_contract
from services.host.front import front_page
from services.host.installation import CONSOLE, DEPLOYED, SERVICES, TITLES
from services.host.problems import add_problems
from shared.errors import CannotStart, NotFound, Problem, TooSlow, Unavailable
from shared.http.cors import allow_origins
from shared.http.middleware import set_default_headers
from shared.http.networks import network_from
from shared.http.problems import from_aiohttp, render
from shared.observability import logs
from shared.process.serve import listening, until_stopped
from shared.process.service import Service
from shared.settings import LogLevel, from_environment
from shared.settings import Settings as CommonSettings

log = structlog.get_logger(__name__)

PAGES: Final = {"r": "ratings", "o": "activities"}
"""Voters' pages at the root of the port, by first path segment, with their service."""
CODE: Final = "[0-9A-Za-z-]{1,64}"
"""What follows on the voters' door: nothing that could lead to another path, encoded or not."""
METADATA: Final = "/.well-known/oauth-authorization-server"
IDENTITY: Final = "accounts"
"""The service that slows down guessing, and must tell one caller from another."""
SOURCE: Final = "X-Lvzhi-Source"
"""In which it is told: a fingerprint of the address that means nothing anywhere else, nor after a restart."""
CONNECT_SECONDS: Final = 5.0
HEALTH_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 660.0
"""How long a service may send nothing: longer than reading the photograph of a sheet takes. One that is frozen accepts
connections and answers never."""
_METRICS: Final = frozenset(f"/{name}/metrics" for name in SERVICES)

# RFC 9110 §7.6.1: hop-by-hop headers are not forwarded. Headers that identify the client are not forwarded either.
_HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
    }
    | {"transfer-encoding", "upgrade", "expect"}
)
_CALLER: Final = frozenset(
    {"forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", SOURCE.lower()}
)
_AUTOMATIC: Final = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Settings(BaseSettings):
    """Address of the gateway, and URLs of the services."""

    model_config = SettingsConfigDict(env_prefix="LVZHI_GATEWAY_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    voters_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="port that serves voters' pages and nothing else; none: no such port",
    )
    log_level: LogLevel = "INFO"
    roster_url: str = "http://roster:8080"
    activities_url: str = "http://activities:8080"
    ratings_url: str = "http://ratings:8080"
    reports_url: str = "http://reports:8080"
    accounts_url: str = Field("", description="empty where people and programs are another issuer's alone")
    console_url: str = Field("", description="empty where nobody works in pages")
    proxies: int = Field(
        0, ge=0, le=5, description="trusted proxies in front, each of which adds to X-Forwarded-For"
    )

    def services(self) -> dict[str, URL]:
        urls = {name: getattr(self, f"{name}_url") for name in DEPLOYED}
        return {name: URL(url) for name, url in urls.items() if url}


class ServiceAway(Unavailable):
    """The service behind an address cannot be reached."""

    slug, title = "service-away", "服务暂时不可用，请稍后再试"


class Gateway:
    """Forwards requests and responses as streams; readiness is that of all services."""

    def __init__(self, services: Mapping[str, URL], client: ClientSession, proxies: int = 0) -> None:
        self._services = services
        self._client = client
        self._proxies = proxies
        self._salt = os.urandom(16)

    async def forward(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info.get("service") or PAGES.get(request.path.split("/")[1], IDENTITY)
        return await self._forward(request, name)

    async def forward_page(self, request: web.Request) -> web.StreamResponse:
        return await self._forward(request, CONSOLE)

    async def _forward(self, request: web.Request, name: str) -> web.StreamResponse:
        if posixpath.normpath(request.path) in _METRICS:
            raise NotFound
        headers = _passed_on(request.headers, without=_CALLER)
        if name in (IDENTITY, CONSOLE):
            headers[SOURCE] = self._source(request)
        target = URL(f"{self._services[name].origin()}{request.rel_url.raw_path_qs}", encoded=True)
        try:
            answer = await self._client.request(
                request.method,
                target,
                headers=headers,
                data=request.content if request.can_read_body else None,
                allow_redirects=False,
                skip_auto_headers=_AUTOMATIC,
            )
        except (ClientError, TimeoutError) as error:
            if isinstance(slow := request.content.exception(), TooSlow):
                raise slow from None
            log.warning("service away", service=name, reason=type(error).__name__)
            raise ServiceAway(f"“{TITLES.get(name, '页面')}”服务没有应答") from error
        async with answer:
            response = web.StreamResponse(
                status=answer.status, reason=answer.reason, headers=_passed_on(answer.headers)
            )
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response

    def _source(self, request: web.Request) -> str:
        """Fingerprint of the network a request comes from."""
        network = network_from(request, self._proxies)
        return hashlib.blake2b(network.encode(), key=self._salt, digest_size=16).hexdigest()

    async def ready(self, _: web.Request) -> web.Response:
        names = list(self._services)
        needs_by_service = dict(zip(names, await asyncio.gather(*map(self._needs, names)), strict=True))
        ready = all(there for needs in needs_by_service.values() for there in needs.values())
        body = {"status": "ready" if ready else "waiting", "services": needs_by_service}
        return web.json_response(body, status=200 if ready else 503)

    async def _needs(self, name: str) -> dict[str, bool]:
        """Readiness as the service reports it."""
        path = "/health/ready" if name == CONSOLE else f"/{name}/health/ready"
        url = self._services[name].with_path(path)
        try:
            async with self._client.get(url, timeout=ClientTimeout(total=HEALTH_SECONDS)) as answer:
                return _reported(await answer.json(), name)
        except (ClientError, TimeoutError, ValueError):
            return {"reachable": False}


def _reported(body: object, name: str) -> dict[str, bool]:
    services = body.get("services") if isinstance(body, dict) else None
    needs = services.get(name) if isinstance(services, dict) else None
    if not isinstance(needs, dict):
        return {"reachable": False}
    return {"reachable": True} | {str(need): there is True for need, there in needs.items()}


def _passed_on(headers: Mapping[str, str], *, without: frozenset[str] = frozenset()) -> CIMultiDict[str]:
    """Headers without hop-by-hop ones, those named by `Connection` included."""
    named = {word.strip().lower() for word in headers.get("Connection", "").split(",")}
    ends_here = _HOP_BY_HOP | without | named
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in ends_here)


def _definitions(names: Collection[str]) -> list[Service]:
    """The definitions of the services that are there. Imported late: only who asks for the contract needs them."""
    from services.host.standalone import services

    return [service for service in services(CommonSettings()) if service.name in names]


async def _live(_: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


@web.middleware
async def _refused(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Errors of the gateway itself have the same form as those of a service."""
    try:
        return await handler(request)
    except Problem as problem:
        return render(problem, request)
    except web.HTTPException as error:
        translated, status = from_aiohttp(error)
        return render(translated, request, status)


@asynccontextmanager
async def connected(services: Mapping[str, URL], proxies: int = 0) -> AsyncIterator[Gateway]:
    """A gateway; its connections to the services are closed with the block."""
    async with ClientSession(
        connector=TCPConnector(limit=0),  # long polls of a county are concurrent
        timeout=ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=ANSWER_SECONDS),
        cookie_jar=DummyCookieJar(),
        auto_decompress=False,
    ) as client:
        yield Gateway(services, client, proxies)


def _application() -> web.Application:
    app = web.Application(middlewares=[_refused])
    app.on_response_prepare.append(set_default_headers)
    return app


def application(gateway: Gateway, services: Collection[str]) -> web.Application:
    """What the gateway serves."""
    app = _application()
    app.router.add_get("/docs" if CONSOLE in services else "/", front_page)
    add_contract(app, None if set(SERVICES) <= set(services) else lambda: _definitions(services))
    add_problems(app, lambda: _definitions(services))
    app.router.add_get("/health/live", _live)
    app.router.add_get("/health/ready", gateway.ready)
    if IDENTITY in services:
        app.router.add_get(METADATA, gateway.forward)
    for page in PAGES:
        app.router.add_route("*", f"/{page}/{{rest:.*}}", gateway.forward)
    named = "|".join(name for name in services if name != CONSOLE)
    app.router.add_route("*", f"/{{service:{named}}}/{{rest:.*}}", gateway.forward)
    if CONSOLE in services:
        app.router.add_route("*", "/{rest:.*}", gateway.forward_page)
    return app


def voters_door(gateway: Gateway) -> web.Application:
    """What the voters' door serves: the pages behind codes, which need no other file."""
    app = _application()
    for page in PAGES:
        app.router.add_get(f"/{page}/{{code:{CODE}}}", gateway.forward)
        app.router.add_post(f"/{page}/{{code:{CODE}}}", gateway.forward)
    return app


@asynccontextmanager
async def serving(
    services: Mapping[str, URL],
    host: str,
    port: int,
    *,
    proxies: int = 0,
    common: CommonSettings | None = None,
) -> AsyncIterator[str]:
    """Serve within the block; yields the URL. Bodies are not decompressed: they are forwarded with their encoding.

    `common`: of the services, for the origins that may use the contract in a browser.
    """
    async with connected(services, proxies) as gateway:
        app = application(gateway, services)
        if common is not None:
            allow_origins(app, common.cors_origins, credentials=common.cors_credentials)
        async with listening(app, host, port, auto_decompress=False) as url:
            yield url


@asynccontextmanager
async def serving_voters(services: Mapping[str, URL], host: str, port: int) -> AsyncIterator[str]:
    """Serve the voters' door within the block; yields the URL."""
    async with (
        connected(services) as gateway,
        listening(voters_door(gateway), host, port, auto_decompress=False) as url,
    ):
        yield url


async def _serve(settings: Settings) -> None:
    services = settings.services()
    async with AsyncExitStack() as stack:
        if settings.voters_port is not None:
            door = serving_voters(services, settings.host, settings.voters_port)
            print(f"选民入口已启动：{await stack.enter_async_context(door)}", file=sys.stderr, flush=True)
        front = serving(
            services,
            settings.host,
            settings.port,
            proxies=settings.proxies,
            common=from_environment(CommonSettings),
        )
        print(f"网关已启动：{await stack.enter_async_context(front)}", file=sys.stderr, flush=True)
        await until_stopped()


if __name__ == "__main__":
    try:
        configured = from_environment(Settings)
        logs.configure(configured.log_level, service="gateway")
        asyncio.run(_serve(configured))
    except CannotStart as error:
        raise SystemExit(str(error)) from None
