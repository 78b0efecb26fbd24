"""A service as a process: token verification, keys, one HTTP port, graceful shutdown on SIGTERM."""

import asyncio
import errno
import gc
import os
import signal
import socket
import sys
import threading
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, NoReturn

from aiohttp import web
from yarl import URL

from shared.endpoints.dead_letters import DEAD_LETTERS
from shared.errors import CannotStart, why_refused
from shared.http import KEYS, edge, mount
from shared.http.cors import allow_origins
from shared.http.dispatch import TokenVerifier
from shared.http.protocol import Runner
from shared.observability import logs, tracing
from shared.process.runtime import running
from shared.process.service import Running, Service
from shared.security.issuers import DiscoveredKeys, EitherVerifier, ForeignVerifier, Profile, foreign_keys
from shared.security.keystore import KeyStore, place_file
from shared.security.tokens import FileKeys, Keys, UrlKeys, Verifier, keys_from
from shared.settings import S, Settings, from_environment
from shared.storage.encryption import SETTING, Vault
from shared.transport import Transport
from shared.transport.rabbit import RabbitTransport

SHUTDOWN_SECONDS: Final = 8.0
"""How long requests in progress may still take after SIGTERM."""

EARLIER: Final = "earlier-jwks.json"
"""In the folder of keys: the public part of the key that all services signed with before each had its own."""
TOKEN_KEY_SECONDS: Final = 86_400.0
"""How long tokens of a key that was replaced are still valid."""

END_SECONDS: Final = 14.0
"""After which the process ends whatever is in progress: what was acknowledged is on disk, the rest is whole or not
there."""

EVERYWHERE: Final = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
"""Hosts that stand for all addresses of the machine, and at which it reaches itself then."""
LATE: Final = "停止时有请求没有及时办完，已强行结束；没有得到答复的请求要么整个办成了，要么完全没有办"


def verifier_of(settings: Settings) -> TokenVerifier:
    """The verifier of tokens: those of this installation, by the JWK set that its issuer publishes or keeps in
    `data_dir`; and those of another issuer, where the settings name one."""
    every = settings.jwks_refresh_seconds
    source = settings.own_jwks or settings.data_dir / "keys" / "jwks.json"
    own = Verifier(keys_from(source, refresh_seconds=every, trusted=True), issuer=settings.own_issuer)
    if settings.issuer == settings.own_issuer:
        return own
    foreign = ForeignVerifier(
        _foreign_keys(settings),
        issuer=settings.issuer,
        audience=settings.audience,
        leeway_seconds=settings.clock_skew_seconds,
        profile=Profile(
            subject=settings.subject_claim,
            roles=settings.role_claims,
            areas=settings.area_claims,
            role_names=settings.role_names,
            area_names=settings.area_names,
            plain=settings.plain_tokens,
        ),
    )
    return EitherVerifier(own, foreign)


def _foreign_keys(settings: Settings) -> Keys:
    """Errors: CannotStart for an address that is neither https nor on this machine."""
    every = settings.jwks_refresh_seconds
    try:
        if not settings.jwks:
            return DiscoveredKeys(settings.issuer, every)
        if "://" not in settings.jwks:
            return FileKeys(Path(settings.jwks), read=foreign_keys)
        return UrlKeys(settings.jwks, every, read=foreign_keys)
    except ValueError:
        raise CannotStart("LVZHI_ISSUER、LVZHI_JWKS 须是 https 网址（本机的可以是 http）") from None


def key_store(settings: Settings) -> KeyStore:
    """The keys that sign tokens. Only their holder calls this, and `lvzhi token` where they lie."""
    return KeyStore(settings.data_dir / "keys", issuer=settings.own_issuer, keep_seconds=TOKEN_KEY_SECONDS)


def head_keys(service: Service) -> KeyStore:
    """The keys by which a service signs the heads of its log. With them it publishes those that all services shared
    before each had its own, and an issuer the keys of its tokens."""
    keys = service.settings.data_dir / "keys"
    beside = [keys / EARLIER, *([keys / "jwks.json"] if service.issues_tokens else [])]
    return KeyStore(keys / service.name, beside=beside, purpose="heads" if service.issues_tokens else "")


def part_keys(settings: Settings, services: Iterable[str]) -> None:
    """For a data folder of before services had keys of their own: what was signed with the shared one stays verifiable,
    and nobody signs with it any more."""
    keys = settings.data_dir / "keys"
    if not (keys / "signing-key.json").exists() or any((keys / name).exists() for name in services):
        return
    place_file(keys / EARLIER, (keys / "jwks.json").read_text("utf-8"), mode=0o644, replace=False)
    key_store(settings).rotate(at_once=True)


