"""The page 改错 of the guide: its commands run as printed, one after the other, in a town of its own."""

import asyncio
import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.roster.sheets import SHEETS
from shared.workbook import write
from tests.fixtures.systems import System

pytestmark = [pytest.mark.e2e]

GUIDE = Path("docs/guide")
TOWN = "340281122"
ROSTER: dict[str, list[dict[str, Any]]] = {
    "镇情况": [{"code": TOWN, "name": "示例镇", "congress_number": 17}],
    "代表小组": [{"number": n, "level": "town"} for n in (1, 2)],
    "人员": [{"name": "高示例59"}],
    "代表资格": [{"person": "高示例59", "level": "town", "started_on": date(2017, 1, 10), "group": 1}],
}


def commands(page: str) -> str:
    return "\n".join(re.findall(r"```sh\n(.*?)```", (GUIDE / page).read_text("utf-8"), re.DOTALL))


async def test_every_command_of_the_page_does_what_it_says(standalone: System, tmp_path: Path) -> None:
    office = await standalone.token(TOWN, "office")
    data = write([sheet for sheet in SHEETS if sheet.name in ROSTER], ROSTER)
    await standalone.must("POST", f"/roster/v1/towns/{TOWN}/imports", office, data)
    script = f"set -euo pipefail\n{commands('README.md')}\n{commands('corrections.md')}"
    environment = os.environ | {"URL": standalone.url, "TOWN": TOWN, "TOKEN": office}
    run = await asyncio.create_subprocess_exec(
        "bash", "-c", script, cwd=tmp_path, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told, wrong = await run.communicate()
    assert run.returncode == 0, told.decode()[-2000:] + wrong.decode()[-2000:]
