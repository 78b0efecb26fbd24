"""One request of a person: who asks, the services on their behalf, the form that was sent, the page in answer."""

import re
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from aiohttp import web
from multidict import MultiDict
from yarl import URL

from services.console import menu, view
from services.console.api import Client
from services.console.errors import Away, NoPage, NotFromHere, Refused, SignedOut
from services.console.forms import Faulty, Field, Form, Rows
from services.console.repository import Repository
from services.console.sessions import Session, Sessions
from services.console.settings import Settings
from services.console.town_names import TownNames
from shared.documents.pictures import SCAN_BYTES
from shared.http import posted, texts
from shared.http.networks import network_from
from shared.http.problems import PROBLEM

FORM_BYTES: Final = 2 << 20
CSRF, KEY, VERSION, DRAFT, NEXT = "_csrf", "_key", "_version", "_draft", "_next"
"""Hidden fields: the account's token, the Idempotency-Key, the record's version, the key of the draft; the button that
saves and goes on to the next form."""


@dataclass(frozen=True)
class Console:
    """What all requests share."""

    settings: Settings
    repository: Repository
    sessions: Sessions
    town_names: TownNames = field(default_factory=TownNames)
    tickets: dict[str, str] = field(default_factory=dict, repr=False)
    """Sessions that this process has begun for whoever opens an address first: code → the session's secret."""

    async def admit(self, name: str, password: str, year: int) -> str:
        """Sign in, and return the path that gives this session to the first browser which opens it."""
        secret, session = await self.sessions.sign_in({"name": name, "password": password}, "")
        await self.repository.change_session(session.id, {"year": year})
        code = secrets.token_urlsafe(12)
        self.tickets[code] = secret
        return f"/enter/{code}"

    @property
    def cookie(self) -> str:
        return "__Host-lz" if self.settings.secure else "lz"

    async def ready(self) -> Mapping[str, bool]:
        return {"database": await self.repository.answers()}


ONE_SEGMENT: Final = re.compile(r"(?!\.{1,2}$)[^/\\?#%]+")
"""What stands for one part of a path wherever it is put."""


