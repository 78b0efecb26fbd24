"""The frame of all pages: signing in and out, drafts, saving once, the policy, the menu by role."""

import re

from playwright.async_api import expect

from tests.console.conftest import Office, SignIn
from tests.fixtures.clerk import PHONE


async def test_pages_of_the_frame_are_accessible_and_ask_nobody_else(at: SignIn, example: Office) -> None:
    for size in ({"width": 1366, "height": 768}, PHONE):
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
