"""Benchmark of workbooks: 5,000 people that go in, and 2,000 bad rows of which every problem is found.

Both by CPU of the service, and by how long others wait meanwhile.
"""

import asyncio
import time
from datetime import date
from typing import Any, Final

from benchmarks.samples import TOWNS
from benchmarks.stand import Result, Stand
from services.roster.app import build
from services.roster.handlers.towns import put_town
from services.roster.imports import import_workbook
from services.roster.schemas.towns import TownIn
from services.roster.settings import Settings
from services.roster.sheets import SHEETS, VOCABULARY
from shared.clock import SystemClock
from shared.http.bulkhead import off_the_loop
from shared.process.runtime import running
from shared.storage.mongo import connected
from shared.storage.store import Store
from shared.storage.work import Work
from shared.transport.memory import MemoryTransport
from shared.workbook import ImportReport, annotated, write

GOOD: Final = 5_000
ROWS: Final = 2_000
CPU_SECONDS: Final = 2.0
IMPORT_SECONDS: Final = 10.0
WAIT_SECONDS: Final = 0.25
"""How long another request may wait for its turn: an answer below is not felt as a pause."""


async def measure(stand: Stand) -> list[Result]:
    data = bad_workbook()
    async with stand.database("bench_import"):
        roster = build(Settings())
        async with running(
            roster, mongo_url=stand.mongo_url, transport=MemoryTransport(), database="bench_import"
        ):
            pass  # makes the collections and indexes
        async with connected(stand.mongo_url, app_name="bench") as client:
            store = Store(
                client["bench_import"], service="roster", collections=roster.collections, clock=SystemClock()
            )
            finding, waited, report = await _timed(store, data, dry_run=True)
            await store.execute(
                town=TOWNS[0], actor="clerk", run=lambda work: put_town(work, TownIn(name="某某镇"))
            )
            going_in, others, written = await _timed(store, good_workbook(), dry_run=False)
    begin = time.process_time()
    await off_the_loop(annotated, data, report, SHEETS, vocabulary=VOCABULARY)
    marking = time.process_time() - begin
    if report.problems < 3 * ROWS or written.problems:
        raise RuntimeError(f"{report.problems} problems of the bad rows, {written.problems} of the good")
    return [
        Result("import of 5,000 people", going_in, "s CPU", budget=IMPORT_SECONDS, less_is_better=True),
        Result("… the longest that others wait", others, "s", budget=WAIT_SECONDS, less_is_better=True),
        Result("2,000 bad rows, every problem", finding, "s CPU", budget=CPU_SECONDS, less_is_better=True),
        Result("2,000 bad rows, marked workbook", marking, "s CPU", budget=CPU_SECONDS, less_is_better=True),
        Result("… the longest that others wait", waited, "s", budget=WAIT_SECONDS, less_is_better=True),
    ]


async def _timed(store: Store, data: bytes, *, dry_run: bool) -> tuple[float, float, ImportReport]:
    """(CPU seconds, longest pause of the event loop, report)."""
    gaps: list[float] = []
    watching = asyncio.create_task(_watch(gaps))
    begin = time.process_time()
    report = await _imported(store, data, dry_run=dry_run)
    spent = time.process_time() - begin
    watching.cancel()
    return spent, max(gaps, default=0.0), report


async def _imported(store: Store, data: bytes, *, dry_run: bool) -> ImportReport:
    if dry_run:
        return await import_workbook(store.reading(TOWNS[0], "clerk"), data, filename="", dry_run=True)

    async def run(work: Work) -> ImportReport:
        return await import_workbook(work, data, filename="", dry_run=False)

    return await store.execute(town=TOWNS[0], actor="clerk", run=run)


async def _watch(gaps: list[float]) -> None:
    while True:
        begin = time.monotonic()
        await asyncio.sleep(0.01)
        gaps.append(time.monotonic() - begin - 0.01)


def bad_workbook() -> bytes:
    """Mandates, each with a name that nobody has, an end without a reason, and a term that cannot be."""
    rows: list[dict[str, Any]] = [
        {
            "person": f"王示例{number}",
            "level": "town",
            "started_on": date(2017, 1, 10),
            "congress_number": 0,
            "ended_on": date(2018, 1, 10),
            "constituency": "第一选区",
        }
        for number in range(ROWS)
    ]
    return write([sheet for sheet in SHEETS if sheet.name == "代表资格"], {"代表资格": rows})


def good_workbook() -> bytes:
    """People, each with a name of their own."""
    rows: list[dict[str, Any]] = [
        {"name": f"王示例{number}", "gender": "f", "born_year": 1975} for number in range(GOOD)
    ]
    return write([sheet for sheet in SHEETS if sheet.name == "人员"], {"人员": rows})
