"""The services as a client of their HTTP contract sees them, with the token of whoever is signed in."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import aiohttp

from services.console.errors import Away, Refused, SignedOut
from services.console.repeating import keeps_answer, reads_alone

T = TypeVar("T")
Token = Callable[[], Awaitable[str]]
"""Gives an access token that is valid for some time yet. Errors: SignedOut."""

SERVICES: Final = ("roster", "activities", "ratings", "reports", "accounts")
ANSWER_SECONDS: Final = 60.0
CONNECT_SECONDS: Final = 5.0
CARD_SECONDS: Final = 0.8
"""How long a page waits for one of several parts, of which it can do without any."""
LATE_SECONDS: Final = 5.0
"""How long it waits for a part that it is about."""
COUNTING_SECONDS: Final = 20.0
"""How long it waits for one that is counted from many records while it waits."""
_AWAY: Final = frozenset({502, 503, 504})


@dataclass(frozen=True)
class Answer:
    """`body`: the JSON, or bytes of another type. `headers`: by names of any case."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def version(self) -> str | None:
        """What If-Match must say to change the record."""
        return self.headers.get("ETag")


@dataclass(frozen=True)
class Client:
    """Requests to the services. All raise Refused for statuses from 400, Away without a usable answer, SignedOut.

    `told`: what accounts alone is told, which counts wrong passwords by where they come from; it is asked at
    `accounts_url`."""

    http: aiohttp.ClientSession
    url: str
    token: Token
    accounts_url: str = ""
    told: Mapping[str, str] = field(default_factory=dict)

    async def get(self, path: str, /, **query: Any) -> Any:
        return (await self.answer("GET", path, query=query)).body

    async def current(self, path: str, /) -> tuple[Any, str]:
        """A record as it stands now, and what If-Match must say to change it."""
        answer = await self.answer("GET", path)
        return answer.body, answer.version or ""

    async def all(self, path: str, /, **query: Any) -> list[Any]:
        """Every item of a paged list."""
        items: list[Any] = []
        cursor: str | None = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = await self.get(path, **query, **more)
            items += page["items"]
            if not (cursor := page.get("next_cursor")):
                return items

    async def maybe(self, path: str, /, **query: Any) -> Any:
        """The record, or None where there is none."""
        try:
            return await self.get(path, **query)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    async def post(
        self, path: str, body: Any = None, *, key: str = "", version: str = "", **query: Any
    ) -> Any:
        """A command; with `key` it may be sent again without acting twice, where the operation keeps its answer."""
        headers = {"Idempotency-Key": key} if key else {}
        if version:
            headers["If-Match"] = version
        sent = {} if body is None else body
        return (await self.answer("POST", path, query=query, json=sent, headers=headers)).body

    async def patch(self, path: str, body: Any, *, version: str) -> Any:
        """Errors: Refused with status 412 where the record is at another version."""
        return (await self.answer("PATCH", path, json=body, headers={"If-Match": version})).body

    async def put(self, path: str, body: Any, *, version: str = "") -> Any:
        headers = {"If-Match": version} if version else {}
        return (await self.answer("PUT", path, json=body, headers=headers)).body

    async def upload(
        self,
        path: str,
        data: bytes,
        name: str,
        *,
        kind: str = "application/octet-stream",
        key: str = "",
        accept: str = "application/json",
        seconds: float = ANSWER_SECONDS,
        **query: Any,
    ) -> Answer:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(data), filename=name, content_type=kind)
        headers = {"Accept": accept} | ({"Idempotency-Key": key} if key else {})
        return await self.answer(
            "POST", path, query=query, data=form, headers=headers, timeout=_within(seconds)
        )

    async def answer(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> Answer:
        async with self.opened(method, path, query=query, headers=headers, **content) as response:
            try:
                body = await response.read()
            except (aiohttp.ClientError, TimeoutError) as error:
                raise Away(path, twice=_acts_twice(method, path, query, headers)) from error
            return Answer(response.status, _content(response.content_type, body), response.headers)

    @asynccontextmanager
    async def opened(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **content: Any,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer while it arrives, for files that are handed on."""
        sent, url = {**(headers or {}), "Authorization": f"Bearer {await self.token()}"}, self.url
        if path.startswith("/accounts/"):
            sent, url = {**sent, **self.told}, self.accounts_url or url
        if isinstance(data := content.get("data"), bytes):
            content["data"] = io.BytesIO(data)  # in pieces: others are served meanwhile
        asked = {name: _word(value) for name, value in (query or {}).items() if value not in (None, "")}
        try:
            response = await self.http.request(
                method, url + path, params=asked, headers=sent, allow_redirects=False, **content
            )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Away(path, twice=_acts_twice(method, path, query, headers)) from error
        async with response:
            if response.status in _AWAY:
                raise Away(path, twice=_acts_twice(method, path, query, headers))
            if response.status >= 400:
                await _refuse(response)
            yield response


def _acts_twice(
    method: str, path: str, query: Mapping[str, Any] | None, headers: Mapping[str, str] | None
) -> bool:
    """Whether a request sent again may act again: it writes, and no key or version prevents it."""
    sent = headers or {}
    if method != "POST" or reads_alone(path) or (query or {}).get("dry_run") or "If-Match" in sent:
        return False
    return not ("Idempotency-Key" in sent and keeps_answer(path))


async def _refuse(response: aiohttp.ClientResponse) -> None:
    try:
        problem = json.loads(await response.read())
    except (ValueError, aiohttp.ClientError, TimeoutError):
        problem = {}
    if response.status == 401:
        raise SignedOut
    raise Refused(response.status, problem if isinstance(problem, dict) else {})


def _within(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)


def _content(content_type: str, body: bytes) -> Any:
    if "json" in content_type:
        return json.loads(body) if body else None
    return body


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


async def part(wanted: Awaitable[T], seconds: float = CARD_SECONDS) -> T | None:
    """A part of a page, or None where its service is late or away: the rest of the page does without."""
    return (await part_or_reason(wanted, seconds))[0]


async def part_or_reason(wanted: Awaitable[T], seconds: float) -> tuple[T | None, str]:
    """A part of a page; else None and why its service refused it, or nothing where the service is late or away."""
    try:
        async with asyncio.timeout(seconds):
            return await wanted, ""
    except Refused as refused:
        return None, refused.detail or refused.title
    except (TimeoutError, Away):
        return None, ""


@asynccontextmanager
async def calling() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(
        timeout=_within(ANSWER_SECONDS), connector=connector, cookie_jar=jar, trust_env=False
    ) as session:
        yield session
