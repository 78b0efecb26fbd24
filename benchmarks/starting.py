"""Benchmark of the start of every service: time until it is ready, and its memory then."""

import time
from pathlib import Path
from typing import Final

from benchmarks.stand import Result, Stand
from services.host.installation import SERVICES

BUDGET_SECONDS: Final = 1.5
BUDGET_MEGABYTES: Final = 120


async def measure(stand: Stand) -> list[Result]:
    return [result for service in SERVICES for result in await _started(stand, service)]


async def _started(stand: Stand, service: str) -> list[Result]:
    env = {
        "LVZHI_DATA_DIR": str(stand.folder / "start"),
        "LVZHI_DATABASE_PREFIX": "bench_start_",
        "LVZHI_BROKER_NAMESPACE": "start",
        "LVZHI_LOG_LEVEL": "ERROR",
    }
    async with stand.database(f"bench_start_{service}"):
        for _ in range(2):  # the first makes collections and queues, and compiles
            begin = time.perf_counter()
            async with stand.service(service, env) as alive:
                seconds = time.perf_counter() - begin
                weight = _resident_megabytes(alive.pid)
    return [
        Result(f"start of {service} to ready", seconds, "s", budget=BUDGET_SECONDS, less_is_better=True),
        Result(f"{service}, resident then", weight, "MB", budget=BUDGET_MEGABYTES, less_is_better=True),
    ]


def _resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no VmRSS")
