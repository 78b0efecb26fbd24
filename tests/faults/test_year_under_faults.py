"""A year imported and closed under faults equals the year imported and closed without."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.comparing import told, without_proof
from tests.faults import checks
from tests.faults.plan import Plan, calm, one_replica_killed, plan_of
from tests.faults.stage import Stage, summary
from tests.faults.story import Writer, YearReport, fetch_report, import_and_close
from tests.probes import eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

NewStage = Callable[[Plan], Awaitable[Stage]]


async def run(stage: Stage) -> YearReport:
    """Run the clients under the stage's plan until all faults have occurred; then check all invariants."""
    async with stage:
        writer, stop = Writer(stage), asyncio.Event()
        writing = asyncio.create_task(writer.write(stop))
        try:
            await import_and_close(stage)
            await eventually(lambda: writing.done() or not stage.left, within=90)
            assert not stage.left, stage.left
        finally:
            stop.set()
            await asyncio.wait([writing], timeout=100)
        await writing
        await stage.ready()
        await checks.settled(stage)
        logs = await checks.logs_are_whole(stage)
        await checks.writes_are_there_once(stage, writer, logs)
        await checks.nothing_is_parked(stage)
        return await fetch_report(stage)


@pytest.fixture(scope="session")
async def calm_year(new_stage: NewStage) -> YearReport:
    stage = await new_stage(calm())
    year = await run(stage)
    assert stage.crashes == []
    return year


async def ends_like(calm_year: YearReport, stage: Stage) -> None:
    try:
        year = await run(stage)
        assert told(year.report) == told(calm_year.report)
        assert without_proof(year.docx) == without_proof(calm_year.docx)
        if (
            "database" not in stage.plan.kinds
        ):  # a service that finds none when it starts ends, to be started again
            assert stage.crashes == []
    except BaseException:
        sys.stderr.write(f"{summary(stage.plan)}\n{await checks.reached(stage)}\n{stage.logs()}\n")
        raise


async def test_the_year_is_the_same(seed: int, calm_year: YearReport, new_stage: NewStage) -> None:
    sys.stderr.write(f"make faults SEED={seed} N=1\n")  # shown when it fails
    await ends_like(calm_year, await new_stage(plan_of(seed)))


async def test_of_two_replicas_one_is_killed_and_nothing_is_lost(
    calm_year: YearReport, new_stage: NewStage
) -> None:
    stage = await new_stage(one_replica_killed())
    await ends_like(calm_year, stage)
