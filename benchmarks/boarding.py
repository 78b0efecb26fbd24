"""Benchmark of the board of 20, 200 and 1,500 towns with the sums over all of them: CPU of the first reading, and CPU,
commands and rows read after one town has changed."""

import statistics
import time
from typing import Any, Final

from benchmarks.stand import Result, Stand
from services.reports.board import packed
from services.reports.figures import compute
from services.reports.handlers.board import Boards
from shared.clock import SystemClock
from shared.storage.store import Store
from tests.fixtures.book import Book
from tests.fixtures.commands import counted
from tests.fixtures.example import example

SIZES: Final = (20, 200, 1_500)
BUDGET_SECONDS: Final = 0.5
CHANGED_SECONDS: Final = 0.25
CHANGED_COMMANDS: Final = 7
CHANGED_ROWS: Final = 1
"""After one town has changed: versions of all are read, and the row of that one, in as many commands for any number."""
SHOWN: Final = ("congress.sessions", "suggestions.reply_rate")


async def measure(stand: Stand) -> list[Result]:
    figures = packed(compute(example(Book("340281199")).year()).values())
    return [result for towns in SIZES for result in await _board(stand, towns, figures)]


async def _board(stand: Stand, towns: int, figures: Any) -> list[Result]:
    about = {"version": 1, "period": "2020", "status": "submitted", "edition": 2, "as_of": "2020-12-31"}
    rows = [
        {"_id": f"34{n:07d}:2020", "town": f"34{n:07d}", "figures": figures, **about} for n in range(towns)
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
            with counted() as spent:
                again.append(await read())
    name = f"board of {towns:,} towns"
    changed = statistics.median(again)
    whole = spent.read["board"] - towns
    return [
        Result(name, first, "s CPU", budget=BUDGET_SECONDS, less_is_better=True),
        Result(f"{name}, one changed", changed, "s CPU", budget=CHANGED_SECONDS, less_is_better=True),
        Result(
            f"{name}, one changed, commands",
            spent.commands.total(),
            "",
            budget=CHANGED_COMMANDS,
            less_is_better=True,
        ),
        Result(f"{name}, one changed, rows", whole, "", budget=CHANGED_ROWS, less_is_better=True),
    ]
