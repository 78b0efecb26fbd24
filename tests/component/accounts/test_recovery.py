"""Ways back in: at the machine itself and nowhere else; the first account; the page on which a password is set."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from services.accounts.app import build
from services.accounts.settings import Settings
from shared.storage.encryption import Undecryptable, Vault
from tests.component.accounts.conftest import CLERK, COUNTY, PASSWORD, Desk, deputy
from tests.fixtures.apps import TOWN, Answer, Drive


@pytest.fixture
def machine(office: Desk) -> Desk:
    return office.as_(office.driver.token("service", area="", subject="machine"))


async def page(desk: Desk, code: str, **fields: str) -> Answer:
    path = f"/accounts/set-up/{code}"
    asked = desk.driver.client.post(path, data=fields) if fields else desk.driver.client.get(path)
    async with asked as response:
        return Answer(response.status, response.headers, await response.text())


async def test_recovery_is_for_the_machine_alone(office: Desk, county: Desk, machine: Desk) -> None:
    await office.made(CLERK)
    body = {"name": "wang01"}
    await office.refused("POST", "/recoveries", body, 403, "forbidden")
    await county.refused("POST", "/recoveries", body, 403, "forbidden")
    of_a_town = office.as_(office.driver.token("service"))
    await of_a_town.refused("POST", "/recoveries", body, 403, "forbidden")
    for path in ("/accounts", "/clients"):
        await of_a_town.refused("GET", path, None, 403, "forbidden")
        await of_a_town.refused("POST", path, CLERK, 422 if path == "/clients" else 403, "invalid-input"
                                if path == "/clients" else "forbidden")  # fmt: skip
    await machine.refused("POST", "/recoveries", {"name": "nobody"}, 404, "not-found")


async def test_the_last_office_account_is_recovered_and_it_is_recorded(office: Desk, machine: Desk) -> None:
    await office.made(CLERK)
    signed_in = (await office.sign_in("wang01")).json
    given = await machine.must("POST", "/recoveries", {"name": "wang01"})
    assert (await office.sign_in("wang01")).status == 401
    await office.as_(signed_in["access_token"]).refused("GET", "/me", None, 401, "unauthenticated")
    await office.set_up(given["set_up"]["code"], "recovered river 42 stones")
    assert (await office.sign_in("wang01", "recovered river 42 stones")).status == 201
    recorded = [event for event in await office.events() if event["type"] == "accounts.recovery.performed.v1"]
    assert [(event["actor"], event["data"]["detail"]) for event in recorded] == [("machine", "password")]


@pytest.mark.usefixtures("still")
async def test_a_lost_telephone_is_replaced(county: Desk, machine: Desk) -> None:
    body = {"name": "xian01", "display_name": "县示例01", "roles": ["county"], "areas": [COUNTY]}
    account = await county.made(body)
    given = await machine.must("POST", "/recoveries", {"name": "xian01", "second_step": True})
    secret = await county.set_up(given["set_up"]["code"])
    assert secret not in (None, account["secret"])
    answer = await county.sign_in("xian01", digits=county.digits(secret or "", 1))
    assert answer.status == 201


@pytest.mark.usefixtures("still")
async def test_a_password_alone_is_recovered_with_the_second_step_as_it_was(
    county: Desk, machine: Desk
) -> None:
    body = {"name": "xian01", "display_name": "县示例01", "roles": ["county"], "areas": [COUNTY]}
    account = await county.made(body)
    given = await machine.must("POST", "/recoveries", {"name": "xian01"})
    assert await county.set_up(given["set_up"]["code"]) is None
    assert (await county.sign_in("xian01", digits=county.digits(account["secret"], 1))).status == 201


async def test_a_lost_data_key_costs_passwords_and_nothing_else(
    office: Desk, drive: Drive, tmp_path: Path
) -> None:
    await office.made(CLERK)
    lost = Vault({"k1": b"0" * 32})
    service = build(Settings(data_dir=tmp_path, chores_seconds=0.2))
    with pytest.raises(Undecryptable):
        await drive(service, lost)
    forgetful = build(Settings(data_dir=tmp_path, chores_seconds=0.2, forget_unreadable=True))
    driver = await drive(forgetful, replace(lost, forgetful=True))
    desk = Desk(driver, driver.token("service", area="", subject="machine"))
    assert (await desk.sign_in("wang01")).status == 401
    given = await desk.must("POST", "/recoveries", {"name": "wang01"})
    await desk.set_up(given["set_up"]["code"])
    assert (await desk.sign_in("wang01")).status == 201
    audit = await desk.as_(driver.token("auditor", area="0")).must("GET", "/towns/000000000/audit")
    assert "data-key" in [item["detail"] for item in audit["items"]]


async def test_a_disabled_account_is_enabled(office: Desk, machine: Desk) -> None:
    account = await office.made(deputy(1))
    await office.must("POST", f"/accounts/{account['id']}:disable", {})
    given = await machine.must("POST", "/recoveries", {"name": "deputy1"})
    assert given["account"]["state"] == "invited"
    await office.set_up(given["set_up"]["code"])
    assert (await office.sign_in("deputy1")).status == 201


async def test_the_first_account_is_made_on_the_page(office: Desk, machine: Desk) -> None:
    given = await machine.must("POST", "/recoveries", {})
    code = given["set_up"]["code"].replace("-", "")
    shown = await page(office, code)
    assert (shown.status, shown.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert "建立第一个账号" in shown.json
    fields = {"name": "wang01", "display_name": "王示例01", "area": TOWN, "password": PASSWORD}
    short = await page(office, code, **fields | {"area": TOWN[:8]}, again="other")
    assert (short.status, short.json.count('value="34028119"')) == (422, 1)
    assert "区划代码为 9 位（镇）或 6 位（县），现在是 8 位" in short.json
    assert "验证器上的六位数字" not in short.json
    odd = await page(office, code, **fields | {"name": "王 明"}, again=PASSWORD)
    assert (odd.status, "登录名：格式不对" in odd.json) == (422, True)
    differs = await page(office, code, **fields, again="other")
    assert (differs.status, "两次输入的口令不一样" in differs.json) == (422, True)
    assert PASSWORD not in differs.json
    weak = await page(office, code, **fields | {"password": "1234567890"}, again="1234567890")
    assert weak.status == 422
    done = await page(office, code, **fields, again=PASSWORD)
    assert (done.status, "口令已设好" in done.json) == (200, True)
    assert (await office.sign_in("wang01")).json["account"]["roles"] == ["office"]
    assert (await page(office, code)).status == 404
    await machine.refused("POST", "/recoveries", {}, 409, "wrong-state")


@pytest.mark.usefixtures("still")
async def test_a_county_that_is_first_sets_its_second_step_up_at_once(office: Desk, machine: Desk) -> None:
    code = (await machine.must("POST", "/recoveries", {}))["set_up"]["code"].replace("-", "")
    found = re.search("密钥 ([A-Z2-7]+)", (await page(office, code)).json)
    assert found is not None
    own = {"name": "xian01", "display_name": "县示例01", "area": COUNTY}
    fields = own | {"password": PASSWORD, "again": PASSWORD}
    without = await page(office, code, **fields)
    assert (without.status, "六位数字" in without.json) == (422, True)
    assert (await page(office, code, **fields, digits=office.digits(found[1]))).status == 200
    answer = await office.sign_in("xian01", digits=office.digits(found[1], 1))
    assert (answer.status, answer.json["account"]["second_step"]) == (201, True)


@pytest.mark.usefixtures("still")
async def test_the_page_shows_the_second_step_and_asks_for_it(county: Desk) -> None:
    body = {"name": "xian01", "display_name": "县示例01", "roles": ["county"], "areas": [COUNTY]}
    code = (await county.must("POST", "/accounts", body))["set_up"]["code"].replace("-", "")
    shown = await page(county, code)
    found = re.search("密钥 ([A-Z2-7]+)", shown.json)
    assert found is not None
    assert "<script" not in shown.json
    fields = {"password": PASSWORD, "again": PASSWORD}
    assert (await page(county, code, **fields, digits="000000")).status == 422
    assert (await page(county, code, **fields, digits=county.digits(found[1]))).status == 200


@pytest.mark.parametrize("code", ["x", "0" * 16, "' or 1=1"])
async def test_codes_that_are_none(office: Desk, code: str) -> None:
    answer = await page(office, code)
    assert (answer.status, "链接或信件无效" in answer.json) == (404, True)
