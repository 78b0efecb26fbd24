"""Rating meetings at the pages: on paper with two tellers, by slips with the presiding one, and who sees what."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import Office, SignIn
from tests.fixtures.clerk import PHONE, Clerk

SHEET = ("40", "39", "1", "29 6 1 2", "30 6 1 1", "28 7 1 2", "30 5 2 1", "33 5")
"""发出, 收回, 废票, and the rows of five deputies of three options and 弃权."""
BASE = "/ratings/v1/towns/340281199"


async def key_in(clerk: Clerk, sheet: tuple[str, ...]) -> None:
    """As at the numeric pad: numbers, Enter, and at the end the button."""
    for total in sheet[:3]:
        await clerk.type(total)
        await clerk.press("Enter")
    for row in sheet[3:]:
        clerk.decide()
        for number in row.split():
            await clerk.type(number)
            await clerk.press("Enter")


async def fits(clerk: Clerk, *paths: str) -> None:
    """Pages are accessible and no wider than a desk's and a telephone's window."""
    before = clerk.page.viewport_size
    for path in paths:
        await clerk.go(path)
        for size in (before, PHONE):
            await clerk.page.set_viewport_size(size)  # type: ignore[arg-type]
            assert await clerk.violations() == [], path
            assert not await clerk.overflows(), path
        await clerk.page.set_viewport_size(before)  # type: ignore[arg-type]
    assert clerk.complaints == []


async def confirm(clerk: Clerk, step: str) -> None:
    await clerk.click("link", step)
    await clerk.page.get_by_role("button", name="核对无误").click()
    await clerk.page.wait_for_url(re.compile(r"/ratings/[0-9a-f-]+$"))


async def planned(clerk: Clerk, day: str, method: str = "") -> str:
    """A meeting of five deputies by the usual scheme, entered from the labels; its id."""
    await clerk.go("/ratings/new")
    await clerk.fill("开会日期", day)
    await clerk.fill("选区", "第五选区")
    await clerk.fill("应到选民代表", "50")
    await clerk.fill("述职代表", "程示例11、余示例03、董示例07、张示例14、丁示例12")
    scheme = clerk.page.get_by_label("评议办法")
    await scheme.select_option(index=1)
    if method:
        await clerk.page.get_by_text(method, exact=True).click()
    await clerk.click("button", "保存")
    await clerk.saved("**/ratings/0*")
    return clerk.page.url.rsplit("/", 1)[-1]


@pytest.mark.nightly
async def test_a_meeting_on_paper_from_the_labels_alone(at: SignIn, example: Office) -> None:
    async with at() as office:
        meeting = await planned(office, "1220")
        for number in (1, 2):
            await example.account(f"计票{number}", "teller", meeting_id=meeting)
        await office.sees("还没有填：两名计票人")
        await office.click("link", "去填")
        await office.fill("计票人", "计票1、计票2")
        await office.click("button", "保存")
        await office.saved(f"**/ratings/{meeting}")
        await office.page.get_by_role("row", name="余示例03").get_by_role("link", name="登记").click()
        await office.page.get_by_text("书面述职", exact=True).click()
        await office.fill("全文", "一年来联系选民三十户。")
        await office.click("button", "保存")
        await office.saved(f"**/ratings/{meeting}")
        await fits(
            office,
            "/ratings",
            "/ratings/schemes",
            "/ratings/schemes/new?preset=weighted_groups",
            "/ratings/new",
        )
        await fits(office, f"/ratings/{meeting}/edit", f"/ratings/{meeting}/open", f"/ratings/{meeting}")
        await confirm(office, "开始测评")

        await counted_twice(at, office, meeting)
        await office.go(f"/ratings/{meeting}")
        await confirm(office, "结束测评")
        await confirm(office, "公布结果")
        await office.sees("丁示例12")
        await fits(office, f"/ratings/{meeting}", f"/ratings/{meeting}/revoke")
        sheet = await office.page.context.request.get(f"{example.url}/ratings/{meeting}/result_sheet")
        assert "述职测评结果" in await sheet.text()
    result = await example.office.json("GET", f"{BASE}/meetings/{meeting}/results")
    assert (result["issued"], result["valid"]) == (40, 38)
    assert result["deputies"][4]["counts"] == {"satisfied": 33, "basically_satisfied": 5, "dissatisfied": 0}
    reports = await example.office.json("GET", f"{BASE}/duty_reports", meeting_id=meeting)
    assert [(one["form"], one["text"]) for one in reports["items"]] == [("written", "一年来联系选民三十户。")]


async def counted_twice(at: SignIn, office: Clerk, meeting: str) -> None:
    """The first teller within the bounds of the task; the second, without script, miscounts and counts again."""
    async with at("计票1") as first:
        await first.click("link", "录计票表")
        await first.page.wait_for_selector("html[data-ready]")
        first.begin()
        first.decide()
        await key_in(first, SHEET)
        await first.press("Enter")
        await first.saved("**/counting")
        first.did("计票表：5 名代表、4 个选项")
        await fits(first, "/counting", f"/counting/{meeting}/1")
    async with at("计票1") as fresh:
        await fresh.go(f"/counting/{meeting}/1")
        sizes = [await request.sizes() for request in fresh.sent if not request.url.startswith("data:")]
        assert sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes) <= 30 * 1024
    # The second one miscounts, without script: the row that does not add up is named, and nothing is lost.
    async with at("计票2", script=False) as second:
        await second.click("link", "录计票表")
        await without_script(second, (*SHEET[:-1], "32 5"))
        await second.click("button", "保存")
        await second.sees("应等于有效票 38")
        await second.page.get_by_label("丁示例12，满意").fill("32")
        await second.page.get_by_label("丁示例12，基本满意").fill("6")
        await second.click("button", "保存")
        await second.sees("两遍不一致")
        assert "基本满意" not in await second.page.locator("#main").inner_text()
        await second.go(f"/ratings/{meeting}")
        await second.sees("计票2")
        await second.sees("（不显示姓名）")
        await second.go("/counting")
        await office.go(f"/ratings/{meeting}")
        await office.sees("丁示例12，基本满意")
        await expect(office.page.get_by_role("link", name="结束测评")).to_have_count(0)
        await second.click("link", "重新录")
        await without_script(second, SHEET)
        await second.click("button", "保存")
        await second.sees("已录入")


async def without_script(clerk: Clerk, sheet: tuple[str, ...]) -> None:
    names = ("程示例11", "余示例03", "董示例07", "张示例14", "丁示例12")
    options = ("满意", "基本满意", "不满意", "弃权")
    for label, total in zip(("发出", "收回", "废票"), sheet, strict=False):
        await clerk.page.get_by_label(label).fill(total)
    for name, row in zip(names, sheet[3:], strict=True):
        for option, number in zip(options, row.split(), strict=False):
            await clerk.page.get_by_label(f"{name}，{option}", exact=True).fill(number)


async def test_slips_are_led_by_the_presiding_teller(at: SignIn, example: Office) -> None:
    async with at() as office:
        meeting = await planned(office, "1221", "扫码票")
        await example.account("主持", "teller", meeting_id=meeting)
        await office.go(f"/ratings/{meeting}/edit")
        await office.fill("主持计票人", "主持")
        await office.click("button", "保存")
        await office.saved(f"**/ratings/{meeting}")
        await office.page.get_by_label("扫码票张数").fill("12")
        codes = await slips_of(office, meeting)
        refused = await printed(office, f"/ratings/{meeting}/slips", count="6000")
        assert "张数：不能大于 5000" in refused
        assert "结果公布前不显示任何票数" in await printed(office, f"/ratings/{meeting}/result_sheet")
        await office.go(f"/ratings/{meeting}")
        await office.sees("印了扫码票 12 张")
        await expect(office.page.get_by_role("link", name="开始测评")).to_have_count(0)
        await office.sees("由主持计票人主持办")
    async with at("主持", size=PHONE) as presiding:
        await presiding.click("link", "去主持")
        await confirm(presiding, "开始测评")
        await vote(presiding, codes)
        await presiding.click("link", "结束测评")
        await presiding.fill("到会人数", "11")
        await presiding.fill("发出的扫码票", "12")
        await presiding.page.get_by_role("button", name="核对无误").click()
        await presiding.sees("有效票多于到会的 11 人")
        await presiding.fill("到会人数", "12")
        await presiding.page.get_by_role("button", name="核对无误").click()
        await presiding.page.wait_for_url(f"**/ratings/{meeting}")
        await confirm(presiding, "公布结果")
        await presiding.sees("有效 12 张")
        await fits(presiding, f"/ratings/{meeting}", "/counting")
    await example.account("组长", "leader", deputyship_id=await led(example))
    async with at("组长", size=PHONE) as leader:
        await fits(leader, "/ratings", f"/ratings/{meeting}")
        await expect(leader.page.get_by_role("link", name="改", exact=True)).to_have_count(0)


async def led(example: Office) -> str:
    groups = await example.office.json("GET", "/roster/v1/towns/340281199/groups")
    return str(groups["items"][0]["leader_deputyship_id"])


async def vote(clerk: Clerk, codes: list[str]) -> None:
    """Hand every slip in without a choice, as voters do at their telephones."""
    for code in codes:
        voted = await clerk.page.context.request.post(
            f"{clerk.url}/r/{code}", data={"choices": {}}, headers={"Accept": "application/json"}
        )
        assert voted.status == 200, await voted.text()


async def slips_of(office: Clerk, meeting: str) -> list[str]:
    """The codes of the slips as the page that is printed shows them."""
    page = await printed(office, f"/ratings/{meeting}/slips", count="12")
    return [part.split("<")[0].split('"')[0] for part in page.split("/r/")[1:]]


async def printed(office: Clerk, path: str, count: str = "") -> str:
    """What the window shows that a sheet opens in; `count`: of slips."""
    if count:
        form: dict[str, Any] = {
            "_csrf": await office.page.locator("body").get_attribute("data-csrf"),
            "count": count,
            "base_url": office.url,
            "form": "html",
        }
        headers = {"Sec-Fetch-Site": "same-origin"}
        answer = await office.page.context.request.post(office.url + path, form=form, headers=headers)
    else:
        answer = await office.page.context.request.get(office.url + path)
    if answer.ok:
        assert answer.headers["cache-control"] == "private, no-store"
    return await answer.text()
