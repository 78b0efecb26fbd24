"""Benchmark of the county's board of 1,500 towns: CPU of the first reading, and after one town has changed."""

import statistics
import time
from typing import Final

from benchmarks.stand import Result, Stand
from services.reports.board import packed
from services.reports.figures import compute
from services.reports.handlers.board import Boards
from shared.clock import SystemClock
from shared.storage.store import Store
from tests.unit.reports.book import Book
from tests.unit.reports.example import example

TOWNS: Final = 1_500
BUDGET_SECONDS: Final = 0.5
SHOWN: Final = ("congress.sessions", "suggestions.reply_rate")


async def measure(stand: Stand) -> list[Result]:
    figures = packed(compute(example(Book("340281199")).year()).values())
    about = {"version": 1, "period": "2020", "status": "submitted", "edition": 2, "as_of": "2020-12-31"}
    rows = [
        {"_id": f"34{n:07d}:2020", "town": f"34{n:07d}", "figures": figures, **about} for n in range(TOWNS)
    ]
    async with stand.database("bench_board") as db:
        await db["board"].create_index([("period", 1), ("town", 1)])
        await db["board"].insert_many(rows)
        work = Store(db, service="reports", collections=(), clock=SystemClock()).reading("", "county")
        boards = Boards()

        async def read() -> float:
            begin = time.process_time()
            await boards.read(work, "34", "2020", 60.0, SHOWN)
            return time.process_time() - begin

        first = await read()
        again = []
        for version in range(2, 7):
            await db["board"].update_one({"_id": rows[0]["_id"]}, {"$set": {"version": version}})
            again.append(await read())
        changed = statistics.median(again)
    name = f"board of {TOWNS:,} towns, CPU"
    return [
        Result(name, first, "s", budget=BUDGET_SECONDS, less_is_better=True),
        Result(f"{name} after a change", changed, "s", "the first", first, 1, less_is_better=True),
    ]
