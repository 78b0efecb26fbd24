"""The roster's pages: a deputy comes, changes and goes, from the labels alone; what is private stays masked."""

import re

import pytest
from playwright.async_api import expect

from tests.console.conftest import TOWN, YEAR, Office, SignIn
from tests.fixtures.clerk import Clerk

BASE = f"/roster/v1/towns/{TOWN}"
LISTS = ("/deputies", "/deputies/register", "/groups", "/constituencies", "/terms", "/changes")
FORMS = (
    "/deputies/new",
    "/groups/new",
    "/constituencies/new",
    "/by-elections/new",
    "/terms/new",
    "/offices/new",
)


@pytest.mark.nightly
async def test_every_page_is_accessible_fits_and_has_its_print(at: SignIn, example: Office) -> None:
    roster = (await example.office.json("GET", f"{BASE}/deputies", as_of=f"{YEAR}-12-01"))["items"]
    group = roster[0]["group_id"]
    one = f"/deputies/{roster[0]['deputyship_id']}"
    acts = ("correct", "end", "merge", "person")
    async with at() as clerk:
        for path in (*LISTS, *FORMS, one, *(f"{one}/{act}" for act in acts), f"/groups/{group}"):
            await clerk.go(path)
            assert await clerk.everywhere() == [], path
        assert clerk.complaints == []
        await clerk.go("/deputies/register")
        assert len(await clerk.page.pdf(format="A4")) > 10_000
        await clerk.page.emulate_media(media="print")
        await expect(clerk.page.locator(".menu")).to_be_hidden()
        await expect(clerk.page.get_by_text("填表人：")).to_be_visible()


async def ends(clerk: Clerk, address: str) -> None:
    """A mandate ends by a resignation that was accepted; what was answered is shown once more first."""
    await clerk.go(f"{address}/end")
    await clerk.choose("原因", "辞职")
    await clerk.fill("终止日期", "20201120")
    await clerk.fill("接受辞职日期", "20201120")
    await clerk.fill("哪次会议接受", "第十七届人大第五次会议")
    await clerk.click("button", "下一步")
    await clerk.sees("请再核对一遍")
    await clerk.click("button", "确认终止")
    await clerk.saved("**" + address)
    await clerk.sees("已终止")


async def test_a_deputy_is_registered_moves_resigns_and_ends_from_the_labels_alone(
    at: SignIn, example: Office
) -> None:
    async with at() as clerk:
        await clerk.go("/deputies/new")
        clerk.begin()
        await clerk.fill("姓名", "牛试用91")
        await clerk.page.get_by_text("女", exact=True).click()
        await clerk.fill("出生年份", "1980")
        await clerk.fill("手机号", "13900001234")
        await clerk.fill("选区", "太白村第一选区")
        await clerk.fill("就任日期", "20200110")
        await clerk.choose("小组", "第一代表小组")
        await clerk.press("Control+s")
        await clerk.saved(re.compile("/deputies/[0-9a-f-]{36}"))
        assert clerk.keys <= 60
        address = clerk.page.url.removeprefix(clerk.url)
        await clerk.sees("第一代表小组")
        await clerk.sees("139****1234")
        events = f"{BASE}/events"
        before = len(await example.office.json("GET", events, limit=1000))
        await clerk.go(address)
        assert (
            len(await example.office.json("GET", events, limit=1000)) == before
        )  # nothing personal was read
        await clerk.click("link", "显示全号")
        await clerk.sees("13900001234")
        await clerk.sees("已记入")
        assert len(await example.office.json("GET", events, limit=1000)) == before + 1
        await clerk.go(f"{address}/correct")
        await clerk.choose("小组", "第二代表小组")
        await clerk.fill("从哪天起", "20200601")
        await clerk.press("Control+s")
        await clerk.saved("**" + address)
        await clerk.sees("编入小组")
        await clerk.go(f"{address}/resign")
        await clerk.fill("提出日期", "20201101")
        await clerk.press("Control+s")
        await clerk.saved("**" + address)
        await clerk.go("/changes")
        await clerk.sees("牛试用91")
        await ends(clerk, address)
    id = address.rsplit("/", 1)[1]
    record = await example.office.json("GET", f"{BASE}/deputyships/{id}")
    assert (record["status"], record["ended_reason"], record["ended_on"]) == (
        "ended",
        "resigned",
        "2020-11-20",
    )
    assert [step["kind"] for step in record["changes"]][-1] == "ended"
    found = (await example.office.json("GET", f"{BASE}/tasks", deputyship_id=id))["items"]
    assert [task["state"] for task in found] == ["settled"]


@pytest.mark.nightly
async def test_without_script_the_same_records_result_and_two_who_save_both_see(
    at: SignIn, example: Office
) -> None:
    made = {}
    for script in (True, False):
        async with at(script=script) as clerk:
            there = await example.office.json("GET", f"{BASE}/constituencies", limit=200)
            name = f"试用选区{len(there['items'])}"
            await clerk.go("/constituencies/new")
            await clerk.fill("名称", name)
            await clerk.fill("应选名额", "2")
            await clerk.fill("包括的村", "东村\n西村")
            await clerk.page.get_by_role("button", name=re.compile("^保存 ")).click()
            await clerk.saved("**/constituencies")
            (record,) = (await example.office.json("GET", f"{BASE}/constituencies", name=name))["items"]
            made[script] = {key: record[key] for key in ("seats", "voters", "villages", "version")}
            await clerk.go(f"/constituencies/{record['id']}")
            await clerk.fill("选民数", "900")
            other = {"If-Match": '"1"'}
            await example.office.patch(f"{BASE}/constituencies/{record['id']}", {"seats": 3}, other)
            await clerk.page.get_by_role("button", name=re.compile("^保存 ")).click()
            await clerk.sees("别人改过这条记录")
            await clerk.sees("现在登记的是：3")
            await clerk.fill("应选名额", "3")
            await clerk.page.get_by_role("button", name=re.compile("^保存 ")).click()
            await clerk.saved("**/constituencies")
            now = await example.office.json("GET", f"{BASE}/constituencies/{record['id']}")
            assert (now["seats"], now["voters"]) == (3, 900)
    assert made[True] == made[False]
    async with at(script=False) as clerk:
        await clerk.go("/deputies/new")
        await clerk.fill("姓名", "马试用92")
        await clerk.fill("就任日期", "昨天")
        await clerk.page.get_by_role("button", name=re.compile("^保存 ")).click()
        await clerk.sees("日期写成 0612")
        assert await clerk.page.get_by_label("姓名").input_value() == "马试用92"
    people = await example.office.json("GET", f"{BASE}/people", q="马试用92", masked="true")
    assert people["items"] == []
