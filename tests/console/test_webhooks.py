"""Webhooks at the page: added with the secret shown once, tried, changed, sent again, stopped."""

import re
from typing import Any

import pytest

from tests.console.conftest import TOWN, Office, SignIn
from tests.probes import eventually

HOOKS = f"/reports/v1/areas/{TOWN}/webhooks"
URL = "https://receiver.invalid/hook"


@pytest.mark.nightly
async def test_every_page_is_accessible_and_fits(at: SignIn, example: Office) -> None:
    made = await example.office.json("POST", HOOKS, {"url": URL, "description": "试用"})
    async with at() as clerk:
        for path in ("/webhooks", "/webhooks/new", f"/webhooks/{made['id']}"):
            await clerk.go(path)
            assert await clerk.everywhere() == [], path
        assert clerk.complaints == []


async def test_a_webhook_is_added_tried_and_stopped(at: SignIn, example: Office) -> None:
    async with at(script=False) as clerk:
        await clerk.go("/webhooks/new")
        await clerk.fill("接收的网址", "http://192.168.1.1/")
        await clerk.page.get_by_role("button", name=re.compile("^登记 ")).click()
        await clerk.sees("须以 https:// 开头")
        await clerk.fill("接收的网址", URL)
        await clerk.fill("说明", "县里的大屏")
        await clerk.fill("只要这些事件", "reports.report.*\nratings.*")
        await clerk.page.get_by_role("button", name=re.compile("^登记 ")).click()
        await clerk.sees("只在这里出现一次")
        secret = await clerk.page.locator(".secret").first.inner_text()
        assert secret.startswith("whsec_")
        await clerk.page.get_by_role("link", name="好了").click()
        assert secret not in await clerk.page.content()
        address = clerk.page.url
        id = address.rpartition("/")[2]
        await clerk.page.get_by_role("button", name="试送一件").click()
        await clerk.sees("已试送一件")

        async def tried() -> list[Any]:
            log = await example.office.json("GET", f"{HOOKS}/{id}/deliveries")
            return [attempt for delivery in log["items"] for attempt in delivery["attempts"]]

        await eventually(tried)
        await clerk.page.goto(address)
        await clerk.sees("reports.webhook.tested.v1")
        await clerk.page.get_by_role("button", name="重送", exact=True).first.click()
        await clerk.sees("正在重送")
        await clerk.fill("只要这些事件", "")
        await clerk.page.get_by_role("button", name=re.compile("^保存 ")).click()
        await clerk.sees("已改")
        await clerk.page.get_by_role("button", name="停用", exact=True).click()
        await clerk.sees("已停用，没有送到的留着")
    found = await example.office.json("GET", f"{HOOKS}/{id}")
    assert (found["description"], found["types"], found["state"]) == ("县里的大屏", [], "disabled")
