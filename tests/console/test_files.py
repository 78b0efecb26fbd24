"""Duty files on the telephone and at the office: read, confirm, object, answer; the first page of a deputy."""

import pytest
from playwright.async_api import expect

from tests.console.conftest import Office, SignIn
from tests.console.test_ratings import fits
from tests.fixtures.clerk import PHONE

BASE = "/reports/v1/towns/340281199"


async def deputyship(example: Office, name: str) -> str:
    found = await example.office.json(
        "GET", "/roster/v1/towns/340281199/deputies", as_of="2020-12-01", q=name
    )
    return str(next(row["deputyship_id"] for row in found["items"] if row["level"] == "town"))


async def letter_for(example: Office, name: str, role: str, deputyship_id: str) -> str:
    """The path that the QR code of a letter opens."""
    account = await example.account(name, role, deputyship_id=deputyship_id)
    letter = await example.service.json("POST", f"/accounts/v1/accounts/{account['id']}:letter", {})
    return "/l/" + str(letter["code"])


@pytest.mark.nightly
async def test_a_deputy_by_letter_reads_confirms_and_objects_and_the_office_answers(
    at: SignIn, example: Office
) -> None:
    own = await deputyship(example, "马示例20")
    path = await letter_for(example, "马代表", "deputy", own)
    async with at(size=PHONE) as deputy:
        await deputy.page.context.clear_cookies()
        await deputy.go(path)
        assert await deputy.violations() == []
        await deputy.click("button", "登录")
        async with deputy.page.expect_navigation():
            await deputy.page.locator("#year").select_option("2020")
        assert await deputy.page.locator("html.large").count() == 1
        example.cookies["马代表"] = list(await deputy.page.context.cookies())
        await deputy.sees("关于增设集镇至各村公交班次的建议")
        await deputy.sees("还没有确认")
        await deputy.click("link", "看我的档案")
        for part in ("基本情况", "会议和活动", "代表建议", "选民意见", "述职测评"):
            await expect(deputy.page.get_by_role("heading", name=part).first).to_be_visible()
        await deputy.sees("出处：履职活动第")
        sources = deputy.page.locator("main a[href^='/go/']")
        paths = await sources.evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        for source in {address.split("/")[2]: address for address in paths}.values():
            assert (await deputy.page.request.get(deputy.url + source)).status == 200, source
        await deputy.click("link", "没有错，确认")
        await deputy.click("button", "没有错，确认")
        await deputy.saved("**/me/file")
        await deputy.sees("已确认")
        await deputy.page.get_by_role("link", name="学习”有异议").first.click()
        await deputy.fill("哪里不对，应当是什么", "当天我在外地，应当是请假")
        await deputy.click("button", "提出异议")
        await deputy.saved("**/me/file")
        await fits(deputy, "/", "/me/file", "/objections", f"/files/deputies/{own}/object")
        await expect(deputy.page.get_by_role("link", name="履职档案", exact=True)).to_have_count(0)
    async with at() as office:
        await office.go("/files")
        row = office.page.get_by_role("row", name="马示例20")
        await expect(row).to_contain_text("已确认")
        await row.get_by_role("link", name="1 件待答复").click()
        await office.page.get_by_role("row", name="马示例20").get_by_role("link").click()
        await office.sees("当天我在外地，应当是请假")
        address = office.page.url.removeprefix(office.url)
        await fits(office, "/files", "/objections", address, f"/files/deputies/{own}")
        await office.go(address)
        await office.page.get_by_text("维持原记录", exact=True).click()
        await office.page.get_by_role("textbox", name="答复*").fill("签到册上有本人签名")
        await office.page.get_by_role("button", name="答复").click()
        await office.saved("**/objections")
    (objection,) = (await example.office.json("GET", f"{BASE}/objections", deputyship_id=own))["items"]
    assert (objection["outcome"], objection["remark"]) == ("kept", "签到册上有本人签名")
    assert objection["record"]["subject"].startswith("activity/")


@pytest.mark.nightly
async def test_a_statement_on_paper_is_entered_without_script_and_a_leader_confirms_the_group(
    at: SignIn, example: Office
) -> None:
    other = await deputyship(example, "孔示例15")
    async with at(script=False) as office:
        await office.go(f"/files/deputies/{other}/confirm")
        await office.fill("纸上签字的日期", "2020-12-05")
        await office.click("button", "没有错，确认")
        await office.sees("书面确认")
        await office.go(f"/files/deputies/{other}/object")
        await office.fill("哪里不对，应当是什么", "缺少7月的一次走访")
        await office.click("button", "提出异议")
        await office.sees("请填写纸上签字的日期")
        await office.fill("纸上签字的日期", "2020-12-06")
        await office.click("button", "提出异议")
        await office.sees("缺少的内容")
    file = await example.office.json("GET", f"{BASE}/deputies/{other}/file", year=2020)
    assert (file["confirmation"]["on"], file["confirmation"]["on_behalf"]) == ("2020-12-05", True)
    assert [one["opened_on"] for one in file["objections"]] == ["2020-12-06"]
    groups = (await example.office.json("GET", "/roster/v1/towns/340281199/groups"))["items"]
    await example.account("第二组长", "leader", deputyship_id=groups[1]["leader_deputyship_id"])
    async with at("第二组长", size=PHONE) as leader:
        await leader.go("/")
        await leader.click("link", "第二代表小组的档案")
        await leader.click("link", "没有错，确认")
        await leader.click("button", "没有错，确认")
        await leader.sees("已确认")
        await fits(leader, "/", f"/files/groups/{groups[1]['id']}", "/files")
    group = await example.office.json("GET", f"{BASE}/groups/{groups[1]['id']}/file", year=2020)
    assert group["confirmation"]["on_behalf"] is False


async def test_files_are_not_for_tellers(at: SignIn, example: Office) -> None:
    meetings = (await example.office.json("GET", "/ratings/v1/towns/340281199/meetings"))["items"]
    await example.account("旁人", "teller", meeting_id=meetings[0]["id"])
    async with at("旁人") as teller:
        for path in ("/files", "/objections", "/me/file", "/ratings", "/ratings/schemes"):
            await teller.go(path)
            await teller.sees("没有这个页面")


@pytest.mark.nightly
async def test_public_cards_are_switched_on_and_off_after_a_check(at: SignIn, example: Office) -> None:
    town = "/roster/v1/towns/340281199"
    async with at() as office:
        await office.go("/settings")
        await office.click("link", "公开页")
        await office.click("link", "打开公开页")
        await office.sees("任何人")
        await office.click("button", "核对无误")
        await office.saved("**/cards")
        assert (await example.office.json("GET", town))["public"] is True
        await fits(office, "/cards", "/cards/off")
        await office.click("link", "先不办")
        await office.click("link", "关上公开页")
        await office.click("button", "关上")
        await office.saved("**/cards")
    assert (await example.office.json("GET", town))["public"] is False
