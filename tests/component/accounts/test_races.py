"""Codes of one account or town against another, and requests at the same time: each code does one thing, once."""

import asyncio

import pytest

from tests.component.accounts.conftest import CLERK, PASSWORD, Desk, deputy
from tests.fixtures.apps import TOWN
from tests.probes import PATIENCE

ANOTHER = "340281102"


@pytest.fixture
def machine(office: Desk) -> Desk:
    return office.as_(office.driver.token("service", area="", subject="machine"))


async def test_one_of_many_makes_the_first_account(office: Desk, machine: Desk) -> None:
    code = (await machine.must("POST", "/recoveries", {}))["set_up"]["code"]

    async def made(number: int) -> int:
        account = {"name": f"wang{number}", "display_name": "王示例01", "area": f"{TOWN[:-1]}{number}"}
        body = {"code": code, "password": PASSWORD, "account": account}
        return (await office.call("POST", "/set_ups", body, token="")).status

    async with asyncio.timeout(PATIENCE):
        statuses = await asyncio.gather(*(made(number) for number in range(1, 4)))
    assert sorted(statuses) == [201, 404, 404]


async def test_the_code_of_an_account_makes_no_other(office: Desk) -> None:
    given = await office.must("POST", "/accounts", CLERK)
    account = {"name": "zhao01", "display_name": "赵示例01", "area": ANOTHER}
    body = {"code": given["set_up"]["code"], "password": PASSWORD, "account": account}
    await office.refused("POST", "/set_ups", body, 422, "invalid-input", token="")
    assert await office.events(ANOTHER) == [], "nothing is recorded elsewhere"
    await office.set_up(given["set_up"]["code"])


async def test_a_letter_is_void_once_the_account_is_reset(office: Desk) -> None:
    account = await office.made(deputy(1))
    letter = (await office.must("POST", f"/accounts/{account['id']}:letter", {}))["code"]
    await office.must("POST", f"/accounts/{account['id']}:reset", {})
    await office.refused("POST", "/sign_ins", {"letter": letter}, 404, "code-unknown", token="")
