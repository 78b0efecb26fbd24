"""A year in the browser, from an empty folder to the summary that the county accepts, from the labels alone."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect

from tests.console.conftest import COUNTY, PASSWORD, TOWN, Office, digits_of, sign_in
from tests.console.test_ratings import SHEET, confirm, key_in, slips_of, vote
from tests.fixtures.clerk import DESK, PHONE, Clerk, clerk

YEAR = "2020"
RECORD = re.compile("/[0-9a-f-]{36}$")
FIVE = "程示例11、余示例03、董示例07、张示例14、丁示例12"


@asynccontextmanager
async def person(browser: Browser, office: Office, size: dict[str, int] = DESK) -> AsyncIterator[Clerk]:
    async with clerk(browser, office.url, size=size) as somebody:
        yield somebody
        assert somebody.complaints == []


async def first_account(office: Clerk, address: str) -> None:
    """The address that the start prints leads to an account, to the sign-in, and to the name of the town."""
    await office.page.goto(address)
    for label, text in (("登录名", "bangong"), ("姓名", "王办"), ("区划代码", TOWN)):
        await office.page.get_by_label(label).fill(text)
    for label in ("口令", "再输一遍"):
        await office.page.get_by_label(label, exact=True).fill(PASSWORD)
    await office.page.get_by_role("button", name="建立账号").click()
    await office.page.get_by_role("link", name="去登录").click()
    await office.fill("登录名", "bangong")
    await office.page.get_by_label("口令", exact=True).fill(PASSWORD)
    await office.click("button", "登录")
    await office.page.wait_for_url("**/town")
    await office.fill("名称", "石桥镇")
    await office.press("Control+s")
    await office.saved(f"{office.url}/")
    async with office.page.expect_navigation():
        await office.page.get_by_label("年度").select_option(YEAR)


async def bring_in_the_roster(office: Clerk) -> None:
    await office.click("link", "Excel 导入导出")
    await office.page.get_by_label("文件").set_input_files("examples/名册.xlsx")
    await office.click("button", "检查")
    await office.sees("全部正确，可以导入")
    await office.page.get_by_role("button", name="导入", exact=True).click()
    await expect(office.page.locator("[data-flash]")).to_contain_text("导入")
    await office.page.get_by_role("link", name="代表", exact=True).click()
    await office.sees("丁示例12")


async def keep_the_year(office: Clerk) -> None:
    """A meeting, an activity from a signed sheet, a reception, a suggestion with its reply."""
    await office.click("link", "代表大会")
    await office.click("link", "登记会议")
    await office.fill("第几次会议", "7")
    await office.fill("开会日期", "20200609")
    await office.page.get_by_label("没到的人").fill("6* 17- ")
    await office.page.get_by_label("没到的人").press("Enter")
    await office.page.locator("[name='resolutions.0.title']").fill("关于政府工作报告的决议")
    await office.press("Control+s")
    await office.saved(RECORD)
    await office.sees("应到63，实到61，请假1，缺席1")

    await office.page.get_by_role("link", name="活动", exact=True).click()
    await office.click("link", "登记活动")
    await office.choose("种类", "7 学习培训")
    await office.fill("日期", "20200612")
    await office.fill("名称", "民法典培训")
    await office.page.get_by_label("没到的人").fill("6* 40- ")
    await office.page.get_by_label("没到的人").press("Enter")
    await office.press("Control+s")
    await office.saved(RECORD)

    await office.click("link", "接待和意见")
    await office.page.get_by_role("link", name="登记接待").first.click()
    await office.fill("日期", "20200710")
    await office.fill("接待人次", "3")
    await office.page.get_by_label("代表", exact=False).first.fill("徐示例56")
    await office.page.get_by_label("站点").select_option(index=1)
    row = office.page.locator("[data-rows] tbody tr").first
    await row.get_by_label("内容", exact=True).fill("村口路灯不亮")
    await office.press("Control+s")
    await office.saved("**/receptions")

    await office.click("link", "代表建议")
    await office.page.get_by_role("link", name="登记建议").first.click()
    for label, text in (("提出日期", "20200610"), ("题目", "关于增设路灯的建议"), ("内容", "请增设路灯。")):
        await office.fill(label, text)
    await office.page.get_by_label("领衔代表").fill("徐示例56")
    await office.press("Control+s")
    await office.saved(RECORD)
    await office.click("link", "交办")
    await office.fill("主办单位", "镇水利站")
    await office.fill("交办日期", "20200620")
    await office.press("Control+s")
    await office.saved(RECORD)
    await office.click("link", "登记答复")
    await office.fill("答复日期", "20200801")
    await office.page.get_by_text("A类", exact=False).first.click()
    await office.press("Control+s")
    await office.saved(RECORD)


async def plan_a_meeting(office: Clerk, day: str, method: str = "") -> str:
    await office.go("/ratings/new")
    for label, text in (("开会日期", day), ("选区", "第五选区"), ("应到选民代表", "50"), ("述职代表", FIVE)):
        await office.fill(label, text)
    await office.page.get_by_label("评议办法").select_option(index=1)
    if method:
        await office.page.get_by_text(method, exact=True).click()
    await office.click("button", "保存")
    await office.saved("**/ratings/0*")
    return office.page.url.rsplit("/", 1)[-1]


async def make_teller(office: Clerk, browser: Browser, name: str, day: str) -> None:
    """The office makes the account; whoever holds it opens the address and chooses a password."""
    await office.go("/accounts/new")
    await office.fill("登录名", name)
    await office.fill("姓名", name)
    await office.page.get_by_text("计票员", exact=True).click()
    meetings = office.page.get_by_label("测评会", exact=False)
    option = meetings.locator("option", has_text=day).first
    await meetings.select_option(await option.get_attribute("value"))
    await office.press("Control+s")
    await office.sees("只在这里出现一次")
    address = await office.page.locator(".secret").inner_text()
    async with clerk(browser, office.url, size=PHONE) as teller:
        await teller.page.goto(address)
        for label in ("口令", "再输一遍"):
            await teller.page.get_by_label(label, exact=True).fill(PASSWORD)
        await teller.page.get_by_role("button", name="保存").click()
        await teller.page.get_by_role("link", name="去登录").wait_for()


async def rate_on_paper(office: Clerk, browser: Browser, system: Office) -> None:
    meeting = await plan_a_meeting(office, "20201120")
    for name in ("计票1", "计票2"):
        await make_teller(office, browser, name, "2020-11-20")
    await office.go(f"/ratings/{meeting}/edit")
    await office.fill("计票人", "计票1、计票2")
    await office.click("button", "保存")
    await office.saved(f"**/ratings/{meeting}")
    await confirm(office, "开始测评")
    for name in ("计票1", "计票2"):
        async with person(browser, system) as teller:
            await sign_in(teller, name)
            await teller.click("link", "录计票表")
            await teller.page.wait_for_selector("html[data-ready]")
            await key_in(teller, SHEET)
            await teller.press("Enter")
            await teller.saved("**/counting")
    await office.go(f"/ratings/{meeting}")
    await confirm(office, "结束测评")
    await confirm(office, "公布结果")


async def rate_by_slips(office: Clerk, browser: Browser, system: Office) -> None:
    meeting = await plan_a_meeting(office, "20201121", "扫码票")
    await make_teller(office, browser, "主持", "2020-11-21")
    await office.go(f"/ratings/{meeting}/edit")
    await office.fill("主持计票人", "主持")
    await office.click("button", "保存")
    await office.saved(f"**/ratings/{meeting}")
    codes = await slips_of(office, meeting)
    async with person(browser, system, PHONE) as presiding:
        await sign_in(presiding, "主持")
        await presiding.click("link", "去主持")
        await confirm(presiding, "开始测评")
        await vote(presiding, codes)
        await presiding.click("link", "结束测评")
        await presiding.fill("到会人数", "12")
        await presiding.fill("发出的扫码票", "12")
        await presiding.page.get_by_role("button", name="核对无误").click()
        await presiding.page.wait_for_url(f"**/ratings/{meeting}")
        await confirm(presiding, "公布结果")


async def close_the_year(office: Clerk, folder: Path) -> None:
    await office.click("link", "年度总结")
    await office.sees("未封账")
    await office.click("link", "封账")
    await office.fill("截止日期", "20201231")
    await office.click("button", "封账")
    await office.saved(f"**/report/{YEAR}")
    await office.page.locator("#p-presidium_meetings, [id^=p-]").first.hover()
    await office.press("e")
    text = office.page.get_by_label("段落文字")
    await text.fill(await text.input_value() + "各项工作取得新进展。")
    await office.press("Control+s")
    await office.saved(re.compile("/report/2020"))
    async with office.page.expect_download() as waited:
        await office.page.get_by_role("link", name="Word", exact=True).click()
    file = folder / "总结.docx"
    await (await waited.value).save_as(file)
    assert file.read_bytes()[:2] == b"PK"
    for step, status in (("核准", "已核准"), ("上报", "已上报")):
        await office.click("link", step)
        await office.page.get_by_role("button", name=step, exact=True).click()
        await office.saved(f"**/report/{YEAR}")
        await office.sees(status)


async def accept(browser: Browser, system: Office) -> None:
    made = await system.account("xian", "county", area=COUNTY)
    async with person(browser, system) as county:
        await sign_in(county, "xian", digits=digits_of(system.secrets[made["id"]], ahead=1))
        async with county.page.expect_navigation():
            await county.page.get_by_label("年度").select_option(YEAR)
        await county.page.get_by_role("link", name=re.compile("核对接收")).click()
        await county.click("link", "接收")
        await county.page.get_by_role("button", name=re.compile("接收")).first.click()
        await county.sees("已接收")


async def test_a_year_from_an_empty_folder_to_the_county(
    browser: Browser, empty: Office, tmp_path: Path
) -> None:
    async with person(browser, empty) as office:
        await first_account(office, empty.invitation)
        await bring_in_the_roster(office)
        await keep_the_year(office)
        await rate_on_paper(office, browser, empty)
        await rate_by_slips(office, browser, empty)
        await close_the_year(office, tmp_path)
    await accept(browser, empty)
    report: dict[str, Any] = await empty.office.json("GET", f"/reports/v1/towns/{TOWN}/years/{YEAR}/report")
    values = {figure["id"]: figure["value"] for figure in report["figures"]}
    assert report["status"] == "accepted"
    assert (values["congress.sessions"], values["training.times"], values["suggestions.raised"]) == (
        1,
        1,
        1,
    )
    assert values["ratings.meetings"] == 2
