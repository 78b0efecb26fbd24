"""One service restored from a backup by command, as docs/operating.md has it, while the others are written to."""

import asyncio
import os
import sys
from collections.abc import Sequence
from typing import Final

import pytest

from services.cli.auditing import audit
from services.cli.client import Client, calling
from services.host.installation import LEDGERS
from shared.events.sorting import ABANDONED
from tests.e2e.comparing import told, without_proof
from tests.faults import checks
from tests.faults.plan import calm
from tests.faults.stage import Stage
from tests.faults.story import OTHER_TOWN, TOWN, Writer, YearReport, close, fetch_report, import_example
from tests.faults.test_scenarios import NewStage
from tests.probes import eventually

pytestmark = [pytest.mark.own_servers, pytest.mark.faults]

WRITTEN: Final = ("people", "activities", "schemes")
"""Collections that a writer writes to."""
MORE: Final = 3
TRIES: Final = 5


async def lvzhi(stage: Stage, *arguments: str) -> tuple[int, str]:
    """Run the command as an operator of an installation with a MongoDB does; return its status and what it said."""
    environment = os.environ | {
        "MONGODB_URL": stage.machines.mongo.url,
        "LVZHI_DATABASE_PREFIX": stage.prefix,
        "LVZHI_BACKUP_DIR": str(stage.folder / "backup"),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", *arguments),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def restore(stage: Stage, service: str) -> None:
    """Restore, again where the database was too slow, as the command then asks."""
    for _ in range(TRIES):
        status, said = await lvzhi(stage, "restore", "--service", service, "--replace")
        if "请再执行一次" not in said:
            break
    assert status == 0, said


async def until(writers: Sequence[Writer], writing: Sequence[asyncio.Task[None]]) -> None:
    """More writes of each writer to every collection are acknowledged."""
    before = [{path: len(ids) for path, ids in writer.acknowledged.items()} for writer in writers]

    def written() -> bool:
        assert not any(task.done() for task in writing), writing
        return all(
            len(ids) >= earlier.get(path, 0) + MORE
            for writer, earlier in zip(writers, before, strict=True)
            for path, ids in writer.acknowledged.items()
        ) and all(len(writer.acknowledged) == len(WRITTEN) for writer in writers)

    await eventually(written)


@pytest.mark.nightly
@pytest.mark.parametrize("service", LEDGERS)
async def test_one_service_is_restored_while_the_others_write(
    service: str, calm_year: YearReport, new_stage: NewStage
) -> None:
    """What others had heard after the backup is told by them; everything else is as it was."""
    async with await new_stage(calm()) as stage:
        await import_example(stage)
        await checks.settled(stage)
        stop = asyncio.Event()
        writers = [Writer(stage, number) for number in (0, 1)]
        async with asyncio.TaskGroup() as group:
            writing = [group.create_task(writer.write(stop)) for writer in writers]
            await until(writers, writing)
            named = (word for name in LEDGERS for word in ("--service", name))
            status, said = await lvzhi(stage, "backup", "--without-keys", *named)
            assert status == 0, said
            await until(writers, writing)
            async with stage.down(service):
                before = [acknowledged(writer, service) for writer in writers]
                await restore(stage, service)
            await until(writers, writing)
            stop.set()
        undone = await settled_but_for_what_is_undone(stage)
        logs = await checks.logs_are_whole(stage)
        there = {str(event.data.get("id")) for event in logs[service, OTHER_TOWN]}
        lost = set[str]().union(*before) - there
        assert lost & undone or service == "reports", "what others had heard is told"
        for writer in writers:
            forget(writer, lost)
            await checks.writes_are_there_once(stage, writer, logs)
        await close(stage)
        year = await fetch_report(stage)
        assert told(year.report) == told(calm_year.report)
        assert without_proof(year.docx) == without_proof(calm_year.docx)
        assert stage.crashes == []


def acknowledged(writer: Writer, service: str) -> set[str]:
    """The ids of what a service has acknowledged."""
    paths = (path for path in writer.acknowledged if path.startswith(f"/{service}/"))
    return {id for path in paths for id in writer.acknowledged[path].values()}


def forget(writer: Writer, lost: set[str]) -> None:
    """What was acknowledged between backup and restore need not be there."""
    for ids in writer.acknowledged.values():
        for mark in [mark for mark, id in ids.items() if id in lost]:
            del ids[mark]


async def settled_but_for_what_is_undone(stage: Stage) -> set[str]:
    """The audit of both towns finds what the restore undid and nothing else; once it is dropped, nothing. Returns the
    ids of records it was about."""
    undone: set[str] = set()
    async with calling() as session:
        auditor = Client(session, stage.url, stage.keys.mint("auditor", "3402", ["auditor"]))
        operator = Client(session, stage.url, stage.keys.mint("operator", "3402", ["service"]))

        async def nothing_else() -> bool:
            for town in (TOWN, OTHER_TOWN):
                found = (await audit(auditor, town)).faults
                assert all("未能处理" in fault for fault in found), (town, list(found))
            return True

        await eventually(nothing_else, every=0.5)
        for town in (TOWN, OTHER_TOWN):
            for listener in LEDGERS:
                dead = f"/{listener}/v1/towns/{town}/dead"
                for letter in (await operator.json("GET", dead, limit=200))["items"]:
                    assert letter["reason"] == ABANDONED, letter
                    whole = await operator.json("GET", f"{dead}/{letter['id']}")
                    undone.add(str(whole["event"]["data"].get("id")))
                    await operator.json("POST", f"{dead}/{letter['id']}:drop", {"reason": "已重新登记"})
            assert (await audit(auditor, town)).faults == {}
    await checks.settled(stage)
    return undone
