"""A year imported and closed under faults equals the year imported and closed without."""

import sys
from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.comparing import told, without_proof
from tests.faults import checks
from tests.faults.course import run
from tests.faults.plan import Plan, one_replica_killed, plan_of
from tests.faults.stage import Stage, summary
from tests.faults.story import YearReport

pytestmark = [pytest.mark.own_servers, pytest.mark.faults]

NewStage = Callable[[Plan], Awaitable[Stage]]


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


@pytest.mark.nightly
async def test_of_two_replicas_one_is_killed_and_nothing_is_lost(
    calm_year: YearReport, new_stage: NewStage
) -> None:
    stage = await new_stage(one_replica_killed())
    await ends_like(calm_year, stage)
