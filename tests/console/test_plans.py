"""Plans in the browser: one entered, postponed, done, cancelled; calendars; the sheet for the wall."""

import re

import pytest
from playwright.async_api import expect

from tests.console.conftest import TOWN, Office, SignIn

BASE = f"/activities/v1/towns/{TOWN}"
SAVE = re.compile("^保存 ")


async def test_a_plan_from_its_entry_to_its_end(at: SignIn, example: Office) -> None:
    await example.account("jihua", "office")
    async with at("jihua") as clerk:
        await clerk.go("/plans")
        async with clerk.page.expect_navigation():
            await clerk.page.locator("#year").select_option("2021")
        await clerk.sees("这里按月份、按小组列出2021年的计划")
        await clerk.press("n")
        await expect(clerk.page.get_by_label("谁的计划")).to_be_focused()
        await clerk.press("Enter")
        for title, day in (("开展春季视察", "0331"), ("走访困难群众", "1220"), ("登记错的一项", "0630")):
            await clerk.type(title)
            await clerk.press("Enter")
            await clerk.type(day)
            await clerk.press("Enter", "Enter", "Enter")
        await clerk.press("Control+s")
        await clerk.saved(re.compile("/plans/0"))
        id = clerk.page.url.rpartition("/")[2]
        rows = clerk.page.locator("table.wide tbody tr")
        entry = await rows.nth(0).get_by_role("link", name="登记").get_attribute("href")
        plan = await example.office.json("GET", f"{BASE}/plans/{id}")
        assert entry == f"/activities/new?plan_item={plan['items'][0]['id']}"
        await rows.nth(0).get_by_role("link", name="推迟").click()
        await clerk.fill("推迟到", "0301")
        await clerk.fill("原因", "雨水多")
        await clerk.press("Control+s")
        await expect(clerk.page.locator("[data-fault=to]")).to_contain_text("须晚于原定日期")
        await clerk.fill("推迟到", "0430")
        theirs = [{name: item[name] for name in ("id", "title", "due_on")} for item in plan["items"]]
        theirs[1]["theme"] = "民生"
        await example.office.json("PATCH", f"{BASE}/plans/{id}", {"items": theirs})
        await clerk.press("Control+s")
        await clerk.sees("别人改过")
        await clerk.press("Control+s")
        await clerk.sees("推迟过 1 项")
        await rows.filter(has_text="走访困难群众").get_by_role("link", name="走访困难群众").click()
        await clerk.fill("做什么", "年末走访困难群众")
        await clerk.press("Control+s")
        await clerk.sees("年末走访困难群众")
        await rows.filter(has_text="登记错的一项").get_by_role("link", name="登记错的一项").click()
        await clerk.page.get_by_text("登记错了的").click()
        await clerk.click("button", "从计划里去掉")
        await clerk.sees("已从计划里去掉")
        await rows.filter(has_text="春季视察").get_by_role("link", name="取消").click()
        await clerk.fill("原因", "上级统一安排")
        await clerk.press("Control+s")
        await clerk.sees("取消，上级统一安排")
        after = await example.office.json("GET", f"{BASE}/plans/{id}")
        assert [(item["title"], item["due_on"], item["state"]) for item in after["items"]] == [
            ("开展春季视察", "2021-04-30", "cancelled"),
            ("年末走访困难群众", "2021-12-20", "planned"),
        ]
        assert after["items"][0]["postponements"][0]["reason"] == "雨水多"
        assert clerk.complaints == []


@pytest.mark.nightly
async def test_numbers_lead_to_their_items_and_a_calendar_has_an_address(at: SignIn, example: Office) -> None:
    async with at(script=False) as clerk:
        await clerk.go("/plans")
        await expect(clerk.page.locator("table.months tbody tr")).to_have_count(6)
        await clerk.page.get_by_text("按数字看").click()
        numbers = clerk.page.locator("details tbody tr").first
        await numbers.get_by_role("cell").nth(1).get_by_role("link").click()
        await expect(clerk.page.get_by_role("heading", name=re.compile("各项"))).to_contain_text("按时完成")
        progress = await example.office.json("GET", f"{BASE}/plans", year=2020, limit=200)
        plan = next(one for one in progress["items"] if one["group_id"] is None)
        total = (await example.office.json("GET", f"{BASE}/plans/{plan['id']}/progress", as_of="2020-12-31"))[
            "total"
        ]
        await expect(clerk.page.locator("table.wide tbody tr")).to_have_count(total["done"])
        open_item = next(item for item in plan["items"] if item["state"] == "planned")
        await clerk.go(f"/plans/{plan['id']}/items/{open_item['id']}/finish")
        await clerk.page.get_by_label("由哪次活动").select_option(index=1)
        await clerk.page.get_by_role("button", name=SAVE).click()
        await clerk.saved(f"**/plans/{plan['id']}")
        done = await example.office.json("GET", f"{BASE}/plans/{plan['id']}")
        assert next(item for item in done["items"] if item["id"] == open_item["id"])["state"] == "done"
        await clerk.go("/plans/calendar")
        await clerk.fill("给谁用", "第一小组组长")
        await clerk.click("button", "给出地址")
        address = await clerk.page.locator("code").inner_text()
        shown = await clerk.page.request.get(address)
        assert (await shown.text()).startswith("BEGIN:VCALENDAR")
        await clerk.go("/plans/calendar")
        assert await clerk.page.locator("code").count() == 0
        async with clerk.page.expect_navigation():  # to the same address
            await clerk.page.get_by_role("button", name="撤销").last.click()  # the newest
        await clerk.saved("**/plans/calendar")
        assert (await clerk.page.request.get(address)).status in {404, 410}
        file = await clerk.page.request.get(f"{clerk.url}/plans/calendar.ics")
        assert (await file.text()).startswith("BEGIN:VCALENDAR")


@pytest.mark.nightly
async def test_every_page_is_accessible_at_the_desk_and_on_the_phone(at: SignIn, example: Office) -> None:
    plan = (await example.office.json("GET", f"{BASE}/plans", year=2020, limit=1))["items"][0]
    item = plan["items"][0]["id"]
    paths = ["/plans", "/plans?standing=late", "/plans/new", "/plans/wall", "/plans/calendar"]
    paths += [f"/plans/{plan['id']}", f"/plans/{plan['id']}/items/new", f"/plans/{plan['id']}/items/{item}"]
    paths += [f"/plans/{plan['id']}/items/{item}/postpone"]
    async with at() as clerk:
        for path in paths:
            await clerk.go(path)
            assert await clerk.everywhere() == [], path
        assert clerk.complaints == []
