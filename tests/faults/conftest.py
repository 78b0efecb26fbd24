"""Fixtures of fault runs: machines, the run without faults for comparison, and the seeds."""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import aio_pika
import pytest

from services.host.embedded import EmbeddedMongo
from services.host.installation import LEDGERS
from shared.transport.rabbit.topology import Names
from tests.faults.course import run
from tests.faults.plan import Plan, calm
from tests.faults.stage import ForkServer, Machines, Stage
from tests.faults.story import YearReport
from tests.fixtures.rabbit import RabbitNode

FIRST_SEED = 1
USUAL_NUMBER = 1
"""Runs of `make test-system`; `make faults` has more."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        first = int(os.environ.get("FAULTS_SEED") or FIRST_SEED)
        number = int(os.environ.get("FAULTS_N") or USUAL_NUMBER)
        metafunc.parametrize("seed", range(first, first + number), ids=lambda seed: f"seed={seed}")


@pytest.fixture(scope="session")
async def machines(rabbit: RabbitNode, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Machines]:
    fork_server, thread = ForkServer(), ThreadPoolExecutor(1)
    mongo = EmbeddedMongo(tmp_path_factory.mktemp("faults-mongo"))
    partitions = int(os.environ.get("FAULTS_PARTITIONS") or 1)
    started = Machines(fork_server, rabbit, mongo, rabbit.fresh_url(), partitions, thread)
    await fork_server.start()
    await started.do(mongo.start)
    yield started
    await fork_server.stop()
    await started.do(mongo.stop)
    thread.shutdown()


Set = Callable[[Plan, Path], Awaitable[Stage]]


@pytest.fixture(scope="session")
def new_stage(
    machines: Machines, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Plan], Awaitable[Stage]]:
    """A stage of its own for a plan: databases of a new name, queues as they were declared once, but empty.

    The queues stay because a quorum queue that is killed with its broker within seconds of its birth never comes back.
    """
    made: list[Stage] = []

    async def make(plan: Plan) -> Stage:
        if made:
            await _empty_queues(machines.amqp_url, machines.partitions)
        folder = tmp_path_factory.mktemp(f"seed-{plan.seed}-")
        made.append(Stage(plan, machines, folder, f"f{secrets.token_hex(4)}_"))
        return made[-1]

    return make


async def _empty_queues(url: str, partitions: int) -> None:
    names = Names("")
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        for service in LEDGERS:
            for name in (*names.partitions(service, partitions), names.dead_letters(service)):
                await (await channel.get_queue(name)).purge()


@pytest.fixture(scope="session")
async def calm_year(new_stage: Callable[[Plan], Awaitable[Stage]]) -> YearReport:
    stage = await new_stage(calm())
    year = await run(stage)
    assert stage.crashes == []
    return year
