"""Benchmark of a closing: CPU and time from the request to close a year to the Word file, all in one process."""

import time
import tomllib
from typing import Final

from benchmarks.stand import ROOT, Result, Stand, cpu_seconds
from services.cli.client import Client, calling
from services.cli.office import close_year, fetch_report, import_folder, town_of
from services.host.standalone import running_system
from shared.process.serve import key_store
from shared.settings import Settings

EXAMPLES: Final = ROOT / "examples"
BUDGET_SECONDS: Final = 1.0


async def measure(stand: Stand) -> list[Result]:
    """Close the example year. CPU is that of this process and of the database, without waiting."""
    settings = Settings(
        port=0, data_dir=stand.folder / "standalone", mongodb_url=None, amqp_url=None, log_level="ERROR"
    )
    report_settings = tomllib.loads((EXAMPLES / "总结设置.toml").read_text("utf-8"))
    async with running_system(settings) as system, calling() as session:
        keys, town = key_store(settings), town_of(EXAMPLES, "")
        client = Client(session, system.url, keys.mint("office", town, ["office"]))
        tellers = [keys.mint(f"teller-{n}", town, ["teller"]) for n in (1, 2)]
        await import_folder(client, EXAMPLES, tellers, dry_run=False, echo=lambda _: None)
        before = cpu_seconds()
        begin = time.perf_counter()
        await close_year(client, town, report_settings["year"], report_settings["as_of"].isoformat())
        await fetch_report(client, town, report_settings["year"], stand.folder / "report.docx")
        taken, spent = time.perf_counter() - begin, cpu_seconds() - before
    return [
        Result("closing to Word file, CPU", spent, "s", budget=BUDGET_SECONDS, less_is_better=True),
        Result("closing to Word file, elapsed", taken, "s"),
    ]
