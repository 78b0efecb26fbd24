"""Adapter: a second door for platforms that know an appKey, a signature and `{code, message, data}`, and nothing else.

A process of its own, which nobody starts unless it is needed: `python -m services.host.adapter`. It is a client of the
contract: every path is that of the contract, each request is checked by accounts and forwarded with a token, and each
answer in JSON is wrapped. It keeps nothing and knows no secret.
"""

import asyncio
import hashlib
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    web,
)
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from yarl import URL

from shared.errors import CannotStart, Problem, TooLarge, TooSlow, Unauthenticated, Unavailable
from shared.http.bulkhead import Bulkhead
from shared.http.middleware import set_default_headers
from shared.http.problems import from_aiohttp
from shared.observability import logs
from shared.process.serve import listening, until_stopped
from shared.settings import LogLevel, from_environment

log = structlog.get_logger(__name__)

SIGNATURE: Final[Mapping[str, str]] = {
    "app_key": "X-App-Key",
    "timestamp": "X-Timestamp",
    "nonce": "X-Nonce",
    "signature": "X-Signature",
}
CHECK: Final = "/accounts/v1/signed_requests"
SENT: Final = ("Content-Type", "Content-Disposition", "Idempotency-Key", "If-Match", "Lvzhi-After")
KEPT: Final = (
    "Content-Disposition",
    "Deprecation",
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Sunset",
    "X-Request-Id",
)
BODY_BYTES: Final = 64 * 1024 * 1024
"""A signature covers the whole body, so it is read before anything is forwarded; files are the largest."""
SMALL_BYTES: Final = 1024 * 1024
LARGE_AT_ONCE: Final = 8
LARGE_WAITING: Final = 16
LARGE_SECONDS: Final = 120.0
"""Nobody knows whose body it is before all of it is there: of large ones, so many are kept at once, and wait; one that
takes longer gives its place up."""
ANSWER_SECONDS: Final = 660.0
"""As the gateway: a photograph of many pages may be read for ten minutes."""
SUCCESS: Final = "成功"


