"""Benchmark of a backup and of its restore: seconds for a gigabyte of events, and for a backup of nothing new."""

import time
from collections.abc import Awaitable
from typing import Any, Final

from benchmarks.samples import TOWNS, events, keep_logs
from benchmarks.stand import Result, Stand
from services.host.backup import restoring, taking
from services.host.backup.folder import Folder
from shared.storage.mongo import connected

EVENTS: Final = 60_000
GIGABYTE: Final = 1 << 30


async def measure(stand: Stand) -> list[Result]:
    folder = Folder(stand.folder / "backups")
    async with connected(stand.mongo_url, app_name="benchmarks") as client:
        kept, restored = client["bench_backup_roster"], client["bench_restore_roster"]
        for database in (kept, restored):
            await client.drop_database(database.name)
        each = stand.scaled(EVENTS) // len(TOWNS)
        gigabytes = await keep_logs(kept, [events(each, town=town) for town in TOWNS]) / GIGABYTE
        first = await _seconds(taking.take(lambda name: client[f"bench_backup_{name}"], folder, None))
        made = await taking.take(lambda name: client[f"bench_backup_{name}"], folder, None)
        unchanged = await _seconds(taking.take(lambda name: client[f"bench_backup_{name}"], folder, None))
        back = await _seconds(
            restoring.restore(
                lambda name: client[f"bench_restore_{name}"], folder, made, ["roster"], replace=False
            )
        )
        for database in (kept, restored):
            await client.drop_database(database.name)
    return [
        Result("backup, verified", first / gigabytes, "s/GB"),
        Result("backup of nothing new", unchanged / gigabytes, "s/GB"),
        Result("restore, compared", back / gigabytes, "s/GB"),
    ]


async def _seconds(work: Awaitable[Any]) -> float:
    begin = time.perf_counter()
    await work
    return time.perf_counter() - begin
