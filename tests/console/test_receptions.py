"""Receptions and opinions in the browser: one reception with its opinions, an opinion's way, contacts, codes."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import TOWN, Office, SignIn
from tests.fixtures.clerk import Clerk
from tests.fixtures.weight import weight

BASE = f"/activities/v1/towns/{TOWN}"
SAVE = re.compile("^保存 ")
ROWS = (
    ("道路交通", "村口路灯不亮", "当场答复", "月底前修好"),
    ("农田水利", "支渠淤塞", "转交", "镇水利站"),
    ("", "垃圾清运不及时", "", ""),
)


async def kept(office: Office, place: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The reception at a place, and its opinions in the order of the form."""
    listed = await office.office.json("GET", f"{BASE}/activities", year=2020, limit=200, q=place)
    (activity,) = listed["items"]
    opinions = await office.office.json("GET", f"{BASE}/opinions", activity_id=activity["id"])
    return activity, sorted(opinions["items"], key=lambda one: str(one["text"]))


async def enter_rows(clerk: Clerk) -> None:
    for category, text, how, words in ROWS:
        await clerk.compose(category, 4 if category else 0)
        await clerk.press("Enter")
        await clerk.compose(text, 13)
        await clerk.press("Enter")
        if how:
            await clerk.press(*["ArrowDown"] * (1 if how == "当场答复" else 2))
        await clerk.press("Enter")
        await clerk.compose(words, 8 if words else 0)
        await clerk.press("Enter")


async def test_a_reception_with_three_opinions_by_keys_and_without_script(
    at: SignIn, example: Office
) -> None:
    async with at() as clerk:
        await clerk.go("/receptions")
        clerk.begin()
        await clerk.press("n")
        await expect(clerk.page.get_by_label("日期")).to_be_focused()
        await clerk.type("20200710")
        await clerk.press("Enter", "ArrowDown", "Enter")
        await clerk.type("12")
        await clerk.press("Enter")
        await clerk.compose("徐示例56", 9)
        await clerk.press("Enter")
        await clerk.compose("甲村村部", 7)
        await clerk.press("Enter", "Enter")
        await enter_rows(clerk)
        clerk.decide(8)
        await clerk.press("Control+s")
        await clerk.saved("**/receptions")
        clerk.did("接待：3 条意见")
        await clerk.sees("接待 12 人次，意见 3 条")
    async with at(script=False) as clerk:
        await clerk.go("/receptions/new")
        fields = {"日期": "20200710", "接待人次": "12", "代表": "徐示例999", "地点": "乙村村部"}
        for label, text in fields.items():
            await clerk.fill(label, text)
        await clerk.page.get_by_label("站点").select_option(index=1)
        for number, (category, text, how, words) in enumerate(ROWS):
            row = clerk.page.locator("[data-rows] tbody tr").nth(number)
            await row.get_by_label("类别").fill(category)
            await row.get_by_label("内容", exact=True).fill(text)
            if how:
                await row.get_by_label("处理").select_option(label=how)
            await row.get_by_label("答复的内容").fill(words)
        await clerk.page.get_by_role("button", name=SAVE).click()
        await expect(clerk.page.locator("[data-fault='activity.attendance']")).to_contain_text("徐示例999")
        await clerk.fill("代表", "徐示例56")
        await clerk.page.get_by_role("button", name=SAVE).click()
        await clerk.saved("**/receptions")
    (first, opinions), (second, same) = await kept(example, "甲村村部"), await kept(example, "乙村村部")
    for name in ("kind", "held_on", "station_id", "voters_count", "opinions_count", "attendance", "title"):
        assert first[name] == second[name], name
    states = [(one["state"], one["answered_on"], one["answer"], one["forwarded_to"]) for one in opinions]
    assert states == [
        ("received", None, "", None),
        ("forwarded", None, "", "镇水利站"),
        ("answered", "2020-07-10", "月底前修好", None),
    ]
    ids = {"id", "activity_id"}
    bare = [[{k: v for k, v in one.items() if k not in ids} for one in each] for each in (opinions, same)]
    assert bare[0] == bare[1]


