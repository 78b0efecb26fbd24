"""`python -m benchmarks [--full] [path …]`: measure every path, or those named, and print ratios beside the budgets."""

import argparse
import asyncio
import logging
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
    importing,
    pages,
    relaying,
    starting,
    voting,
    writing,
)
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
    "starting": starting.measure,
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
    options = parser.parse_args()
    if unknown := set(options.paths) - PATHS.keys():
        parser.error(f"no such path: {', '.join(sorted(unknown))}")
    logs.configure("ERROR", service="benchmarks")
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)
    console = Console()
    begin = time.monotonic()
    with stand(quick=not options.full) as ready:
        results = asyncio.run(_measure(ready, options.paths or list(PATHS), console))
    console.print(_table(results))
    console.print(f"{time.monotonic() - begin:.0f} s; ratios hold within a run, figures only on this machine")


async def _measure(ready: Stand, paths: Sequence[str], console: Console) -> list[Result]:
    results: list[Result] = []
    for path in paths:
        with console.status(path):
            results += await PATHS[path](ready)
    return results


def _table(results: Sequence[Result]) -> Table:
    table = Table("path", "ours", "", "against", "theirs", "ratio", "budget", "kept")
    for column in (1, 4, 5, 6):
        table.columns[column].justify = "right"
    for r in results:
        sign = "≤" if r.less_is_better else "≥"
        table.add_row(
            r.path,
            _number(r.ours),
            r.unit,
            r.peer_name or "–",
            "–" if r.peer is None else _number(r.peer),
            "–" if r.ratio is None else f"{r.ratio:.2f}×",
            "–" if r.budget is None else f"{sign} {r.budget:g}{'×' if r.ratio is not None else ''}",
            {True: "yes", False: "[bold red]NO[/]", None: ""}[r.kept],
        )
    return table


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


if __name__ == "__main__":
    main()
