"""Suggestions of deputies in the browser: the board, one from its entry to its end, without script, by every role."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import TOWN, Office, SignIn
from tests.fixtures.clerk import PHONE, Clerk
from tests.fixtures.weight import weight

SAVE = re.compile("^保存 ")
LIST = f"/activities/v1/towns/{TOWN}/suggestions"
KEPT = ("raised_on", "raised_at", "title", "text", "category", "lead_deputyship_id", "state", "key", "due_on")


async def numbered(office: Office, number: int) -> dict[str, Any]:
    items = (await office.office.json("GET", LIST, year=2020, limit=200))["items"]
    return dict(next(item for item in items if item["number"] == number))


async def enter(clerk: Clerk, title: str) -> None:
    """A suggestion as its paper says it, keys counted; the number is there already."""
    await clerk.type("20201105")
    await clerk.press("Enter")
    await clerk.compose("徐示例56", 9)
    await clerk.press("Enter")
    await clerk.compose("道路交通", 8)
    await clerk.press("Enter")
    await clerk.compose(title, 32)
    await clerk.press("Enter")
    await clerk.compose("村口到渡口的路夜里没有灯，请增设路灯。", 48)
    clerk.decide(3)
    await clerk.press("Control+s")
    await clerk.saved(re.compile("/suggestions/0"))


async def test_a_suggestion_from_its_entry_to_its_end_by_keys(at: SignIn, example: Office) -> None:
    async with at() as clerk:
        await clerk.go("/suggestions")
        await expect(clerk.page.locator(".lane").nth(1).locator(".tile").first).to_contain_text("逾期")
        clerk.begin()
        await clerk.press("n")
        await expect(clerk.page.get_by_label("提出日期")).to_be_focused()
        number = int(await clerk.page.get_by_label("编号").input_value())
        await enter(clerk, "关于在村口增设路灯的建议")
        clerk.did("建议：登记")
        clerk.begin()
        await clerk.press("1")
        await expect(clerk.page.get_by_label("主办单位")).to_be_focused()
        await clerk.compose("镇水利站", 6)
        await clerk.press("Enter")
        await clerk.type("20201110")
        clerk.decide(2)
        await clerk.press("Control+s")
        await clerk.saved(re.compile("/suggestions/[^/]*$"))
        await clerk.sees("2021年2月10日 以前答复")
        clerk.did("建议：交办")
        await clerk.sees("加3个月")
        clerk.begin()
        await clerk.press("1")
        await expect(clerk.page.get_by_label("答复日期")).to_be_focused()
        await clerk.type("20201201")
        await clerk.press("Enter", "2", "Enter", "1")
        clerk.decide(2)
        await clerk.press("Control+s")
        await clerk.saved(re.compile("/suggestions/[^/]*$"))
        clerk.did("建议：答复")
        clerk.begin()
        await clerk.press("1")
        await expect(clerk.page.get_by_role("radio", name="满意").first).to_be_focused()
        await clerk.press("3", "Enter", "1")
        clerk.decide(2)
        await clerk.press("Control+s")
        await clerk.saved(re.compile("/suggestions/[^/]*$"))
        clerk.did("建议：评价")
        acts = clerk.page.get_by_role("navigation", name="下一步").get_by_role("link")
        assert await acts.all_text_contents() == ["1 退回重办"]
        await clerk.click("link", "撤销上一步")
        await clerk.sees("代表评价")
        await clerk.click("button", "撤销这一步")
        await clerk.saved(re.compile("/suggestions/[^/]*$"))
    record = await numbered(example, number)
    assert (record["state"], record["class"], record["interviewed"], record["unit"]) == (
        "replied",
        "b",
        True,
        "镇水利站",
    )


async def test_what_somebody_else_did_meanwhile_is_told_and_nothing_typed_is_lost(
    at: SignIn, example: Office
) -> None:
    body = {"number": 905, "raised_on": "2020-05-06", "title": "关于疏浚沟渠的建议", "text": "沟渠淤塞。"}
    made = await example.office.json("POST", LIST, body)
    path = f"{LIST}/{made['id']}"
    async with at() as clerk:
        await clerk.go(f"/suggestions/{made['id']}/edit")
        patch = {"category": "农田水利"}
        await example.office.json("PATCH", path, patch)
        await clerk.fill("内容", "")
        await clerk.fill("类别", "水利")
        await clerk.page.get_by_text("附议代表、重点督办、不予公开").click()
        await clerk.page.get_by_label("重点督办").check()
        await clerk.fill("不予公开的理由", "涉及个人信息")
        await clerk.press("Control+s")
        await clerk.sees("别人改过")
        await expect(clerk.page.locator("[data-theirs=category]")).to_contain_text("农田水利")
        await expect(clerk.page.locator("#faults")).to_be_focused()
        await clerk.press("Control+s")
        await clerk.saved(f"**/suggestions/{made['id']}")
        after = await example.office.json("GET", path)
        assert (after["text"], after["category"], after["key"]) == ("", "水利", True)
        assert after["withheld_for"] == "涉及个人信息"
        await clerk.go(f"/suggestions/{made['id']}/assign")
        await clerk.fill("主办单位", "镇水利站、镇财政所")
        await clerk.fill("交办日期", "20200401")
        await clerk.press("Control+s")
        await expect(clerk.page.locator("[data-fault=unit]")).to_contain_text("只写一个单位")
        await clerk.fill("主办单位", "镇水利站")
        await clerk.press("Control+s")
        await expect(clerk.page.locator("[data-fault=on]")).to_contain_text("2020-05-06")
        await example.office.json("POST", f"{path}:forward", {"to": "县水利局", "on": "2020-05-08"})
        await clerk.fill("交办日期", "20200510")
        await clerk.press("Control+s")
        await clerk.sees("别人改过")
        await clerk.press("Control+s")
        await clerk.sees("建议目前“已转县”，不能交办")
        assert clerk.complaints == []


@pytest.mark.nightly
async def test_without_script_the_same_record_results(at: SignIn, example: Office) -> None:
    records = []
    for script in (True, False):
        async with at(script=script) as clerk:
            await clerk.go("/suggestions/new")
            number = int(await clerk.page.get_by_label("编号").input_value())
            fields = {
                "提出日期": "20201106",
                "领衔代表": "谢示例05",
                "题目": "关于设公交站的建议",
                "类别": "道路",
            }
            for label, text in fields.items():
                await clerk.fill(label, text)
            await clerk.page.get_by_text("大会期间").click()
            await clerk.page.get_by_role("button", name=SAVE).click()
            await clerk.saved(re.compile("/suggestions/0"))
            await clerk.click("link", "交办")
            await clerk.fill("主办单位", "镇交通运输站")
            await clerk.fill("交办日期", "20201110")
            await clerk.page.get_by_role("button", name=SAVE).click()
            await clerk.saved(re.compile("/suggestions/[^/]*$"))
            record = await numbered(example, number)
            records.append({name: record[name] for name in KEPT})
    assert records[0] == records[1]
    assert records[0]["state"] == "assigned"


@pytest.mark.nightly
async def test_a_deputy_reads_the_own_suggestions_and_enters_nothing(at: SignIn, example: Office) -> None:
    own = await numbered(example, 23)
    await example.account("tichuren", "deputy", deputyship_id=own["lead_deputyship_id"])
    async with at("tichuren", size=PHONE) as clerk:
        await clerk.go("/suggestions")
        await clerk.sees("只列本人领衔、附议的")
        await expect(clerk.page.get_by_role("link", name=re.compile("^23号"))).to_be_visible()
        await expect(clerk.page.get_by_role("link", name="登记建议")).to_have_count(0)
        assert (await clerk.violations(), await clerk.overflows()) == ([], False)
        await clerk.page.get_by_role("link", name=re.compile("^23号")).click()
        await clerk.sees("期限怎样算的")
        await expect(clerk.page.get_by_role("navigation", name="下一步")).to_have_count(0)
        assert (await clerk.violations(), await clerk.overflows()) == ([], False)
        await clerk.go("/suggestions?all=1")
        await expect(clerk.page.get_by_role("link", name=re.compile("^29号"))).to_be_visible()


@pytest.mark.nightly
async def test_every_page_is_accessible_at_the_desk_and_on_the_phone(
    at: SignIn, example: Office, tmp_path: Path
) -> None:
    closed, open_ = await numbered(example, 1), await numbered(example, 23)
    paths = ["/suggestions", "/suggestions?view=table", "/suggestions?q=没有这样的", "/suggestions/new"]
    paths += [f"/suggestions/{closed['id']}", f"/suggestions/{closed['id']}/edit"]
    paths += [f"/suggestions/{open_['id']}/{step}" for step in ("reply", "extend", "forward", "undo")]
    async with at() as clerk:
        for path in paths:
            await clerk.go(path)
            assert await clerk.everywhere() == [], path
            if path == "/suggestions/new":
                first, later = weight(await clerk.page.content())
                assert (first <= 35_000, later <= 12_000) == (True, True), (first, later)
        assert clerk.complaints == []


async def test_an_address_in_a_title_does_not_widen_the_board(at: SignIn) -> None:
    """Nobody types a blank into an address, or into a string of letters."""
    long = "document.querySelector('.tile h3 a').textContent = 'https://example.cn/' + 'a'.repeat(200)"
    async with at() as clerk:
        await clerk.go("/suggestions")
        await clerk.page.evaluate(long)
        assert not await clerk.overflows()