async def test_an_opinion_is_answered_becomes_a_suggestion_and_its_voter_stays_apart(
    at: SignIn, example: Office
) -> None:
    async with at() as clerk:
        await clerk.go("/opinions/new")
        await clerk.fill("收到日期", "20200801")
        await clerk.choose("怎样收到的", "来信")
        await clerk.fill("内容", "桥栏杆断了一截")
        await clerk.press("Control+s")
        await clerk.saved(re.compile("/opinions/0"))
        id = clerk.page.url.rpartition("/")[2]
        path = f"{BASE}/opinions/{id}"
        await clerk.press("1")
        await expect(clerk.page.get_by_label("日期")).to_be_focused()
        await clerk.type("20200805")
        await clerk.fill("答复内容", "已派人去看")
        await clerk.press("Control+s")
        await clerk.saved(f"**/opinions/{id}")
        await clerk.press("3")
        await expect(clerk.page.get_by_label("日期")).to_be_focused()
        await clerk.type("20200806")
        await clerk.fill("新建议的编号", "1")
        await clerk.fill("题目", "关于修复桥栏杆的建议")
        await clerk.press("Control+s")
        await expect(clerk.page.locator("[data-fault='suggestion.number']")).not_to_be_empty()
        await clerk.fill("新建议的编号", "931")
        await clerk.press("Control+s")
        await clerk.saved(f"**/opinions/{id}")
        await clerk.page.get_by_text("选民的联系方式").click()
        await clerk.click("link", "打开联系方式（记入审计）")
        await clerk.fill("电话", "13900000000")
        await clerk.click("button", "保存")
        await clerk.saved(f"**/opinions/{id}")
        await clerk.go(f"/opinions/{id}/contact")
        await clerk.sees("这次查看已经记入审计")
        assert await clerk.page.get_by_label("电话").input_value() == "13900000000"
        await clerk.click("button", "删除联系方式")
        await clerk.saved(f"**/opinions/{id}")
        await clerk.page.get_by_role("link", name="看这件建议").first.click()
        await clerk.sees("由选民意见转来")
        record = await example.office.json("GET", path)
        assert (record["state"], record["answered_on"], record["converted_on"]) == (
            "converted",
            "2020-08-05",
            "2020-08-06",
        )
        assert clerk.complaints == []


async def test_a_voters_words_are_erased_for_good_and_a_station_has_a_poster(
    at: SignIn, example: Office
) -> None:
    body = {"received_on": "2020-09-01", "text": "家里的事"}
    id = (await example.office.json("POST", f"{BASE}/opinions", body))["id"]
    async with at() as clerk:
        await clerk.go(f"/opinions/{id}/erase")
        await clerk.fill("为什么删除", "本人要求删除")
        await clerk.click("button", "永久删除")
        await clerk.saved(f"**/opinions/{id}")
        assert (await example.office.json("GET", f"{BASE}/opinions/{id}"))["text"] == ""
        await clerk.go("/receptions/codes")
        await clerk.page.get_by_role("button", name="发二维码").first.click()
        await clerk.saved("**/receptions/codes")
        answer = await clerk.page.request.get(
            example.url
            + str(await clerk.page.get_by_role("link", name="打印海报").first.get_attribute("href"))
        )
        assert (answer.status, (await answer.body())[:4]) == (200, b"%PDF")
        await clerk.click("button", "停用")
        await clerk.saved("**/receptions/codes")
        assert clerk.complaints == []


@pytest.mark.nightly
async def test_every_page_is_accessible_at_the_desk_and_on_the_phone(at: SignIn, example: Office) -> None:
    opinion = (await example.office.json("GET", f"{BASE}/opinions", limit=1))["items"][0]["id"]
    paths = ["/receptions", "/receptions?show=held", "/receptions?q=没有这样的", "/receptions/new"]
    paths += ["/receptions/codes", "/opinions/new", f"/opinions/{opinion}", f"/opinions/{opinion}/edit"]
    paths += [f"/opinions/{opinion}/{name}" for name in ("contact", "erase")]
    async with at() as clerk:
        for path in paths:
            await clerk.go(path)
            assert await clerk.everywhere() == [], path
            if path == "/receptions/new":
                first, later = weight(await clerk.page.content())
                assert (first <= 40_000, later <= 12_000) == (True, True), (first, later)
        assert clerk.complaints == []
