"""The example's year as a clerk brings it in: its ledgers, its words and its report."""

import json
import tomllib
from pathlib import Path
from typing import Any

from tests.fixtures.systems import System

EXAMPLES = Path("examples")
TOWN = "340281199"
BASE = f"/reports/v1/towns/{TOWN}/years/2020"


async def a_year(system: System) -> dict[str, Any]:
    """Import the example, close the year, and fetch the report in every form, all as a clerk does it."""
    office = await system.token(TOWN, "office")
    tellers = [await system.token(TOWN, "teller", subject=f"teller-{n}") for n in (1, 2)]
    shared = ("--url", system.url, "--token", office)
    await system.cli("import", str(EXAMPLES), *shared, "--teller", tellers[0], "--teller", tellers[1])
    words = tomllib.loads((EXAMPLES / "总结设置.toml").read_text("utf-8"))
    body = json.loads(json.dumps({k: v for k, v in words.items() if k not in ("year", "as_of")}, default=str))
    await system.must("PUT", f"{BASE}/settings", office, body)
    out = system.data / "总结.docx"
    await system.cli("report", TOWN, "2020", "--as-of", "2020-12-07", "-o", str(out), *shared)
    files = {"docx": out.read_bytes()}
    for ending in ("html", "xlsx", "json"):
        files[ending] = await system.must("GET", f"{BASE}/report.{ending}", office)
    return files
