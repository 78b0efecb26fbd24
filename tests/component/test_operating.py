"""`lvzhi dead`: what an operator sees of events that could not be applied, and how he settles them."""

import asyncio
import json
import os
import sys

import pytest

from services.activities.app import build
from services.activities.settings import Settings
from tests.fixtures.apps import TOWN, Drive, Driver
from tests.probes import eventually


@pytest.fixture
async def activities(drive: Drive) -> Driver:
    """With two events it cannot apply."""
    driver = await drive(build(Settings()))
    for id in ("p1", "p2"):
        await driver.says("roster.person.registered.v1", {"id": id, "name": ["wrong"]})
    await eventually(lambda: driver.alive.consumer.parked == 2)
    return driver


async def lvzhi(driver: Driver, command: str, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", "dead", command, *arguments),
        *("--service", "activities", "--town", TOWN, "--url", str(driver.client.make_url("")).rstrip("/")),
        env=os.environ | {"LVZHI_TOKEN": driver.token("service")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def test_letters_are_listed_shown_refused_and_given_up(activities: Driver) -> None:
    status, listed = await lvzhi(activities, "list")
    assert (status, "共 2 件" in listed) == (0, True)
    assert "roster-1  roster.person.registered.v1  person/p1" in listed
    assert "name" in listed
    status, shown = await lvzhi(activities, "show", "roster-2")
    assert json.loads(shown)["event"]["data"]["id"] == "p2"
    status, refused = await lvzhi(activities, "replay", "roster-1")
    assert (status, "仍然无法处理" in refused) == (1, True)
    status, dropped = await lvzhi(activities, "drop", "roster-1", "roster-2", "--reason", "测试")
    assert (status, dropped.split()) == (0, ["roster-1", "已放弃", "roster-2", "已放弃"])
    assert "没有未能处理的事件" in (await lvzhi(activities, "list"))[1]
