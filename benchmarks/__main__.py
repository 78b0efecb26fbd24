"""`python -m benchmarks [--full] [--runs N] [--report PAGE] [path …]`: measure every path, or those named, and print
ratios beside the budgets."""

import argparse
import asyncio
import logging
import pathlib
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks import (
    boarding,
    chain,
    closing,
    closings,
    compiling,
    consuming,
    feeding,
    importing,
    keeping,
    pages,
    relaying,
    starting,
    verifying,
    voting,
    writing,
)
from benchmarks.report import Path, budget, measured, medians, number, page
from benchmarks.stand import Result, Stand, stand
from shared.observability import logs

PATHS: dict[str, Callable[[Stand], Awaitable[list[Result]]]] = {
    "writing": writing.measure,
    "relaying": relaying.measure,
    "consuming": consuming.measure,
    "chain": chain.measure,
    "compiling": compiling.measure,
    "closing": closing.measure,
    "closings": closings.measure,
    "boarding": boarding.measure,
    "feeding": feeding.measure,
    "keeping": keeping.measure,
    "starting": starting.measure,
    "verifying": verifying.measure,
    "voting": voting.measure,
    "importing": importing.measure,
    "pages": pages.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "paths", nargs="*", metavar="path", help=f"of {', '.join(PATHS)}; all when none is named"
    )
    parser.add_argument("--full", action="store_true", help="longer runs, for figures to be written down")
    parser.add_argument("--runs", type=int, default=1, help="the median of so many is taken")
    parser.add_argument("--report", type=pathlib.Path, help="the page that is written")
    options = parser.parse_args()
    if unknown := set(options.paths) - PATHS.keys():
        parser.error(f"no such path: {', '.join(sorted(unknown))}")
    logs.configure("ERROR", service="benchmarks")
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)
    console = Console(width=None if sys.stdout.isatty() else 150)
    begin = time.monotonic()
    paths: list[Path] = []
    try:
        with stand(quick=not options.full) as ready:
            asyncio.run(_measure(ready, options.paths or list(PATHS), options.runs, console, paths))
    finally:  # what was measured before a path failed is told
        console.print(_table([row for path in paths for row in medians(path)]))
    if options.report is not None:
        options.report.write_text(page(paths, full=options.full), "utf-8")
    console.print(f"{time.monotonic() - begin:.0f} s; ratios hold within a run, figures only on this machine")


async def _measure(
    ready: Stand, names: Sequence[str], runs: int, console: Console, paths: list[Path]
) -> None:
    for name in names:
        with console.status(name):
            paths.append(await measured(name, PATHS[name], ready, runs))


def _table(results: Sequence[Result]) -> Table:
    table = Table("path", "ours", "", "against", "theirs", "ratio", "budget", "kept")
    for column in (1, 4, 5, 6):
        table.columns[column].justify = "right"
    for r in results:
        table.add_row(
            r.path,
            number(r.ours),
            r.unit,
            r.peer_name or "–",
            "–" if r.peer is None else number(r.peer),
            "–" if r.ratio is None else f"{r.ratio:.2f}×",
            budget(r),
            {True: "yes", False: "[bold red]NO[/]", None: ""}[r.kept],
        )
    return table


if __name__ == "__main__":
    main()
