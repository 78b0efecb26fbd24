"""A background task that dies is restarted; meanwhile metrics and readiness tell it, and nothing it had is lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from shared.process import service, supervision
from shared.process.serve import service_app
from shared.process.service import Running
from shared.security.keystore import KeyStore
from shared.security.tokens import FileKeys, Verifier
from shared.transport import Delivery
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start
from tests.integration.shared.test_chain import copies, light
from tests.integration.shared.test_measures import gauge
from tests.probes import eventually


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "SETTLED_SECONDS", 0.3)


@asynccontextmanager
async def health(alive: Running, folder: pytest.TempPathFactory) -> AsyncIterator[Callable[[], Any]]:
    keys = KeyStore(folder.mktemp("keys"))
    app = service_app(alive, Verifier(FileKeys(keys.jwks_path)))
    async with TestClient(TestServer(app)) as client:

        async def ready() -> tuple[int, bool]:
            async with client.get("/health/ready") as answer:
                needs = (await answer.json())["services"][alive.service.name]
                return answer.status, needs["tasks"]

        yield ready


@pytest.mark.parametrize("task", ["consumer", "held", "gaps", "presence", "relay", "keys"])
async def test_a_task_that_dies_is_told_and_restarted(
    start: Start, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    dying = [KeyError("a bug")]
    keep = supervision.Supervisor._keep

    async def keeping(self: supervision.Supervisor, name: str, job: supervision.Job) -> None:
        async def once() -> None:
            if name == task and dying:
                raise dying.pop()
            await job()

        await keep(self, name, once)

    with monkeypatch.context() as patched:
        patched.setattr(supervision.Supervisor, "_keep", keeping)
        watch = await start(toys.watch())
    async with health(watch, tmp_path_factory) as ready:
        await eventually(lambda: task in watch.supervisor.down)
        assert await ready() == (503, False)
        assert await gauge("task_up", "watch", task=task) == 0

        async def well() -> bool:
            return bool(await ready() == (200, True))

        await eventually(well)
        assert await gauge("task_up", "watch", task=task) == 1


async def test_a_consumer_that_dies_goes_on_with_what_it_had(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    settled: Callable[[Sequence[Delivery]], Any] = watch.consumer.queue.ack
    dying = [KeyError("a bug"), KeyError("a bug")]

    async def ack(deliveries: Sequence[Delivery]) -> None:
        if dying:
            raise dying.pop()
        await settled(deliveries)

    monkeypatch.setattr(watch.consumer.queue, "ack", ack)
    for name in ("north", "south", "east"):
        await light(lamps, name)

    async def all_copied() -> bool:
        return sorted(await copies(watch)) == ["east", "north", "south"]

    await eventually(all_copied)
    await eventually(lambda: watch.supervisor.down == set())

    async def told() -> bool:
        return await gauge("outbox_unpublished_events", "lamps") == 0

    await eventually(told)


async def test_a_consumer_that_waits_for_ever_is_told(
    start: Start, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "STALLED_SECONDS", 0.1)
    watch, lamps = await start(toys.watch()), await start(toys.lamps())
    settled: Callable[[Sequence[Delivery]], Any] = watch.consumer.queue.ack
    answered = asyncio.Event()

    async def ack(deliveries: Sequence[Delivery]) -> None:
        await answered.wait()
        await settled(deliveries)

    monkeypatch.setattr(watch.consumer.queue, "ack", ack)
    async with health(watch, tmp_path_factory) as ready:

        async def says(*wanted: object) -> bool:
            return bool(await ready() == wanted)

        await eventually(lambda: says(200, True))
        await light(lamps, "north")
        await eventually(lambda: says(503, False))
        assert watch.supervisor.down == set()
        assert (await gauge("task_turn_seconds", "watch", task="consumer") or 0) > 0.1
        answered.set()
        await eventually(lambda: says(200, True))
        assert await gauge("task_turn_seconds", "watch", task="consumer") == 0
