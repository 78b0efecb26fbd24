"""Sessions of the congress, meetings of the presidium, and entries of leaders, at the page."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import TOWN, Office, SignIn
from tests.console.test_activities import paste

RECORD = re.compile("/[0-9a-f-]{36}$")


async def latest(example: Office, path: str) -> dict[str, Any]:
    found = await example.office.json("GET", f"/activities/v1/towns/{TOWN}/{path}", order="-held_on", limit=1)
    record: dict[str, Any] = found["items"][0]
    return record


async def test_a_presidium_meeting_is_entered_by_keys_and_its_decision_done(
    at: SignIn, example: Office
) -> None:
    async with at() as clerk:
        page = clerk.page
        await clerk.go("/presidium/new")
        await page.get_by_label("今年第几次").focus()
        clerk.begin()
        await page.keyboard.press("Control+a")
        clerk.decide()
        await clerk.type("9")
        await clerk.press("Enter")
        clerk.decide()
        await clerk.type("0630")
        await clerk.press("Enter", "Enter")
        clerk.decide()
        await clerk.type("3*")
        await clerk.press("Enter")
        await expect(page.locator("[data-n=leave]")).to_have_text("1")
        await page.get_by_label("议题", exact=True).focus()
        clerk.keys += 1
        for n, topic in enumerate(("研究上半年工作", "听取饮水工程汇报", "筹备述职测评"), 1):
            clerk.decide()
            await clerk.compose(topic, 18)
            if n < 3:
                await clerk.press("Enter")
        await page.get_by_label("议定什么").first.focus()
        clerk.keys += 1
        clerk.decide()
        await clerk.compose("督办饮水工程", 16)
        await clerk.press("Enter")
        clerk.decide()
        await clerk.type("0831")
        await clerk.press("Control+s")
        clerk.did("主席团会议：9 人、3 项议题、1 项议定")
        await clerk.saved(RECORD)
        await clerk.sees("应到9，实到8，请假1，缺席0")
        await page.get_by_label("第1项办好日期").fill("0820")
        await page.get_by_label("第1项结果").fill("完工")
        await clerk.click("button", "办好了")
        await clerk.sees("已登记办好")
    meeting = await latest(example, "presidium_meetings")
    assert (meeting["number"], len(meeting["topics"])) == (9, 3)
    assert [(d["text"], d["outcome"]) for d in meeting["decisions"]] == [("督办饮水工程", "完工")]


async def test_a_session_has_its_rows_and_is_refused_with_the_arithmetic(at: SignIn, example: Office) -> None:
    async with at() as clerk:
        page = clerk.page
        await clerk.go("/sessions/new")
        await clerk.fill("第几次会议", "19")
        await clerk.fill("开会日期", "1120")
        await clerk.sees("到会 42 人才能开会（三分之二以上）；表决、选举要 32 票才能通过（过半数）")
        await page.get_by_label("没到的人").fill("1-22-")
        await page.get_by_label("没到的人").press("Enter")
        await expect(page.locator("[data-has]")).to_have_text("41")
        await page.keyboard.press("Control+s")
        await expect(page.get_by_role("alert")).to_contain_text("42")
        await page.get_by_label("没到的人").fill("1-22+")
        await page.get_by_label("没到的人").press("Enter")
        # cells of a spreadsheet are spread over the rows; the last, empty row opens the next one
        await page.locator("[name='resolutions.0.title']").focus()
        await paste(page, "关于工作报告的决议\t60\t2\t1\n关于预算的决议\t31\t0\t0\n")
        await clerk.choose("谁提出", "主席团")
        await page.locator("[name='motions.0.title']").fill("关于修路的议案")
        await page.keyboard.press("Control+s")
        await expect(page.locator("[data-fault='resolutions.1.votes']")).to_contain_text("至少 32 票")
        await page.locator("[name='resolutions.1.votes']").fill("61")
        await page.get_by_text("辞职、罢免、质询和询问").click()
        await page.locator("[name='livelihood_projects.0.title']").fill("饮水工程")
        await page.locator("[name='livelihood_projects.0.votes']").fill("55")
        await page.locator("[name='livelihood_projects.0.chosen']").select_option(label="是")
        await page.keyboard.press("Control+s")
        await clerk.saved(RECORD)
        await page.get_by_text("登记第 1 项的进展、测评").click()
        await page.get_by_label("进展", exact=True).fill("主体完工")
        await clerk.click("button", "登记进展")
        await clerk.sees("主体完工")
        await page.get_by_role("link", name="改", exact=True).last.click()
        await clerk.fill("列席人数", "30")
        await page.keyboard.press("Control+s")
        await page.wait_for_url(RECORD)
    session = await latest(example, "sessions")
    assert [(r["title"], r["votes"]) for r in session["resolutions"]] == [
        ("关于工作报告的决议", 60),
        ("关于预算的决议", 61),
    ]
    assert (session["observers"], len(session["attendance"]["present"])) == (30, 63)
    (project,) = session["livelihood_projects"]
    assert (project["chosen"], project["progress"]) == (True, "主体完工")


@pytest.mark.nightly
async def test_what_a_leader_enters_counts_once_the_office_confirms_it(at: SignIn, example: Office) -> None:
    roster = f"/roster/v1/towns/{TOWN}/deputies"
    rows = (await example.office.json("GET", roster, as_of="2026-06-01"))["items"]
    leader = next(row for row in rows if "group_leader" in row["roles"])
    await example.account("zuzhang", "leader", deputyship_id=leader["deputyship_id"])
    title = "组长登记的活动"
    async with at("zuzhang") as clerk:
        await clerk.go("/activities/new")
        who = clerk.page.locator("[name=who] option:not([value=''])")
        offered = await who.evaluate_all("all => all.map((option) => option.value)")
        assert offered == [f"group:{leader['group_id']}", "groups:"]
        assert await clerk.page.get_by_label("照片留作佐证").count() == 0
        await clerk.go(f"/activities/new?group={leader['group_id']}")
        await clerk.fill("日期", "0605")
        await clerk.fill("名称", title)
        await clerk.page.get_by_label("没到的人").fill("2-")
        await clerk.page.get_by_label("没到的人").press("Enter")
        await clerk.page.keyboard.press("Control+s")
        await clerk.sees("已交人大办确认")
        assert await clerk.violations() == []
    activities = f"/activities/v1/towns/{TOWN}/activities"
    assert (await example.office.json("GET", activities, q=title))["items"] == []
    async with at() as clerk:
        await clerk.go("/activities")
        await clerk.click("link", title)
        assert await clerk.violations() == []
        await clerk.click("button", "确认，计入活动")
        await clerk.sees(f"已确认：{title}")
    (held,) = (await example.office.json("GET", activities, q=title))["items"]
    assert (held["group_id"], len(held["attendance"]["absent"])) == (leader["group_id"], 1)
