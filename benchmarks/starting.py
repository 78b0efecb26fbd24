"""Benchmark of the start of a service: time until it is ready, and its memory then."""

import time
from pathlib import Path

from benchmarks.stand import Result, Stand


async def measure(stand: Stand) -> list[Result]:
    env = {
        "LVZHI_DATA_DIR": str(stand.folder / "start"),
        "LVZHI_DATABASE_PREFIX": "bench_start_",
        "LVZHI_BROKER_NAMESPACE": "start",
        "LVZHI_LOG_LEVEL": "ERROR",
    }
    seconds = 0.0
    async with stand.database("bench_start_roster"):
        for _ in range(2):  # the first makes collections and queues, and compiles
            begin = time.perf_counter()
            async with stand.service("roster", env) as alive:
                seconds = time.perf_counter() - begin
                weight = _resident_megabytes(alive.pid)
    return [
        Result("start of a service to ready", seconds, "s", budget=2, less_is_better=True),
        Result("resident after the start", weight, "MB", budget=120, less_is_better=True),
    ]


def _resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no VmRSS")
