"""The frame of all pages: signing in and out, drafts, saving once, the policy, the menu by role."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.console.conftest import PASSWORD, TOWN, Office, SignIn
from tests.fixtures.clerk import DESK, PHONE, Clerk, clerk


@pytest.mark.nightly
async def test_pages_of_the_frame_are_accessible_and_ask_nobody_else(at: SignIn, example: Office) -> None:
    for size in (DESK, PHONE):
        async with at(size=size) as clerk:
            for path in (
                "/",
                "/groups",
                "/groups/new",
                "/stations/new",
                "/settings",
                "/keys",
                "/find?q=代表",
            ):
                await clerk.go(path)
                assert await clerk.violations() == [], path
                assert not await clerk.overflows(), path
            await clerk.go("/keys")
            await expect(clerk.page.locator("main kbd").first).to_be_visible()
            assert {
                request.url.split("/")[2] for request in clerk.sent if not request.url.startswith("data:")
            } == {example.url.split("/")[2]}
            assert clerk.complaints == []


async def test_a_draft_survives_the_tab_and_is_saved_once(at: SignIn, example: Office) -> None:
    async with at() as clerk:
        await clerk.go("/stations/new")
        await clerk.fill("名称", "草稿活动室")
        await expect(clerk.page.locator("[data-state]")).to_contain_text("草稿已存在本机")
        await clerk.page.close()
        clerk.page = await clerk.page.context.new_page()
        await clerk.go("/stations/new")
        await expect(clerk.page.locator("[data-restored]")).to_be_visible()
        assert await clerk.page.get_by_label("名称").input_value() == "草稿活动室"
        button = clerk.page.get_by_role("button", name=re.compile("^保存 "))
        await button.dblclick()
        await clerk.saved("**/groups")
    items = (await example.office.json("GET", "/roster/v1/towns/340281199/stations", limit=200))["items"]
    assert [item["name"] for item in items].count("草稿活动室") == 1


STATION = {
    "kind": "activity_room",
    "address": "镇政府院内",
    "rules": ["学习制度", "值班制度"],
    "reception_day": 15,
}
DROPPED = {"id", "version", "name", "created_at", "updated_at"}


async def stations(office: Office) -> list[dict[str, Any]]:
    found = await office.office.json("GET", f"/roster/v1/towns/{TOWN}/stations", limit=200)
    return list(found["items"])


async def fill_in(clerk: Clerk, name: str) -> None:
    await clerk.go("/stations/new")
    await clerk.fill("名称", name)
    await clerk.choose("类别", "代表活动室")
    await clerk.fill("接待日", "15")
    await clerk.fill("地址", "镇政府院内")
    await clerk.fill("上墙制度", "学习制度\n值班制度")


async def test_the_same_record_results_without_script(at: SignIn, example: Office) -> None:
    for script, name in ((True, "有脚本"), (False, "无脚本")):
        async with at(script=script) as clerk:
            await fill_in(clerk, name)
            await clerk.page.get_by_role("button", name=re.compile("^保存 ")).click()
            await clerk.sees(f"已登记阵地：{name}")
    made = {
        item["name"]: {k: v for k, v in item.items() if k not in DROPPED} for item in await stations(example)
    }
    assert made["有脚本"] == made["无脚本"]
    assert {k: made["有脚本"][k] for k in STATION} == STATION


async def test_a_fault_without_script_keeps_what_was_typed(at: SignIn) -> None:
    async with at(script=False) as clerk:
        await clerk.go("/stations/new")
        await clerk.fill("地址", "没有名称")
        await clerk.page.get_by_role("button", name=re.compile("^保存 ")).click()
        await expect(clerk.page.get_by_role("alert")).to_contain_text("请填写名称")
        assert await clerk.page.get_by_label("地址").input_value() == "没有名称"


async def test_what_is_typed_without_connection_is_saved_once_it_is_back(at: SignIn, example: Office) -> None:
    async with at() as clerk:
        await fill_in(clerk, "断线登记")
        await clerk.page.context.set_offline(True)
        await clerk.press("Control+s")
        await expect(clerk.page.locator("[data-state]")).to_contain_text(
            "您填的都在这台电脑上，连上后自动保存"
        )
        await expect(clerk.page.locator("[data-saved]")).to_contain_text("没有连上")
        await clerk.fill("地址", "断线时改的")
        await clerk.page.context.set_offline(False)
        await clerk.saved("**/groups")
        await clerk.go("/stations/new")
        await expect(clerk.page.locator("[data-restored]")).to_be_hidden()
    assert [item["address"] for item in await stations(example) if item["name"] == "断线登记"] == [
        "断线时改的"
    ]


async def test_a_form_that_was_open_when_the_session_ended_is_saved_after_the_next(
    at: SignIn, example: Office
) -> None:
    async with at() as clerk:
        await fill_in(clerk, "登录到期")
        context = clerk.page.context
        await context.clear_cookies()
        await clerk.press("Control+s")
        await expect(clerk.page.locator("[data-state]")).to_contain_text("登录已到期")
        async with context.expect_page() as opened:
            await clerk.page.get_by_role("link", name="在新窗口登录").click()
        window = await opened.value
        await window.get_by_label("登录名").fill("bangong")
        await window.get_by_label("口令", exact=True).fill(PASSWORD)
        await window.get_by_role("button", name="登录").click()
        await expect(window.get_by_role("heading", name="已登录")).to_be_visible()
        await clerk.press("Control+s")
        await clerk.saved("**/groups")
    assert [item["name"] for item in await stations(example)].count("登录到期") == 1


async def test_both_versions_are_shown_where_somebody_else_was_first(at: SignIn, example: Office) -> None:
    made = await example.office.json("POST", f"/roster/v1/towns/{TOWN}/stations", {"name": "两人同改"})
    path = f"/stations/{made['id']}"
    async with at() as one, at() as other:
        for clerk, address in ((one, "先改的"), (other, "后改的")):
            await clerk.go(path)
            await clerk.fill("地址", address)
        await one.press("Control+s")
        await one.saved("**/groups")
        await other.press("Control+s")
        await expect(other.page.locator("[data-theirs=address]")).to_contain_text("现在登记的是：先改的")
        assert await other.page.get_by_label("地址").input_value() == "后改的"
        await other.press("Control+s")
        await other.saved("**/groups")
    assert [item["address"] for item in await stations(example) if item["id"] == made["id"]] == ["后改的"]


async def test_enter_goes_on_and_never_saves_not_even_while_composing(at: SignIn) -> None:
    async with at() as clerk:
        await clerk.go("/stations/new")
        name = clerk.page.get_by_label("名称")
        await name.focus()
        keyboard = await clerk.page.context.new_cdp_session(clerk.page)
        await keyboard.send(
            "Input.imeSetComposition", {"text": "huodong", "selectionStart": 7, "selectionEnd": 7}
        )
        enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
        await keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
        await keyboard.send("Input.insertText", {"text": "活动室"})
        await keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
        await expect(name).to_be_focused()
        assert await name.input_value() == "活动室"
        await clerk.press("Enter")
        await expect(clerk.page.get_by_label("类别")).to_be_focused()
        await clerk.press("Shift+Enter")
        await expect(name).to_be_focused()
        assert clerk.page.url.endswith("/stations/new")
        assert [
            request.url for request in clerk.sent if request.method == "POST" and "/drafts" not in request.url
        ] == []


async def test_nothing_of_a_token_reaches_the_browser(at: SignIn, example: Office) -> None:
    async with at() as clerk:
        for path in ("/", "/groups/new", "/settings"):
            await clerk.go(path)
            assert "eyJ" not in await clerk.page.content()
        (cookie,) = await clerk.page.context.cookies()
        assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("lz", True, "Strict")
        assert await clerk.page.evaluate("document.cookie") == ""
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://elsewhere.example"}, {}):
            answer = await clerk.page.context.request.post(
                f"{example.url}/groups/new", form={"number": "77"}, headers=headers
            )
            assert answer.status == 403, headers
        groups = await example.office.json("GET", f"/roster/v1/towns/{TOWN}/groups", limit=200)
        assert 77 not in [group["number"] for group in groups["items"]]


async def test_without_script_too_what_was_typed_outlives_the_session(at: SignIn, example: Office) -> None:
    async with at(script=False) as clerk:
        await fill_in(clerk, "无脚本到期")
        context = clerk.page.context
        await context.clear_cookies()
        await clerk.page.get_by_role("button", name=re.compile("^保存 ")).click()
        await clerk.sees("您填的都在这一页里")
        async with context.expect_page() as opened:
            await clerk.page.get_by_role("link", name="在新窗口登录").click()
        window = await opened.value
        await window.get_by_label("登录名").fill("bangong")
        await window.get_by_label("口令", exact=True).fill(PASSWORD)
        await window.get_by_role("button", name="登录").click()
        await window.get_by_role("heading", name="已登录").wait_for()
        await clerk.page.get_by_role("button", name="登录以后，按这里保存").click()
        await clerk.sees("已登记阵地：无脚本到期")
    assert [item["name"] for item in await stations(example)].count("无脚本到期") == 1


async def test_alt_and_arrows_go_through_the_records_of_the_list(at: SignIn) -> None:
    async with at() as clerk:
        await clerk.go("/activities")
        rows = await clerk.page.locator("[data-list] tbody tr").all()
        order = [await row.locator("a").first.get_attribute("href") for row in rows]
        await clerk.page.goto(f"{clerk.url}{order[1]}")
        for key, place in (("ArrowDown", 2), ("ArrowUp", 1), ("ArrowUp", 0), ("ArrowDown", 1)):
            await clerk.press(f"Alt+{key}")
            await clerk.page.wait_for_url(f"**{order[place]}")


@pytest.mark.parametrize("service", ["roster", "activities", "ratings", "reports", "accounts"])
async def test_the_description_of_an_interface_fits_a_telephone(
    browser: Browser, example: Office, service: str
) -> None:
    async with clerk(browser, example.url, size=PHONE) as reader:
        await reader.go(f"/{service}/docs")
        assert not await reader.overflows()
        await reader.page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        assert not await reader.overflows()
