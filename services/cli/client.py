"""HTTP client of the command line, with problems as readable messages."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import uuid4

import aiohttp

from services.console.repeating import keeps_answer, reads_alone

T = TypeVar("T")

REPEAT_SECONDS: Final = 15.0
PAUSE_SECONDS: Final = 1.0  # before each repetition
"""How long a request whose answer was lost is repeated: a restart of the system takes five seconds."""

PAGE: Final = 200
"""Records asked for at once."""
NO_TOKEN: Final = {
    "title": "没有访问凭证",
    "detail": "请用 --token 或者环境变量 LVZHI_TOKEN 给出；在装有系统的机器上可以用 lvzhi token 生成",
}
LOST: Final = "这次请求要么整个办成了，要么完全没有办，不会只办一半。请等系统恢复后再执行一次同一命令"
UNKNOWN: Final = "可能已经办成，再执行一次会再办一遍。请先看是否已经办成，没有办成再执行"


class Refused(Exception):
    """A response with status 400 or above; the message is the problem in Chinese."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.problem = problem
        lines = [f"{problem.get('title', '请求失败')}（{status}）"]
        if problem.get("detail"):
            lines.append(str(problem["detail"]))
        lines += [f"  {described(error)}" for error in problem.get("errors", [])]
        super().__init__("\n".join(lines))


def described(error: Mapping[str, Any]) -> str:
    """An error of a problem: where, what, what stands there, and what is wanted."""
    was = f"；现在是“{error['was']}”" if error.get("was") else ""
    becomes = f"；应填：{error['becomes']}" if error.get("becomes") else ""
    return f"{error.get('loc', '')}：{error.get('message', '')}{was}{becomes}"


class Away(Exception):
    """No response from the address."""


class NoAddress(Away):
    """What was given is no address that can be called."""


class Strange(Away):
    """What answers at the address is another program: it does not speak HTTP, or gives no JSON."""


class Lost(Away):
    """The connection broke after the request was sent: it was carried out whole, or not at all."""


@dataclass(frozen=True)
class Client:
    """Requests to one system with one token. Errors: Refused for statuses from 400, Away without a response."""

    session: aiohttp.ClientSession
    url: str
    token: str

    async def json(self, method: str, path: str, body: Any = None, **query: str | int) -> Any:
        return await self._send(method, path, query, json=body)

    async def items(self, path: str, **query: str | int) -> list[dict[str, Any]]:
        """All records of a list, over its pages."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str | int] = {}
        while True:
            page = await self.json("GET", path, **{"limit": PAGE, **query, **cursor})
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def upload(self, path: str, data: bytes, headers: Mapping[str, str], **query: str | int) -> Any:
        return await self._send("POST", path, query, data=data, headers=headers)

    async def upload_for_file(
        self, path: str, data: bytes, headers: Mapping[str, str], **query: str | int
    ) -> bytes:
        """A file in answer to a file; the request changes nothing, so it is not repeated under a key."""
        return await self._file("POST", path, headers, data=data, params=query)

    async def put(self, path: str, data: bytes, headers: Mapping[str, str]) -> Any:
        return await self._send("PUT", path, {}, headers=headers, data=io.BytesIO(data))

    async def patch(self, path: str, body: Any, headers: Mapping[str, str]) -> Any:
        return await self._send("PATCH", path, {}, headers=headers, json=body)

    async def step(self, path: str, version: int, body: Any = None) -> Any:
        """A command on a record, on the condition that it still is at the version read."""
        return await self._send("POST", path, {}, headers={"If-Match": f'"{version}"'}, json=body or {})

    async def post_for_file(self, path: str, body: Any, accept: str) -> bytes:
        """A file in answer to a command that is not repeated: what it tells is told only once."""
        return await self._file("POST", path, {"Accept": accept}, json=body)

    async def download(self, path: str, *, accept: str = "*/*") -> bytes:
        return await self._file("GET", path, {"Accept": accept})

    async def page(self, url: str) -> tuple[Any, str]:
        """(page of a feed, URL of the next page by its Link header (RFC 8288), or empty)."""

        async def read(response: aiohttp.ClientResponse) -> tuple[Any, str]:
            following = response.links["next"].get("url") if "next" in response.links else None
            return await response.json(content_type=None), str(following or "")

        return await self._ask("GET", url, read, headers=self._headers)

    async def _file(self, method: str, path: str, headers: Mapping[str, str], **content: Any) -> bytes:
        sent = {**self._headers, **headers}
        return await self._ask(method, self.url + path, aiohttp.ClientResponse.read, headers=sent, **content)

    async def _send(self, method: str, path: str, query: Mapping[str, str | int], **content: Any) -> Any:
        """A POST that keeps its answer goes out under an Idempotency-Key, and again under the same one when the answer
        is lost; any other goes out once."""
        headers = {**self._headers, **content.pop("headers", {})}
        if content.get("json", ...) is None:
            content.pop("json")
        if method != "POST":
            return await self._once(method, path, params=query, headers=headers, **content)
        if not keeps_answer(path):
            try:
                return await self._once(method, path, params=query, headers=headers, **content)
            except Lost as lost:
                if reads_alone(path):
                    raise
                raise Lost(f"{lost}：{UNKNOWN}") from lost
        return await self._repeated(path, params=query, headers=headers, **content)

    async def _repeated(self, path: str, *, headers: Mapping[str, str], **content: Any) -> Any:
        keyed = {**headers, "Idempotency-Key": uuid4().hex}
        lost, deadline = False, asyncio.get_running_loop().time() + REPEAT_SECONDS
        while True:
            try:
                return await self._once("POST", path, headers=keyed, **content)
            except Away as away:
                lost = lost or isinstance(away, Lost)
                if not lost:
                    raise
                if asyncio.get_running_loop().time() > deadline:
                    raise Lost(f"与 {self.url} 的连接中断，没有收到答复：{LOST}") from away
            await asyncio.sleep(PAUSE_SECONDS)

    async def _once(self, method: str, path: str, **content: Any) -> Any:
        async def read(response: aiohttp.ClientResponse) -> Any:
            return await response.json(content_type=None) if response.content_length != 0 else None

        return await self._ask(method, self.url + path, read, **content)

    async def _ask(
        self, method: str, url: str, read: Callable[[aiohttp.ClientResponse], Awaitable[T]], **content: Any
    ) -> T:
        """Errors: Refused, Away."""
        try:
            async with self.session.request(method, url, **content) as response:
                if response.status == 401 and not self.token:
                    raise Refused(401, NO_TOKEN)
                if response.status >= 400:
                    raise Refused(response.status, await _problem(response))
                try:
                    return await read(response)
                except ValueError as error:
                    raise Strange(f"{url} 给出的不是 JSON") from error
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise NoAddress(f"{url} 不是网址") from error
        except aiohttp.ClientConnectorError as error:
            raise Away(f"连接不上 {self.url}") from error
        except aiohttp.ClientResponseError as error:
            raise Strange(f"{self.url} 的答复不是 HTTP") from error
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, TimeoutError) as error:
            raise Lost(f"与 {self.url} 的连接中断，没有收到答复") from error
        except ValueError as error:
            raise Away("请求没有发出：访问凭证中有不能用的字符") from error

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


async def _problem(response: aiohttp.ClientResponse) -> Mapping[str, Any]:
    try:
        problem = await response.json(content_type=None)
    except ValueError:
        problem = None
    return problem if isinstance(problem, dict) else {"title": response.reason or "请求失败"}


@asynccontextmanager
async def calling() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=300)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=False) as session:
        yield session
