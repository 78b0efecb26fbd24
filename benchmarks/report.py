"""The page docs/benchmarks.md: medians of several runs of every path, their spread and cost, and the noise."""

import gc
import platform
import statistics
import subprocess
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

from benchmarks.stand import ROOT, Result, Stand, cpu_count, cpu_seconds

LOOP: Final = 2_000_000
"""Additions of the loop that tells how fast the machine is at the moment."""
PACKAGES: Final = ("aiohttp", "aio-pika", "motor", "pydantic", "secantusdb")
HEAD: Final = """\
# Benchmarks

Written by `make bench-report`; not edited by hand. Medians of {runs} {length} runs, lowest and highest in brackets;
a short run repeats a third as often as a full one (`--full`).
Ratios are to peers measured in the same run, in turns: they hold on other machines, the figures do not.

| | |
|---|---|
| commit | `{commit}`, {day} |
| processor | {cores} cores, Python {python} |
| packages | {packages} |
| broker | RabbitMQ {rabbitmq} |
| noise | a loop that does the same each time took {fastest:.0f} to {slowest:.0f} ms |

MongoDB is the embedded stand-in with every commit on disk; nothing here was measured on a MongoDB 8.
"""

REASONS: Final = {
    "relay, backlog": "An event costs 155 µs of CPU of the stand-in, 120 of the broker and 200 here, where aio-pika "
    "alone costs 120 and 190: on two cores that is 0.65. Reading further ahead changes nothing. An index for ranges "
    "halves the stand-in's part and adds 200 µs to every insert, so there is none.",
    "consume to commit": "Three quarters are inserts of the stand-in, two an event where the peer does one; the batch "
    "by hand, which does the least that is possible, is no faster.",
    "POST to projected": "On two cores: an event costs 2.2 ms of CPU of the stand-in, 1.7 of roster, 0.9 of "
    "activities, 0.4 of the broker and 0.3 of the client, the peer's 11.6 ms in all. Five times the rate would take "
    "2.3 ms.",
    "closing to Word file, CPU": "The stand-in takes 0.5 s of it, part of that for what the import before has left to "
    "be projected; of ours a tenth is the reading of the templates, once in a process.",
    "start of": "Importing is 95 % of a start, a third of it the models of the service, a tenth aiohttp; building the "
    "validators later gained nothing. Of 1.4 s of CPU, collections of garbage take 0.09.",
    "closing, CPU after": "A report accounts for every record since the first, so its checkpoint and its proof have a "
    "line for each: 20 calls a record, 12 µs of CPU; half of that is the proof and its JSON, a third the checkpoint.",
}
"""Why budgets are missed, by the beginning of the row: what profiles have shown."""


@dataclass(frozen=True)
class Path:
    """What the runs of one path gave: the rows of each, and the seconds of each with the CPU of all processes but the
    broker's."""

    name: str
    runs: Sequence[Sequence[Result]]
    elapsed: Sequence[float]
    cpu: Sequence[float]
    loops: Sequence[float]


async def measured(
    name: str, measure: Callable[[Stand], Awaitable[list[Result]]], stand: Stand, runs: int
) -> Path:
    """Each run has a folder of its own: what one leaves is not there for the next."""
    rows, elapsed, cpu, loops = [], [], [], []
    for run in range(runs):
        folder = stand.folder / f"{name}-{run}"
        folder.mkdir()
        loops.append(_loop())
        gc.collect()
        gc.freeze()  # as a service does once it has started
        begin, spent = time.perf_counter(), cpu_seconds()
        rows.append(await measure(replace(stand, folder=folder)))
        elapsed.append(time.perf_counter() - begin)
        cpu.append(cpu_seconds() - spent)
    return Path(name, rows, elapsed, cpu, loops)


def medians(path: Path) -> list[Result]:
    """The rows of a path; the ratio of each is of the medians."""
    return [_median([run[row] for run in path.runs]) for row in range(len(path.runs[0]))]


def page(paths: Sequence[Path], *, full: bool) -> str:
    loops = [loop for path in paths for loop in path.loops]
    head = HEAD.format(
        runs=len(paths[0].runs),
        length="full" if full else "short",
        commit=_output("git", "rev-parse", "--short=12", "HEAD"),
        day=datetime.now(UTC).date().isoformat(),
        cores=cpu_count(),
        python=platform.python_version(),
        packages=", ".join(f"{name} {version(name)}" for name in PACKAGES),
        rabbitmq=_output("rabbitmqctl", "version"),
        fastest=min(loops),
        slowest=max(loops),
    )
    lines = [
        "| what | ours | against | theirs | ratio | budget | kept |",
        "|---|---:|---|---:|---:|---:|---|",
        *(_row(path, row) for path in paths for row in range(len(path.runs[0]))),
    ]
    costs = [
        "## What a run takes",
        "",
        "| path | elapsed | CPU |",
        "|---|---:|---:|",
        *(
            f"| `{path.name}` | {statistics.median(path.elapsed):.0f} s | {statistics.median(path.cpu):.0f} s |"
            for path in paths
        ),
    ]
    return "\n".join([head, *lines, "", *_missed(paths), *costs, ""])


def _missed(paths: Sequence[Path]) -> list[str]:
    missed = [row.path for path in paths for row in medians(path) if row.kept is False]
    reasons = [
        f"- {row}: {next((why for begin, why in REASONS.items() if row.startswith(begin)), 'not explained.')}"
        for row in missed
    ]
    return ["## Budgets that are missed", "", *reasons, ""] if reasons else []


def _median(rows: Sequence[Result]) -> Result:
    first = rows[0]
    peers = [row.peer for row in rows if row.peer is not None]
    return Result(
        path=first.path,
        ours=statistics.median(row.ours for row in rows),
        unit=first.unit,
        peer_name=first.peer_name,
        peer=statistics.median(peers) if peers else None,
        budget=first.budget,
        less_is_better=first.less_is_better,
    )


def _row(path: Path, row: int) -> str:
    found = medians(path)[row]
    of_runs = [run[row] for run in path.runs]
    ours = f"{number(found.ours)} ({_spread([one.ours for one in of_runs])}) {found.unit}"
    ratios = [one.ratio for one in of_runs if one.ratio is not None]
    against = (
        (found.peer_name, number(found.peer), f"{found.ratio:.2f}× ({_spread(ratios)})")
        if found.peer is not None
        else ("", "", "")
    )
    kept = {True: "yes", False: "**no**", None: ""}[found.kept]
    return f"| {' | '.join([found.path, ours, *against, budget(found), kept])} |"


def budget(row: Result) -> str:
    if row.budget is None:
        return "–"
    return f"{'≤' if row.less_is_better else '≥'} {row.budget:g}{'×' if row.ratio is not None else ''}"


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def _spread(values: Sequence[float]) -> str:
    return f"{number(min(values))}–{number(max(values))}"


def _loop() -> float:
    """Milliseconds of a fixed amount of work."""
    begin, total = time.perf_counter(), 0
    for n in range(LOOP):
        total += n
    return (time.perf_counter() - begin) * 1_000


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
