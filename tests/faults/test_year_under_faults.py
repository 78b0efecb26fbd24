"""A year imported and closed under faults equals the year imported and closed without."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.comparing import told, without_proof
from tests.faults import checks
from tests.faults.plan import Plan, bereaved, calm, plan_of
from tests.faults.stage import Stage, summary
from tests.faults.story import Scribe, Told, fetched, tell_the_year
from tests.probes import eventually

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

NewStage = Callable[[Plan], Awaitable[Stage]]


async def run(stage: Stage) -> Told:
    """Run the clients under the stage's plan until all faults have occurred; then check all invariants."""
    async with stage:
        scribe, enough = Scribe(stage), asyncio.Event()
        writing = asyncio.create_task(scribe.write(enough))
        try:
            await tell_the_year(stage)
            await eventually(lambda: writing.done() or not stage.left, within=90)
            assert not stage.left, stage.left
        finally:
            enough.set()
            await asyncio.wait([writing], timeout=100)
        await writing
        await stage.ready()
        await checks.settled(stage)
        logs = await checks.logs_are_whole(stage)
        await checks.writes_are_there_once(stage, scribe, logs)
        await checks.nothing_is_parked(stage)
        return await fetched(stage)


@pytest.fixture(scope="session")
async def calm_year(new_stage: NewStage) -> Told:
    stage = await new_stage(calm())
    year = await run(stage)
    assert stage.crashes == []
    return year


async def ends_like(calm_year: Told, stage: Stage) -> None:
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


async def test_the_year_is_the_same(seed: int, calm_year: Told, new_stage: NewStage) -> None:
    sys.stderr.write(f"make faults SEED={seed} N=1\n")  # shown when it fails
    await ends_like(calm_year, await new_stage(plan_of(seed)))


async def test_of_two_replicas_one_is_killed_and_nothing_is_lost(
    calm_year: Told, new_stage: NewStage
) -> None:
    stage = await new_stage(bereaved())
    await ends_like(calm_year, stage)
