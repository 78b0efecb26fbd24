"""One HTTP request to a receiver: only to allowed addresses, no redirect, 15 seconds, nothing of the answer is read."""

import asyncio
import errno
import socket
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from aiohttp.client_exceptions import ClientConnectorCertificateError, ClientConnectorError, ClientSSLError

from services.reports.domain.receivers import Network, reachable

T = TypeVar("T")

ANSWER_SECONDS: Final = 15.0
AGENT: Final = "lvzhi-webhooks/1"
MOST_BYTES: Final = 65_536
"""Received in answer to one request, certificates included."""
READ_BYTES: Final = 16_384
_CLOSED: Final = "address not allowed"


@dataclass(frozen=True)
class Outcome:
    """`status`: that of the answer, None without one; `error`: why the attempt failed, in Chinese; `wait`: what
    Retry-After asks for."""

    status: int | None = None
    error: str = ""
    seconds: float = 0.0
    wait: timedelta = timedelta(0)

    @property
    def delivered(self) -> bool:
        return not self.error

    @property
    def gone(self) -> bool:
        return self.status == 410


class _Bounded(socket.socket):
    """Breaks off after MOST_BYTES since something was sent. Otherwise a receiver that sends informational answers (1xx)
    without end would have the process parse nothing else for as long as it waits."""

    _left: int = MOST_BYTES

    def send(self, *arguments: Any) -> int:
        self._left = MOST_BYTES
        return super().send(*arguments)

    def sendmsg(self, *arguments: Any) -> int:
        self._left = MOST_BYTES
        return super().sendmsg(*arguments)

    def recv(self, size: int, flags: int = 0) -> bytes:
        data = super().recv(self._allowed(size), flags)
        self._left -= len(data)
        return data

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        count = super().recv_into(buffer, self._allowed(nbytes or len(buffer)), flags)
        self._left -= count
        return count

    def _allowed(self, size: int) -> int:
        if self._left <= 0:
            raise OSError(errno.EMSGSIZE, "answer too long")
        return min(size, self._left, READ_BYTES)


@dataclass
class Sender:
    """Sends within its block. `networks`: inside networks that receivers may stand in.

    The address is checked where the socket for it is made, so that a name cannot stand for another one by then.
    """

    networks: Collection[Network] = ()
    _sessions: dict[str, ClientSession] = field(default_factory=dict)

    async def __aenter__(self) -> Self:
        self._sessions = {scheme: self._session(secure=scheme == "https") for scheme in ("https", "http")}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in self._sessions.values():
            await session.close()

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """POST and judge the answer by its status alone. Raises nothing that the receiver can cause."""
        begun = time.monotonic()
        session = self._sessions["https" if url.startswith("https:") else "http"]
        try:
            async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                status, error, wait = response.status, _judged(response.status), _retry_after(response)
        except TimeoutError:
            status, error, wait = None, f"{ANSWER_SECONDS:.0f} 秒内没有答复", timedelta(0)
        except (ClientError, OSError, ValueError) as failure:
            status, error, wait = None, _reason(failure), timedelta(0)
        return Outcome(status, error, round(time.monotonic() - begun, 3), wait)

    def _session(self, *, secure: bool) -> ClientSession:
        def connect(address: tuple[Any, ...]) -> socket.socket:
            family, kind, protocol, _, place = address
            if not reachable(place[0], self.networks, secure=secure):
                raise OSError(errno.EACCES, _CLOSED)
            return _Bounded(family, kind, protocol)

        return ClientSession(
            connector=TCPConnector(limit=0, socket_factory=connect),
            timeout=ClientTimeout(total=ANSWER_SECONDS),
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": AGENT},
            trust_env=False,
            auto_decompress=False,
        )


def _judged(status: int) -> str:
    """Why an answer is a failure; empty for success."""
    if 200 <= status < 300:
        return ""
    return f"答复 {status}" + ("：不随重定向，请改用最终的网址" if 300 <= status < 400 else "")


def _retry_after(response: ClientResponse) -> timedelta:
    """Seconds, or a date, which is compared with that of the answer: clocks of two machines differ."""
    asked = response.headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 8:
        return timedelta(seconds=int(asked))
    try:
        return parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):  # TypeError: one of them names no zone
        return timedelta(0)


def _reason(failure: Exception) -> str:
    """In words that say nothing of the network behind the address."""
    if _CLOSED in str(failure):
        return "地址在内部网络中，管理员没有开放"
    if isinstance(failure, ClientConnectorCertificateError | ClientSSLError):
        return "证书无效，或者不能建立加密连接"
    if isinstance(failure, ClientConnectorError):
        return "连接不上"
    return "连接中断，没有收到完整的答复"


async def in_parallel(width: int, tasks: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """Results of the tasks, `width` of them at a time. The first error ends all of them."""
    free = asyncio.Semaphore(width)

    async def take(task: Callable[[], Awaitable[T]]) -> T:
        async with free:
            return await task()

    running = [asyncio.create_task(take(task)) for task in tasks]
    try:
        return await asyncio.gather(*running)
    except BaseException:
        for one in running:
            one.cancel()
        await asyncio.wait(running)
        raise
