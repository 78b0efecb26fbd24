"""Composition of the console: its pages on an aiohttp application, errors as pages, sessions by cookie."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from aiohttp import web
from yarl import URL

from services.console import view
from services.console.api import calling
from services.console.errors import Away, NoPage, Refused, SignedOut
from services.console.forms import Faulty
from services.console.pages import PAGES
from services.console.repository import Repository
from services.console.sessions import Session, Sessions
from services.console.settings import Settings
from services.console.visit import Console, Page, Visit
from shared.clock import SystemClock
from shared.errors import CannotStart, Problem, Unavailable
from shared.http import edge
from shared.http.server import READINESS
from shared.observability import logs
from shared.process.serve import listening, until_stopped, vault_of
from shared.settings import from_environment
from shared.storage import mongo
from shared.storage.encryption import Vault

log = structlog.get_logger(__name__)

DATABASE: Final = "console"
ELSEWHERE: Final = (
    r"/{rest:(?!\w+/(?:v1|docs|openapi|oauth|set-up|jwks|health|metrics)|docs|problems|(?:open|async)api\.json|health"
    r"|\.well-known|[ro]/).*}"
)
"""Paths without a page, but those of programs and voters: there a wrong address or method is answered in their way."""


@asynccontextmanager
async def running(settings: Settings, mongo_url: str, vault: Vault) -> AsyncIterator[Console]:
    """The console's stores and its client within the block."""
    async with mongo.connected(mongo_url, app_name="console") as client, calling() as http:
        repository = Repository(client[f"{settings.database_prefix}{DATABASE}"], vault, SystemClock())
        await repository.prepare()
        accounts = settings.accounts_url or settings.services_url
        source = settings.source_as or settings.source_header
        sessions = Sessions(repository, http, accounts, source)
        try:
            yield Console(settings, repository, sessions)
        finally:
            await sessions.finish()


def add_pages(app: web.Application, console: Console) -> None:
    """Add every page to an application."""
    app.router.add_get("/static/{name}", view.static)
    for page in sorted(PAGES, key=_generality):
        app.router.add_route(page.method, page.path, _Served(console, page).serve)
    app.router.add_get(ELSEWHERE, _Served(console, Page("GET", ELSEWHERE, None, _no_page)).serve)


async def _no_page(_: Visit) -> web.StreamResponse:
    raise NoPage


def _generality(page: Page) -> list[bool]:
    """Fixed paths come before variables, because the router takes the first match."""
    return [part.startswith("{") for part in page.path.split("/")]


class _Served:
    """A page as a handler of requests."""

    def __init__(self, console: Console, page: Page) -> None:
        self._console, self._page = console, page

    async def serve(self, request: web.Request) -> web.StreamResponse:
        visit = Visit(self._console, request, None)
        try:
            session = await self._session(request)
            visit = Visit(self._console, request, session)
            return await self._answer(visit)
        except SignedOut:
            return self._signed_out(visit)
        except Refused as refused:
            return _told(visit, refused.title, refused.detail, refused.status)
        except Faulty as faulty:
            return _told(visit, "填写有误", "；".join(view.told(faulty.form).values()), 422)
        except Away as away:
            return _told(visit, "服务暂时没有应答", away.advice, away.status)
        except Problem as problem:
            return _told(visit, problem.title, problem.detail, problem.kind.value)
        except mongo.Failed as error:
            log.warning("console database away", reason=type(error).__name__)
            return _told(visit, Unavailable.title, "请过一会儿再试；登记过的都在。", 503)

    async def _answer(self, visit: Visit) -> web.StreamResponse:
        page = self._page
        if page.method == "POST":
            # Files take memory: not of those who are signed out, or may not send them here.
            await visit.read(files=page.files, kept=self._may(visit))
        try:
            return await self._page_of(visit)
        finally:
            visit.close()

    async def _page_of(self, visit: Visit) -> web.StreamResponse:
        page = self._page
        if page.roles is not None and not visit.signed_in:
            raise SignedOut
        if visit.signed_in:
            visit.preferences = await self._console.repository.preferences(visit.session.user)
        if page.method == "POST":
            visit.check_origin()
        elif visit.signed_in and visit.session.flash:
            visit.flash = await self._console.repository.take_flash(visit.session.id)
        if not self._may(visit):
            raise NoPage
        if page.roles is not None:
            await visit.read_town_name()
        return await page.handler(visit)

    def _may(self, visit: Visit) -> bool:
        roles = self._page.roles
        return roles is None or (visit.signed_in and bool(visit.session.roles & roles))

    async def _session(self, request: web.Request) -> Session | None:
        secret = request.cookies.get(self._console.cookie)
        return await self._console.sessions.find(secret) if secret else None

    def _signed_out(self, visit: Visit) -> web.Response:
        """A page goes to the sign-in and back; what a script sends stays where it is and says so."""
        if visit.wants_json:
            return _told(visit, "登录已到期。请在新窗口登录，再回来按“保存”，填的都在。", "", 401)
        if visit.request.method != "GET":
            typed = [(name, value) for name, value in visit.sent.items() if isinstance(value, str)]
            return visit.html("send_again.html", status=401, typed=typed)
        target, sign_in = str(visit.request.rel_url), URL("/sign-in")
        return visit.go(str(sign_in if target == "/" else sign_in.with_query(next=target)))


def _told(visit: Visit, title: str, detail: str, status: int) -> web.Response:
    """An error as a page, or as JSON for a script."""
    if visit.wants_json:
        others = [detail] if detail else []
        return web.json_response(
            {"title": title, "others": others, "faults": {}, "theirs": {}}, status=status
        )
    return visit.html("message.html", status=status, title=title, detail=detail)


async def _serve(settings: Settings) -> None:
    if (database := settings.database) is None:
        raise SystemExit("单独运行控制台须设置 MONGODB_URL；在一台机器上试用请执行 lvzhi serve")
    vault = vault_of(settings, own=False)
    async with running(settings, database, vault) as console:
        app = edge()
        app[READINESS][DATABASE] = console.ready
        add_pages(app, console)
        async with listening(app, settings.host, settings.port) as url:
            print(f"控制台已启动：{url}", file=sys.stderr, flush=True)
            await until_stopped()


def serve() -> None:
    """Run the console in this process until SIGTERM or SIGINT."""
    try:
        settings = from_environment(Settings)
        logs.configure(settings.log_level, service=DATABASE)
        asyncio.run(_serve(settings))
    except CannotStart as error:
        raise SystemExit(str(error)) from None
