"""Accounts from the labels alone: made, given a letter, disabled; what was done stands in the audit; secrets once."""

import re

import pytest
from playwright.async_api import expect

from tests.console.conftest import TOWN, Office, SignIn

PAGES = (
    "/accounts",
    "/accounts/new",
    "/clients",
    "/clients/new",
    "/audit",
    "/settings",
    "/settings/second-step",
    "/rules",
    "/troubles",
    "/retention",
)


@pytest.mark.nightly
async def test_every_page_is_accessible_and_fits(at: SignIn) -> None:
    async with at() as clerk:
        for path in PAGES:
            await clerk.go(path)
            assert await clerk.everywhere() == [], path
        assert clerk.complaints == []


@pytest.mark.nightly
async def test_a_deputy_gets_an_account_and_a_letter_that_is_shown_once(at: SignIn, example: Office) -> None:
    async with at() as clerk:
        await clerk.go("/accounts/new")
        await clerk.fill("登录名", "dingdaibiao")
        await clerk.fill("姓名", "丁示例12")
        await clerk.page.get_by_text("代表", exact=True).last.click()
        await clerk.page.get_by_role("button", name=re.compile("^登记 ")).click()
        await clerk.sees("代表和组长须写明代表资格")  # the service says what is missing, beside its field
        await clerk.fill("是哪位代表", "丁示例12")
        await clerk.page.get_by_role("button", name=re.compile("^登记 ")).click()
        await clerk.sees("只在这里出现一次")
        await clerk.sees("/accounts/set-up/")
        await clerk.page.get_by_role("link", name="好了").click()
        address = clerk.page.url.removeprefix(clerk.url)
        await clerk.page.get_by_role("button", name="发登录信").click()
        await clerk.sees("这部手机 90 天不用再登录")
        letter = await clerk.page.locator(".secret").inner_text()
        assert await clerk.everywhere() == []
        await clerk.page.emulate_media(media="print")
        await expect(clerk.page.locator(".qr svg")).to_be_visible()
        await clerk.page.emulate_media(media="screen")
        await clerk.go(address)
        assert letter not in await clerk.page.content()
        await clerk.page.get_by_role("button", name="停用账号").click()
        await clerk.saved("**/accounts")
        await clerk.sees("已停用")
        await clerk.go("/audit?kind=letter_given")
        await clerk.sees("发登录信")
        await clerk.sees("账号 dingdaibiao")
    found = (await example.service.json("GET", "/accounts/v1/accounts", limit=200))["items"]
    (made,) = [account for account in found if account["name"] == "dingdaibiao"]
    assert (made["roles"], made["areas"], made["state"]) == (["deputy"], [TOWN], "disabled")


async def test_rules_and_programs_are_kept_at_the_page(at: SignIn, example: Office) -> None:
    async with at(script=False) as clerk:
        await clerk.go("/rules")
        await clerk.choose("规则", "每个阵地每年接待（场）")
        await clerk.fill("规定", "12")
        await clerk.fill("从哪天起", "20300101")
        await clerk.fill("依据", "示例镇人大〔2019〕1号")
        await clerk.page.get_by_role("button", name=re.compile("^保存 ")).click()
        await clerk.saved("**/rules")
        await clerk.sees("示例镇人大〔2019〕1号")
        await clerk.go("/clients/new")
        await clerk.fill("名称", "县里的大屏")
        await clerk.page.get_by_text("人大办的程序").click()
        await clerk.fill("用到哪一天", "20271231")
        await clerk.page.get_by_role("button", name=re.compile("^登记 ")).click()
        await clerk.sees("client_secret")
        secret = await clerk.page.locator(".secret").last.inner_text()
        await clerk.go("/clients")
        assert secret not in await clerk.page.content()
    packs = await example.office.json("GET", f"/roster/v1/towns/{TOWN}/rule_packs")
    assert [pack["rules"] for pack in packs["items"]] == [{"receptions_per_station": 12}]
    await example.office.json("PUT", f"/roster/v1/towns/{TOWN}/rule_packs", {"items": []})
