"""One run: the clients under the plan of a stage, and all invariants checked afterwards."""

import asyncio

from tests.faults import checks
from tests.faults.stage import Stage
from tests.faults.story import Writer, YearReport, fetch_report, import_and_close
from tests.probes import PATIENCE, eventually


async def run(stage: Stage) -> YearReport:
    """Run the clients under the stage's plan until all faults have occurred; then check all invariants."""
    async with stage:
        writers, stop = [Writer(stage, number) for number in range(stage.plan.writers)], asyncio.Event()
        writing = [asyncio.create_task(writer.write(stop)) for writer in writers]
        try:
            await import_and_close(stage)
            await eventually(lambda: any(w.done() for w in writing) or not stage.left)
            assert not stage.left, stage.left
        finally:
            stop.set()
            await asyncio.wait(writing, timeout=PATIENCE)
        await asyncio.gather(*writing)
        await stage.ready()
        await checks.closings_become_whole(stage, writers)
        await checks.settled(stage)
        logs = await checks.logs_are_whole(stage)
        for writer in writers:
            await checks.writes_are_there_once(stage, writer, logs)
        await checks.nothing_is_parked(stage)
        return await fetch_report(stage)
