"""Environment of the benchmarks: database and broker, child processes, HTTP load, results as ratios."""

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aio_pika
import aiohttp
from motor.motor_asyncio import AsyncIOMotorClient

from services.host.embedded import EmbeddedMongo, dying_with_parent, free_port
from tests.fixtures.rabbit import RabbitNode

ROOT = Path(__file__).parent.parent
STOP_SECONDS = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Result:
    """A row of the table. `ours` and `peer` are in `unit`; `budget` is the target of the ratio."""

    path: str
    ours: float
    unit: str
    peer_name: str = ""
    peer: float | None = None
    budget: float | None = None
    less_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        return None if self.peer is None else self.ours / self.peer

    @property
    def kept(self) -> bool | None:
        """Whether the budget is met: by the ratio, or by `ours` where there is no peer."""
        if self.budget is None:
            return None
        measured = self.ours if self.ratio is None else self.ratio
        return measured <= self.budget if self.less_is_better else measured >= self.budget


@dataclass(frozen=True)
class Running:
    url: str
    pid: int


@dataclass(frozen=True)
class Stand:
    mongo_url: str
    amqp_url: str
    folder: Path
    quick: bool

    def scaled(self, count: int) -> int:
        """A number of repetitions for the full run; a quick run takes a third."""
        return count // 3 if self.quick else count

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator[Any]:
        """An empty database, dropped after the block."""
        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
            self.mongo_url, w="majority", journal=True
        )
        await client.drop_database(name)
        try:
            yield client[name]
        finally:
            await client.drop_database(name)
            client.close()

    @asynccontextmanager
    async def channel(self) -> AsyncIterator[aio_pika.abc.AbstractChannel]:
        connection = await aio_pika.connect(self.amqp_url)
        async with connection:
            yield await connection.channel()

    @contextmanager
    def child(self, module: str, *arguments: str) -> Iterator[str]:
        """A Python module as a child process; yields the line that it prints when it is ready."""
        with self._process(module, *arguments) as process:
            line = process.stdout.readline().strip() if process.stdout else ""
            if not line:
                raise RuntimeError(f"{module} ended before it was ready: {self._log.read_text()[-2000:]}")
            yield line

    @asynccontextmanager
    async def service(self, name: str, env: Mapping[str, str]) -> AsyncIterator[Running]:
        """A service as a process, as in production."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        with self._process(f"services.{name}", env={**env, "LVZHI_PORT": str(port)}) as process:
            async with aiohttp.ClientSession() as session:
                while not await _ready(session, f"{url}/{name}/health/ready"):
                    if process.poll() is not None:
                        raise RuntimeError(f"{name} ended at once: {self._log.read_text()[-2000:]}")
                    await asyncio.sleep(0.01)
            yield Running(url, process.pid)

    @property
    def _log(self) -> Path:
        return self.folder / "children.log"

    @contextmanager
    def _process(
        self, module: str, *arguments: str, env: Mapping[str, str] | None = None
    ) -> "Iterator[subprocess.Popen[str]]":
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                dying_with_parent([sys.executable, "-m", module, *arguments]),
                cwd=ROOT,
                env={**os.environ, "MONGODB_URL": self.mongo_url, "AMQP_URL": self.amqp_url, **(env or {})},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


async def _ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


@contextmanager
def stand(*, quick: bool) -> Iterator[Stand]:
    """A private SecantusDB, with every commit on disk, and a private RabbitMQ node, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="lvzhi-bench-") as folder:
        mongo, rabbit = EmbeddedMongo(Path(folder) / "store"), RabbitNode()
        try:
            rabbit.start()
            yield Stand(mongo.start(), rabbit.url, Path(folder), quick)
        finally:
            mongo.stop()
            rabbit.remove()


Request = Callable[[aiohttp.ClientSession, int], Awaitable[int]]


async def load(request: Request, *, seconds: float, workers: int = 16, warm_up: float = 0.5) -> float:
    """Requests per second of `workers` clients, each of which sends its next request after the last response.

    `request` gets the client's number and returns the status; any status but 201 is an error.
    """
    counted = 0
    begin = time.perf_counter() + warm_up
    end = begin + seconds

    async def call(session: aiohttp.ClientSession, worker: int) -> None:
        nonlocal counted
        while (now := time.perf_counter()) < end:
            status = await request(session, worker)
            if status != 201:
                raise RuntimeError(f"answered {status}")
            counted += begin <= now

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(call(session, worker) for worker in range(workers)))
    return counted / (time.perf_counter() - begin)


async def in_turns(
    contestants: Mapping[str, Callable[[], Awaitable[float]]], *, rounds: int
) -> dict[str, float]:
    """The median of each contestant, measured in turns so that noise of the machine affects all of them."""
    measured: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, measure in contestants.items():
            measured[name].append(await measure())
    return {name: statistics.median(values) for name, values in measured.items()}


async def reached(condition: Callable[[], bool]) -> None:
    """Poll a condition every 0.5 ms until it is true."""
    while not condition():
        await asyncio.sleep(0.0005)


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def cpu_count() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0))


def cpu_seconds() -> float:
    """CPU seconds of this process and of its children, also of those that have ended."""
    own, ended = str(os.getpid()), resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + ended.ru_utime + ended.ru_stime
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        if fields[1] == own:
            total += (int(fields[11]) + int(fields[12])) / _TICKS
    return total
