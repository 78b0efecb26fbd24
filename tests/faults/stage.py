"""Processes of one run: services once or twice, gateway, broker, database; killed ones are restarted."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

from services.host.embedded import EmbeddedMongo, dying_with_parent, free_port
from services.host.installation import LEDGERS
from shared.security.keystore import KeyStore
from tests.faults.fork_server import ForkRequest
from tests.faults.injector import CLOSING
from tests.faults.plan import Outage, Plan
from tests.faults.proxy import Proxy
from tests.fixtures.rabbit import RabbitNode
from tests.fixtures.systems import DATA_KEY
from tests.probes import eventually


class ForkServer:
    """The process that forks all others, for the whole test run."""

    def __init__(self) -> None:
        self.pids: dict[str, int] = {}
        self.on_ended: Callable[[str, int], None] = lambda _name, _status: None
        self._process: asyncio.subprocess.Process | None = None
        self._listener: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *dying_with_parent([sys.executable, "-m", "tests.faults.fork_server"]),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert await self._process.stdout.readline() == b"ready\n"
        self._listener = asyncio.create_task(self._listen(self._process.stdout))

    async def stop(self) -> None:
        if self._process is None or self._process.stdin is None or self._listener is None:
            return
        self._process.stdin.close()
        await self._process.wait()
        await self._listener

    def fork(self, fork_request: ForkRequest) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(fork_request.model_dump_json().encode() + b"\n")

    async def _listen(self, output: asyncio.StreamReader) -> None:
        while line := (await output.readline()).decode().split():
            if line[0] == "started":
                self.pids[line[1]] = int(line[2])
            else:
                self.pids.pop(line[1], None)
                self.on_ended(line[1], int(line[2]))


@dataclass
class Machines:
    """Servers shared by runs, started and stopped by one long-lived thread, because they end with the thread."""

    fork_server: ForkServer
    rabbit: RabbitNode
    mongo: EmbeddedMongo
    amqp_url: str
    partitions: int
    thread: ThreadPoolExecutor

    async def do(self, work: Callable[[], object]) -> None:
        await asyncio.get_running_loop().run_in_executor(self.thread, work)

    async def fall(self, outage: Outage) -> None:
        machine = self.rabbit if outage.machine == "broker" else self.mongo
        await self.do(machine.kill if outage.killed else machine.stop)
        await asyncio.sleep(outage.seconds)
        await self.do(machine.start)


@dataclass
class Stage:
    """One run of a plan. `url` is the gateway's; `folder` contains logs, keys and the services' notes."""

    plan: Plan
    machines: Machines
    folder: Path
    prefix: str
    url: str = ""
    crashes: list[str] = field(default_factory=list)
    _fork_requests: dict[str, ForkRequest] = field(default_factory=dict)
    _proxies: list[Proxy] = field(default_factory=list)
    _broker: Proxy | None = None
    _troubles: asyncio.Task[None] | None = None
    _over: bool = False
    _down: set[str] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self.keys = KeyStore(self.folder / "keys")
        self.machines.fork_server.on_ended = self._ended
        amqp_url = self.machines.amqp_url
        if self.plan.cuts:
            self._broker = await self._proxy([self.machines.rabbit.port], self.plan.cuts)
            amqp_url = amqp_url.replace(f":{self.machines.rabbit.port}/", f":{self._broker.port}/")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("LVZHI_")} | {
            "MONGODB_URL": self.machines.mongo.url,
            "AMQP_URL": amqp_url,
            "LVZHI_DATABASE_PREFIX": self.prefix,
            "LVZHI_DATA_DIR": str(self.folder),
            "LVZHI_PERSONAL_DATA_KEYS": DATA_KEY,
            "LVZHI_LOG_LEVEL": "WARNING",
            "LVZHI_PARTITIONS": str(self.machines.partitions),
        }
        urls: dict[str, str] = {}
        for service in LEDGERS:
            ports = [free_port() for _ in range(self.plan.replicas)]
            for number, port in enumerate(ports):
                self._start(f"{service}.{number}", service, environment | {"LVZHI_PORT": str(port)})
            service_port = ports[0] if len(ports) == 1 else (await self._proxy(ports)).port
            urls[f"LVZHI_GATEWAY_{service.upper()}_URL"] = f"http://127.0.0.1:{service_port}"
        port = free_port()
        self._start("gateway", "gateway", environment | urls | {"LVZHI_GATEWAY_PORT": str(port)})
        self.url = f"http://127.0.0.1:{port}"
        await self.ready()
        self._troubles = asyncio.create_task(self._trouble())
        return self

    async def __aexit__(self, failure: type[BaseException] | None, *_: object) -> None:
        self._over = True
        if failure is not None:
            for name in self._fork_requests:
                self._signal(name, signal.SIGUSR1)
        if self._troubles is not None:
            self._troubles.cancel()
            await asyncio.gather(self._troubles, return_exceptions=True)
        for name in ("gateway", *(name for name in self._fork_requests if name != "gateway")):
            self._signal(name, signal.SIGTERM)
        try:
            await eventually(self._alone)
        except AssertionError:
            for name in self._fork_requests:
                self._signal(name, signal.SIGKILL)
            await eventually(self._alone)
            self.crashes.append("did not stop on SIGTERM")
        for proxy in self._proxies:
            await proxy.stop()

    async def ready(self) -> None:
        """Every service behind the gateway is ready."""
        async with aiohttp.ClientSession() as session:

            async def answers() -> bool:
                """every service ready behind the gateway"""
                try:
                    async with session.get(f"{self.url}/health/ready") as answer:
                        body: Any = await answer.json()
                        assert answer.status == 200, body
                except (aiohttp.ClientError, OSError):
                    return False
                return True

            await eventually(answers, every=0.1)

    @asynccontextmanager
    async def down(self, *services: str) -> AsyncIterator[None]:
        """These services are killed at the beginning and started at the end; then all are ready that may be."""
        names = {f"{service}.{number}" for service in services for number in range(self.plan.replicas)}
        self._down |= names
        for name in names:
            self._signal(name, signal.SIGKILL)
        await eventually(lambda: not names & self.machines.fork_server.pids.keys())
        yield
        self._down -= names
        for name in names:
            self._restart(name)
        if not self._down:
            await self.ready()

    def closing_begins(self) -> None:
        (self.folder / CLOSING).touch()

    @property
    def left(self) -> list[str]:
        """Faults of the plan that have not occurred yet. Raises errors of restarting a machine."""
        deaths = [d for n, d in enumerate(self.plan.deaths) if not (self.folder / f"struck-{n}").exists()]
        waiting = [f"death of {d.service} {d.point} x{d.nth}{' late' if d.late else ''}" for d in deaths]
        if self._troubles is not None and self._troubles.done():
            self._troubles.result()
        elif self._troubles is not None:
            waiting.append(f"outage, {self._pulse()} points passed")
        if self._broker is not None and not self._broker.cut:
            waiting.append("a cut")
        noted = {"lost answer": self.plan.lost_answers, "error": self.plan.errors}
        waiting += [f for f, part in noted.items() if part and not (self.folder / f"noted {f}").exists()]
        return waiting

    def logs(self) -> str:
        return "\n".join(
            f"== {path.name}\n{path.read_text()[-8000:]}" for path in sorted(self.folder.glob("*.log"))
        )

    async def _proxy(self, targets: list[int], cuts: tuple[int, ...] = ()) -> Proxy:
        proxy = Proxy(targets, cuts)
        await proxy.start()
        self._proxies.append(proxy)
        return proxy

    def _start(self, name: str, service: str, environment: dict[str, str]) -> None:
        fork_request = ForkRequest(
            name=name, service=service, environment=environment, plan=self.plan, run=self.folder
        )
        self._fork_requests[name] = fork_request
        self.machines.fork_server.fork(fork_request)

    def _ended(self, name: str, status: int) -> None:
        if self._over or name in self._down:
            return
        if status != -signal.SIGKILL:
            self.crashes.append(f"{name} ended by itself with {status}")
        elif self.plan.stays_dead:
            return
        asyncio.get_running_loop().call_later(0.1, self._restart, name)

    def _restart(self, name: str) -> None:
        if not self._over:
            self.machines.fork_server.fork(self._fork_requests[name])

    def _alone(self) -> bool:
        return not self.machines.fork_server.pids

    def _signal(self, name: str, number: signal.Signals) -> None:
        if pid := self.machines.fork_server.pids.get(name):
            os.kill(pid, number)

    def _pulse(self) -> int:
        pulse = self.folder / "pulse"
        return pulse.read_bytes().count(b"\n") if pulse.exists() else 0

    async def _trouble(self) -> None:
        for outage in sorted(self.plan.outages, key=lambda outage: outage.after):
            while self._pulse() < outage.after:
                await asyncio.sleep(0.02)
            await self.machines.fall(outage)


def summary(plan: Plan) -> str:
    document = plan.model_dump(exclude_defaults=True, mode="json")
    return json.dumps(document, ensure_ascii=False)
