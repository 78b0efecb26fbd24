"""The guide for readers of the log: its program runs as printed, against a real feed."""

import asyncio
import re
import sys
from pathlib import Path

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from tests.fixtures.apps import TOWN, Drive, Driver

GUIDE = Path("docs/log.md")


async def program(driver: Driver, path: Path) -> tuple[int | None, str]:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert len(code.strip().splitlines()) <= 21
    path.write_text(code, "utf-8")
    feed = str(driver.client.make_url(f"/roster/v1/towns/{TOWN}/events"))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(path), feed, driver.token("county", area="340281")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇"})).status == 201
    people = [{"name": f"张{n}", "born_year": 1960 + n % 30} for n in range(120)]
    await driver.post("/people:batch", {"items": people})
    return driver


async def test_its_program_verifies_a_whole_stream(roster: Driver, tmp_path: Path) -> None:
    head = await roster.get("/head")
    assert await program(roster, tmp_path / "verify.py") == (0, f"121 {head['hash']}\n")


async def test_its_program_finds_a_changed_event(roster: Driver, tmp_path: Path) -> None:
    there = roster.alive.store.database["outbox"]
    (found,) = [event async for event in there.find() if '张7"' in event["body"]]
    await there.update_one({"_id": found["_id"]}, {"$set": {"body": found["body"].replace("张7", "李7")}})
    status, said = await program(roster, tmp_path / "verify.py")
    assert status == 1
    assert "was changed" in said