class Settings(BaseSettings):
    """Address of the adapter, and of the installation that it stands in front of."""

    model_config = SettingsConfigDict(env_prefix="LVZHI_ADAPTER_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(8090, ge=0, le=65535)
    url: str = "http://127.0.0.1:8080"
    log_level: LogLevel = "INFO"


class Adapter:
    def __init__(self, url: str, client: ClientSession) -> None:
        self._url = URL(url)
        self._client = client
        self._large = Bulkhead(at_once=LARGE_AT_ONCE, waiting=LARGE_WAITING, retry_seconds=10)

    async def forward(self, request: web.Request) -> web.StreamResponse:
        said = {name: request.headers.get(header, "") for name, header in SIGNATURE.items()}
        if not all(said.values()):  # before a body of up to 64 MB is read
            raise Unauthenticated(f"请求头须有 {'、'.join(SIGNATURE.values())}")
        begun = b"" if (request.content_length or 0) > SMALL_BYTES else await _small(request)
        if request.content.at_eof():
            return await self._forward(request, said, begun)
        async with self._large.turn():
            try:
                async with asyncio.timeout(LARGE_SECONDS):
                    body = begun + await request.read()
            except TimeoutError:
                raise TooSlow(headers={"Connection": "close"}) from None
            return await self._forward(request, said, body)

    async def _forward(
        self, request: web.Request, said: Mapping[str, str], body: bytes
    ) -> web.StreamResponse:
        token = await self._token(request, said, hashlib.sha256(body).hexdigest())
        headers = {name: request.headers[name] for name in SENT if name in request.headers}
        headers["Authorization"] = f"Bearer {token}"
        async with self._asked(request.method, request.rel_url.raw_path_qs, headers, body) as answer:
            return await _wrapped(answer)

    async def _token(self, request: web.Request, said: Mapping[str, str], digest: str) -> str:
        """For a request that is its signer's. Errors: Unauthenticated, and what accounts refuse."""
        signed = {"method": request.method, "target": request.rel_url.raw_path_qs, "digest": digest}
        headers = {"Content-Type": "application/json"}
        sent = json.dumps({**said, **signed}).encode()
        async with self._asked("POST", CHECK, headers, sent) as answer:
            content = await answer.json()
            if answer.status == 200:
                return str(content["access_token"])
            if answer.status == 422:  # a header of another form
                raise Unauthenticated("签名的请求头格式不对")
            raise _Refused(answer.status, content)

    @asynccontextmanager
    async def _asked(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> AsyncIterator[ClientResponse]:
        """Errors: Unavailable."""
        url = URL(f"{self._url.origin()}{target}", encoded=True)
        try:
            async with self._client.request(
                method, url, headers=headers, data=body or None, allow_redirects=False
            ) as answer:
                yield answer
        except (ClientError, TimeoutError) as error:
            log.warning("installation away", reason=type(error).__name__)
            raise Unavailable("系统没有应答，请稍后再试") from error


async def _small(request: web.Request) -> bytes:
    """The body, or as much of one without a length as makes it large."""
    body = bytearray()
    while len(body) <= SMALL_BYTES and (chunk := await request.content.readany()):
        body += chunk
    return bytes(body)


class _Refused(Exception):
    """An answer that is no success, to be handed on as it was."""

    def __init__(self, status: int, content: Any) -> None:
        super().__init__(status)
        self.status, self.content = status, content


async def _wrapped(answer: ClientResponse) -> web.Response:
    """The answer in its envelope; a file as it is."""
    headers = {name: answer.headers[name] for name in KEPT if name in answer.headers}
    content = await answer.read()
    if content and "json" not in answer.content_type:
        headers["Content-Type"] = answer.headers.get("Content-Type", "application/octet-stream")
        return web.Response(status=answer.status, body=content, headers=headers)
    data = json.loads(content) if content else None
    if answer.status >= 400:
        return _refusal(answer.status, data, headers)
    return _enveloped(0, SUCCESS, data, headers)


def _refusal(status: int, problem: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    """A problem: `code` is its HTTP status, `message` is for people, `data` is the problem itself."""
    said = problem if isinstance(problem, dict) else {}
    words = dict.fromkeys(str(said[name]) for name in ("title", "detail") if said.get(name))
    return _enveloped(status, "：".join(words) or "请求被拒绝", problem, headers or {})


def _enveloped(code: int, message: str, data: Any, headers: Mapping[str, str]) -> web.Response:
    """Always HTTP 200: such platforms take another status for a broken connection."""
    body = {"code": code, "message": message, "data": data}
    return web.json_response(body, headers=headers, dumps=lambda value: json.dumps(value, ensure_ascii=False))


@web.middleware
async def _enveloping(request: web.Request, handler: Any) -> web.StreamResponse:
    """What the adapter itself refuses has the same envelope."""
    try:
        answer: web.StreamResponse = await handler(request)
    except _Refused as refused:
        return _refusal(refused.status, refused.content)
    except web.HTTPRequestEntityTooLarge:
        return _told(TooLarge(f"内容不能超过 {BODY_BYTES // 1024 // 1024} MB"))
    except Problem as problem:
        return _told(problem)
    except web.HTTPException as error:
        translated, status = from_aiohttp(error)
        return _told(translated, status)
    return answer


def _told(problem: Problem, status: int | None = None) -> web.Response:
    shown = {"title": problem.title, "detail": problem.detail, "code": problem.slug, "errors": []}
    return _refusal(status or problem.kind.value, shown, problem.headers)


@asynccontextmanager
async def serving(url: str, host: str, port: int) -> AsyncIterator[str]:
    """Serve within the block; yields the address."""
    async with ClientSession(
        connector=TCPConnector(limit=0),  # long polls hold a connection each
        timeout=ClientTimeout(total=ANSWER_SECONDS),
        cookie_jar=DummyCookieJar(),
    ) as client:
        app = web.Application(middlewares=[_enveloping], client_max_size=BODY_BYTES)
        app.on_response_prepare.append(set_default_headers)
        app.router.add_route("*", "/{service:[a-z]+}/v1/{rest:.*}", Adapter(url, client).forward)
        async with listening(app, host, port) as address:
            yield address


async def _serve(settings: Settings) -> None:
    async with serving(settings.url, settings.host, settings.port) as address:
        print(f"适配器已启动：{address}", file=sys.stderr, flush=True)
        await until_stopped()


if __name__ == "__main__":
    try:
        configured = from_environment(Settings)
        logs.configure(configured.log_level, service="adapter")
        asyncio.run(_serve(configured))
    except CannotStart as error:
        raise SystemExit(str(error)) from None