Handler = Callable[["Visit"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Page:
    """A page or a form's target. `roles`: who may; None: nobody need be signed in. `files`: the form has files."""

    method: str
    path: str
    roles: frozenset[str] | None
    handler: Handler
    files: bool = False


def page(path: str, *, roles: Collection[str] | None) -> Callable[[Handler], Page]:
    return lambda handler: Page("GET", path, None if roles is None else frozenset(roles), handler)


def action(path: str, *, roles: Collection[str] | None, files: bool = False) -> Callable[[Handler], Page]:
    return lambda handler: Page("POST", path, None if roles is None else frozenset(roles), handler, files)


@dataclass(frozen=True)
class Done:
    """Where to go after a form was saved, and what to tell there. `links`: (address, words) of what comes next."""

    location: str
    message: str
    links: Sequence[tuple[str, str]] = ()


class Visit:
    """A request with the session of whoever is signed in."""

    def __init__(self, console: Console, request: web.Request, session: Session | None) -> None:
        self.console, self.request = console, request
        self._session = session
        self.preferences: Mapping[str, Any] = {}
        self.flash: Mapping[str, Any] | None = None
        self.sent: MultiDict[Any] = MultiDict()
        self.town_name = ""
        """What the town that the pages are about is called now; empty where it has no name or roster does not say."""

    @property
    def session(self) -> Session:
        """Errors: SignedOut."""
        if self._session is None:
            raise SignedOut
        return self._session

    @property
    def signed_in(self) -> bool:
        return self._session is not None

    @cached_property
    def api(self) -> Client:
        return self.console.sessions.api(self.session, self.console.settings.services_url, self.source)

    @property
    def town(self) -> str:
        """The town that the pages are about. Errors: NoPage, where a county has opened none."""
        if not self.session.town:
            raise NoPage("请先在“全县一览”中打开一个乡镇")
        return self.session.town

    @property
    def year(self) -> int:
        return self.session.year

    @property
    def today(self) -> date:
        return self.console.repository.clock.today()

    @property
    def origin(self) -> str:
        """The address at which the browser reached the pages."""
        return str(self.request.url.origin())

    @property
    def public_url(self) -> str:
        """The address of these pages as others reach them: behind TLS the one in the settings."""
        settings = self.console.settings
        return settings.public_url.rstrip("/") if settings.secure else self.origin

    @property
    def voters_url(self) -> str:
        """The address by which voters reach their pages: the one in the settings, else that of these pages."""
        return self.console.settings.voters_url or self.public_url

    @property
    def wants_json(self) -> bool:
        """Whether a script of the page asks, which shows what was wrong without leaving it."""
        return self.request.headers.get("Accept", "").startswith("application/json")

    def may(self, *roles: str) -> bool:
        return bool(self.session.roles & set(roles))

    def at(self, service: str, path: str) -> str:
        """An address of the town: `at("roster", "deputies")`."""
        return f"/{service}/v1/towns/{self.town}/{path}"

    def id(self, name: str = "id") -> str:
        """Errors: NoPage, where it would change the address of a service it is put into."""
        id = self.request.match_info[name]
        if not ONE_SEGMENT.fullmatch(id):
            raise NoPage
        return id

    def asked(self, name: str, default: str = "") -> str:
        return self.request.query.get(name, default)

    @property
    def source(self) -> str:
        """Where a request comes from: as the gateway says, else the network; accounts keeps a fingerprint."""
        settings = self.console.settings
        said = self.request.headers.get(settings.source_header, "")
        return said or network_from(self.request, settings.proxies)

    @property
    def key(self) -> str:
        """The Idempotency-Key of the form."""
        return str(self.sent.get(KEY, "")) or secrets.token_urlsafe(18)

    @property
    def version(self) -> str:
        return str(self.sent.get(VERSION, ""))

    # --- answers

    def html(self, template: str, *, status: int = 200, **context: Any) -> web.Response:
        return view.page(view.rendered(template, **self._common(), **context), status)

    async def form_page(
        self, template: str, form: Form, *, draft: str, status: int = 200, **context: Any
    ) -> web.Response:
        """A page with a form whose draft is kept under a key; the draft of another device is handed to the page."""
        kept = (
            await self.console.repository.draft(self.session.user, draft) if draft and self._session else None
        )
        return self.html(template, status=status, form=form, draft=draft, kept=kept, key=self.key, **context)

    def go(self, location: str) -> web.Response:
        return web.Response(status=303, headers={"Location": str(URL(location))})

    async def tell(self, done: Done) -> web.Response:
        """Go on to a page and tell there what was done."""
        flash = {"message": done.message, "links": [list(link) for link in done.links]}
        await self.console.repository.change_session(self.session.id, {"flash": flash})
        if self.wants_json:
            return web.json_response({"location": done.location, "message": done.message})
        return self.go(done.location)

    async def submit(
        self,
        parts: Sequence[Field | Rows],
        send: Callable[[Form], Awaitable[Done]],
        again: Callable[[Form, int], Awaitable[web.Response]],
        *,
        current: Callable[[], Awaitable[tuple[Mapping[str, Any], str]]] | None = None,
    ) -> web.Response:
        """Send a form. What is wrong with it is told beside its fields, and nothing that was typed is lost.

        `send` reads the form and acts; `again` shows it once more, with a status. `current`: the record as it stands
        now and its version, for a form that changes one: both versions are shown where somebody else was first.
        """
        form = Form.sent(parts, self.sent)
        try:
            done = await send(form)
        except Faulty:
            form.title = "请改正下面标出的地方"
            return await self._again(form, 422, again)
        except Refused as refused:
            if refused.status == 412 and current is not None:
                return await self._stale(form, current, again)
            return await self._again(form.refuse(refused), refused.status, again)
        except Away as away:
            form.title = away.of_form
            return await self._again(form, away.status, again)
        if draft := str(self.sent.get(DRAFT, "")):
            await self.console.repository.drop_draft(self.session.user, draft)
        if following := local(str(self.sent.get(NEXT, "")), ""):
            done = replace(done, location=following)
        return await self.tell(done)

    async def _again(
        self, form: Form, status: int, again: Callable[[Form, int], Awaitable[web.Response]]
    ) -> web.Response:
        if not self.wants_json:
            return await again(form, status)
        content: dict[str, Any] = {
            "title": form.title,
            "others": form.others,
            "faults": form.faults,
            "told": view.told(form),
            "theirs": form.theirs,
        }
        if VERSION in self.sent:
            content["version"] = self.version
        return web.json_response(content, status=status)

    async def _stale(
        self,
        form: Form,
        current: Callable[[], Awaitable[tuple[Mapping[str, Any], str]]],
        again: Callable[[Form, int], Awaitable[web.Response]],
    ) -> web.Response:
        record, version = await current()
        form.compare(record)
        form.title = (
            "您填写的时候，别人改过这条记录。下面标出了现在登记的内容；再按一次保存，就以您填的为准。"
        )
        self.sent.popall(VERSION, None)
        self.sent.add(VERSION, version)
        return await self._again(form, 412, again)

    async def hand_on(
        self, path: str, *, accept: str = "*/*", method: str = "GET", content: Any = None, **query: Any
    ) -> web.StreamResponse:
        """A file of a service, as it arrives. `content`: the JSON that asks for it."""
        sent = {} if content is None else {"json": content}
        # First what a refusal is read from: where a page is wanted first, it comes as a page.
        headers = {"Accept": f"{PROBLEM}, {accept}"}
        async with self.api.opened(method, path, query=query, headers=headers, **sent) as answer:
            kept = ("Content-Type", "Content-Disposition", "Content-Security-Policy", "ETag", "Last-Modified")
            headers = {name: answer.headers[name] for name in kept if name in answer.headers}
            headers["Cache-Control"] = "private, no-store"
            response = web.StreamResponse(status=answer.status, headers=headers)
            await response.prepare(self.request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            await response.write_eof()
            return response

    # --- of the frame

    async def read_town_name(self) -> None:
        self.town_name = await self.console.town_names.read(self.api, self.session.town)

    def check_origin(self) -> None:
        """Whether a form was sent by a page of ours. Errors: NotFromHere."""
        site, origin = map(self.request.headers.get, ("Sec-Fetch-Site", "Origin"))
        if site is not None and site != "same-origin":
            raise NotFromHere
        if site is None and origin is not None and _host(origin) != self.request.url.host:
            raise NotFromHere
        if self._session is not None and not secrets.compare_digest(
            str(self.sent.get(CSRF, self.request.headers.get("X-CSRF", ""))).encode(errors="surrogatepass"),
            self._session.csrf.encode(),
        ):
            raise NotFromHere("请回到页面，刷新后再试；填的都在")

    async def read(self, *, files: bool, kept: bool) -> None:
        """Read the form that was sent, without its files unless `kept`. Errors: Unsupported, TooLarge, Malformed."""
        most = SCAN_BYTES + FORM_BYTES if files or not kept else FORM_BYTES
        sent = posted(self.request, limit=most) if kept else texts(self.request, limit=FORM_BYTES, most=most)
        self.sent = MultiDict(await sent)

    def close(self) -> None:
        """Close the files that were sent."""
        for value in self.sent.values():
            if isinstance(value, web.FileField):
                value.file.close()

    def _common(self) -> dict[str, Any]:
        """What the frame of every page shows."""
        session = self._session
        return {
            "me": session.account if session else None,
            "roles": session.roles if session else frozenset(),
            "reads": bool(session and session.roles & menu.READERS),
            "town": session.town if session else "",
            "town_name": self.town_name,
            "year": session.year if session else self.today.year,
            "years": range(self.today.year + 1, self.today.year - 11, -1),
            "today": self.today,
            "csrf": session.csrf if session else "",
            "menu": menu.of(session) if session else [],
            "tabs": menu.tabs(session) if session else [],
            "here": self.request.path,
            "current": menu.current(session, self.request.path) if session else "",
            "flash": self.flash,
            "large": bool(
                self.preferences.get("large", session is not None and session.roles <= {"deputy", "leader"})
            ),
            "letters": bool(self.preferences.get("letters", True)),
            "query": self.request.query,
        }


def _host(origin: str) -> str | None:
    with suppress(ValueError):
        return URL(origin).host
    return None


def local(target: str, default: str) -> str:
    """An address within the console, whatever was asked for. Browsers leave out tabs and line ends before they read an
    address, so it may have none."""
    return target if re.fullmatch(r"/(?![/\\])[^\x00-\x1f\x7f]*", target) else default