def vault_of(settings: Settings, *, own: bool) -> Vault:
    """The vault with the keys in the settings; with `own`, where the settings have none, with keys in `data_dir`.
    Errors: CannotStart."""
    try:
        if settings.personal_data_keys is not None:
            vault = Vault.from_text(settings.personal_data_keys.get_secret_value())
        else:
            vault = Vault.from_directory(settings.data_dir / "keys") if own else Vault()
    except ValueError:
        raise CannotStart(f"{SETTING} 写得不对：每把密钥为 编号:32 字节的 base64，编号各不相同") from None
    return replace(vault, forgetful=settings.forget_unreadable)


def add_service(
    app: web.Application, alive: Running, verifier: TokenVerifier, keys: KeyStore | None = None
) -> None:
    """Mount a running service on an application made by `service_edge`. `keys` are those it signs with."""
    if keys is not None:
        app[KEYS][alive.service.name] = keys
    mount(app, alive.service.api, store=alive.store, verifier=verifier, ready=alive.ready)
    app[DEAD_LETTERS][alive.service.name] = alive.dead_letters


def service_app(alive: Running, verifier: TokenVerifier, keys: KeyStore | None = None) -> web.Application:
    app = service_edge(alive.service.settings)
    add_service(app, alive, verifier, keys)
    return app


def service_edge(settings: Settings) -> web.Application:
    """An application without services yet."""
    app = edge()
    allow_origins(app, settings.cors_origins, credentials=settings.cors_credentials)
    app[DEAD_LETTERS] = {}
    return app


def check_port(host: str, port: int) -> None:
    """Check a port before anything is started for it. Errors: CannotStart when it is taken or may not be used."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise _no_port(host, port, error) from error


def _no_port(host: str, port: int, error: OSError) -> CannotStart:
    why = "已被占用" if error.errno == errno.EADDRINUSE else f"不能使用（{why_refused(error)}）"
    return CannotStart(f"{host} 的端口 {port} {why}，请换一个端口")


def url_of(host: str, port: int, *, to_others: bool = False) -> str:
    """The URL of what listens at a host, as this machine or others reach it; an IPv6 address stands in brackets
    (RFC 3986)."""
    if host in EVERYWHERE:
        host = socket.gethostname() if to_others else EVERYWHERE[host]
    return str(URL.build(scheme="http", host=host, port=port))


@asynccontextmanager
async def listening(
    app: web.Application, host: str, port: int, *, auto_decompress: bool = True
) -> AsyncIterator[str]:
    """Serve on a port (0: any free one) within the block; yields the URL. On exit requests in progress are finished.

    `auto_decompress=False`: bodies of requests are read as they were sent, whatever their Content-Encoding.

    Errors: CannotStart when the port is taken or may not be used.
    """
    runner = Runner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS, auto_decompress=auto_decompress)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise _no_port(host, port, error) from error
        bound = runner.addresses[0]
        yield url_of(host, bound[1])
    finally:
        await runner.cleanup()


@asynccontextmanager
async def started(transport: Transport) -> AsyncIterator[Transport]:
    """Run a transport within the block."""
    await transport.start()
    try:
        yield transport
    finally:
        await transport.stop()


async def until_stopped(watch: asyncio.Task[None] | None = None) -> None:
    """Wait for SIGTERM or SIGINT; from then on the process has END_SECONDS to end.

    An error of `watch` ends it at once: without its database a process can finish nothing.
    """
    gc.collect()
    gc.freeze()  # what was made for the start lives as long as the process: no collection looks through it again
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({stopped} if watch is None else {stopped, watch}, return_when=FIRST_COMPLETED)
    if watch is not None and watch.done():
        _end(str(watch.exception()))
    last = threading.Timer(END_SECONDS, _end, [LATE])  # a thread, as the loop itself may be held up
    last.daemon = True
    last.start()


def _end(why: str) -> NoReturn:
    print(why, file=sys.stderr, flush=True)
    os._exit(1)


async def _serve(service: Service) -> None:
    settings = service.settings
    database, broker = settings.database, settings.broker
    if database is None or broker is None:
        raise SystemExit("单独运行一个服务须设置 MONGODB_URL 和 AMQP_URL；在一台机器上试用请执行 lvzhi serve")
    vault, verifier = vault_of(settings, own=False), verifier_of(settings)
    transport = RabbitTransport(broker, service=service.name, namespace=settings.broker_namespace)
    async with (
        started(transport),
        running(
            service,
            mongo_url=database,
            transport=transport,
            database=f"{settings.database_prefix}{service.name}",
            vault=vault,
        ) as alive,
        listening(
            service_app(alive, verifier, head_keys(service)),
            settings.host,
            settings.port,
        ) as url,
    ):
        print(f"{service.name} 已启动：{url}", file=sys.stderr, flush=True)
        await until_stopped()


def serve(build: Callable[[S], Service], kind: type[S]) -> None:
    """Run one service in this process until SIGTERM or SIGINT, with the settings of its environment."""
    try:
        service = build(from_environment(kind))
        logs.configure(service.settings.log_level, service=service.name)
        tracing.configure(service.name)
        asyncio.run(_serve(service))
    except CannotStart as error:
        raise SystemExit(str(error)) from None
