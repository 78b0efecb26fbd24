"""Accounts on the command line: the first start, people, programs, recovery, another key; in one process as served."""

import re
from pathlib import Path

import pytest

from tests.fixtures.systems import System, alone
from tests.probes import eventually

pytestmark = [pytest.mark.own_servers]
TOWN = "340281199"
PASSWORD = "quiet river 42 stones"


async def set_up(system: System, told: str, **more: object) -> None:
    code = re.search("/accounts/set-up/([0-9A-Z]{16})", told)
    assert code is not None, told
    await system.must("POST", "/accounts/v1/set_ups", "", {"code": code[1], "password": PASSWORD, **more})


async def sign_in(system: System, name: str) -> str:
    body = {"name": name, "password": PASSWORD}
    return str((await system.must("POST", "/accounts/v1/sign_ins", "", body))["access_token"])


@pytest.mark.nightly
async def test_from_the_first_start_to_a_new_key(tmp_path: Path) -> None:
    async with alone(tmp_path) as system:
        log = tmp_path / "lvzhi.log"

        async def address_given() -> bool:
            return "还没有账号" in log.read_text()

        await eventually(address_given)
        told = log.read_text()
        first = {"name": "wang01", "display_name": "王示例01", "area": TOWN}
        await set_up(system, told, account=first)
        office = await sign_in(system, "wang01")
        assert await system.must("PUT", f"/roster/v1/towns/{TOWN}", office, {"name": "示例镇"})
        here = ("--url", system.url, "--data", str(tmp_path))
        added = await system.cli("account", "add", "zhao01", "--role", "office", "--area", TOWN, *here)
        await set_up(system, added)
        assert await sign_in(system, "zhao01")
        await system.cli("account", "disable", "wang01", *here)

        async def out() -> bool:
            """the disabled account refused by another service"""
            return (await system.request("GET", f"/roster/v1/towns/{TOWN}", office))[0] == 401

        await eventually(out)
        listed = await system.cli("account", "list", *here)
        assert ["停用" in line for line in listed.splitlines()] == [True, False]
        await set_up(system, await system.cli("account", "reset", "zhao01", *here))
        await set_up(system, await system.cli("account", "recover", "wang01", *here))
        office = await sign_in(system, "wang01")
        told = await system.cli(
            *("client", "add", "县系统", "--role", "service", "--area", TOWN, "--expires-on", "2099-12-31"),
            *here,
        )
        assert "lzs_" in told
        id = told.split()[1]
        assert id in await system.cli("client", "list", *here)
        assert "lzs_" in await system.cli("client", "rotate", id, *here)
        await system.cli("client", "disable", id, *here)
        await system.cli("account", "rotate-key", "--withdraw", "--data", str(tmp_path))
        await eventually(out)
        office = await sign_in(system, "wang01")
        assert await system.must("GET", f"/roster/v1/towns/{TOWN}", office)
    assert PASSWORD not in (tmp_path / "lvzhi.log").read_text()
