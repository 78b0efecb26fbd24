"""The county: hand-in of its towns, one report opened and accepted or returned, sums, rule packs, logs."""

import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from services.accounts.domain import second_step
from services.cli.client import Refused
from tests.console.conftest import COUNTY, PASSWORD, TOWN, YEAR, Office
from tests.fixtures.clerk import PHONE, Clerk, clerk
from tests.probes import eventually

API = f"/reports/v1/towns/{TOWN}/years/{YEAR}"
PAGES = (
    *("/county", f"/county/{YEAR}/{TOWN}/accept", "/county/totals?figure=congress.sessions"),
    *(f"/county/{YEAR}/window", f"/county/{YEAR}/{TOWN}/extend", f"/county/{YEAR}/{TOWN}/receipt"),
    *(
        "/county/rules/2021-reply/withdraw",
        "/county/rules",
        "/county/rules/new",
        "/county/events",
        f"/county/events/{TOWN}",
    ),
)


@asynccontextmanager
async def county(browser: Browser, office: Office) -> AsyncIterator[Clerk]:
    """A county officer, signed in with the second step, in the example's year."""
    body = {"name": "xianji", "display_name": "县人大", "roles": ["county"], "areas": [COUNTY]}
    made = await office.service.json("POST", "/accounts/v1/accounts", body)
    code = made["set_up"]["code"]
    opened = await office.service.json("POST", "/accounts/v1/set_ups:open", {"code": code})
    secret = opened["second_step"]["secret"]
    chosen = {"code": code, "password": PASSWORD, "digits": digits(secret, 0)}
    await office.service.json("POST", "/accounts/v1/set_ups", chosen)
    async with clerk(browser, office.url) as person:
        await person.go("/sign-in")
        await person.fill("登录名", "xianji")
        await person.fill("口令", PASSWORD)
        await person.fill("动态口令", digits(secret, 1))
        await person.click("button", "登录")
        await person.page.wait_for_url("**/county")
        async with person.page.expect_navigation():
            await person.page.locator("#year").select_option(str(YEAR))
        yield person


def digits(secret: str, later: int) -> str:
    """What an authenticator shows, `later` times thirty seconds from now: the same digits are not taken twice."""
    return second_step.digits(secret, int(time.time()) // 30 + later)


async def handed_in(office: Office) -> None:
    """A report that waits for the county, however far the other tests took it."""
    try:
        status = (await report(office))["status"]
    except Refused:
        status = ""
    if status in ("", "returned", "accepted"):
        closing = await office.office.json("POST", f"{API}/closings", {"as_of": f"{YEAR}-12-07"})
        await eventually(lambda: compiled(office, closing["id"]))
        status = "draft"
    for step in {"draft": ("approve", "submit"), "approved": ("submit",)}.get(status, ()):
        await office.office.json("POST", f"{API}/report:{step}", {})


async def compiled(office: Office, closing: str) -> bool:
    state: str = (await office.office.json("GET", f"{API}/closings/{closing}"))["state"]
    return state == "compiled"


async def report(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = await office.office.json("GET", f"{API}/report")
    return found


@pytest.mark.nightly
async def test_a_county_opens_checks_and_accepts_a_town(browser: Browser, example: Office) -> None:
    await handed_in(example)
    async with county(browser, example) as officer:
        await officer.go("/county")
        officer.begin()
        officer.decide(3)
        await officer.press("j", "Enter")
        await officer.page.wait_for_url(f"**/county/{YEAR}/{TOWN}")
        await officer.click("link", "接收")
        await officer.sees("接收前核对")
        await officer.click("button", "接收")
        await officer.saved(f"**/county/{YEAR}")
        officer.did("县：打开、核对、接收一个镇")
        assert (await report(example))["status"] == "accepted"
        await officer.sees("全县总结")
        for name in ("report", "check"):
            file = await officer.page.request.get(f"{officer.url}/county/{YEAR}/{name}.docx")
            assert (file.status, (await file.body())[:2]) == (200, b"PK")
        await officer.go(f"/county/{YEAR}/{TOWN}/return")
        await officer.fill("退回的原因", "请核对主席团会议的次数")
        await officer.click("button", "核对")
        await officer.sees("请核对主席团会议的次数")
        await officer.click("button", "退回")
        await officer.saved(f"**/county/{YEAR}")
        assert (await report(example))["reasons"] == ["请核对主席团会议的次数"]
        await a_year_that_is_none_is_not_turned_to(officer)
        await rules_are_pushed(officer, example)
        await a_day_is_set(officer, example)
        await pages_are_fit(officer)
        await the_pack_is_taken_back(officer, example)
        assert officer.complaints == []


async def pages_are_fit(officer: Clerk) -> None:
    """At both sizes; the pages of a town are those of the workbench, which has its own test."""
    for path in PAGES:
        await officer.page.set_viewport_size({"width": 1366, "height": 768})
        await officer.go(path)
        assert await officer.violations() == [], path
        await officer.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        assert not await officer.overflows(), path
    await officer.sees("吻合")


async def a_year_that_is_none_is_not_turned_to(officer: Clerk) -> None:
    await officer.go("/county/1800/window")
    await officer.sees("没有这一年")
    await officer.go("/county")
    await expect(officer.page.locator("#year")).to_have_value(str(YEAR))


async def rules_are_pushed(officer: Clerk, office: Office) -> None:
    await officer.go("/county/rules/new")
    await officer.fill("编号", "2021-reply")
    await officer.fill("自哪天起", "20210101")
    await officer.fill("建议答复期限", "2")
    await officer.fill("其他规则", "nonsense = 5")
    await officer.click("button", "看看会改到哪些镇")
    await officer.sees("nonsense：不认识的字段")
    await officer.fill("其他规则", "")
    await officer.click("button", "看看会改到哪些镇")
    await expect(officer.page.get_by_role("row", name=TOWN)).to_contain_text("会改")
    await officer.click("button", "下发")
    await expect(officer.page.get_by_role("row", name=TOWN)).to_contain_text("已下发")
    packs = (await office.office.json("GET", f"/roster/v1/towns/{TOWN}/rule_packs"))["items"]
    assert [(pack["id"], pack["rules"]) for pack in packs if pack["pushed_by"]] == [
        ("2021-reply", {"reply_months": 2})
    ]


async def the_pack_is_taken_back(officer: Clerk, office: Office) -> None:
    await officer.go("/county/rules/2021-reply/withdraw")
    await officer.fill("收回的原因", "发错了")
    await officer.click("button", "看看会改到哪些镇")
    await expect(officer.page.get_by_role("row", name=TOWN)).to_contain_text("建议答复期限：2改为通行的")
    await officer.click("button", "收回")
    await expect(officer.page.get_by_role("row", name=TOWN)).to_contain_text("已收回")
    packs = (await office.office.json("GET", f"/roster/v1/towns/{TOWN}/rule_packs"))["items"]
    assert not any(pack["pushed_by"] for pack in packs)


async def a_day_is_set(officer: Clerk, office: Office) -> None:
    """Until when reports are taken, more time for a town, and what both see of it."""
    await officer.go(f"/county/{YEAR}/window")
    await officer.fill("上报截止日期", "20201231")
    await officer.page.get_by_label("截止以后").select_option("yes")
    await officer.fill("依据", "县人大办通知")
    await officer.click("button", "定下")
    await officer.saved(f"**/county/{YEAR}")
    await officer.sees("上报截止")
    await officer.page.locator("#year").select_option("2021")
    await officer.go(f"/county/{YEAR}/{TOWN}/extend")
    await expect(officer.page.locator("#year")).to_have_value(str(YEAR))
    await officer.fill("延到哪天", f"{datetime.now(UTC).year + 1}1231")
    await officer.fill("为什么延", "汛情")
    await officer.click("button", "延期")
    await officer.saved(f"**/county/{YEAR}")
    await officer.sees("延到")
    receipt = await office.office.json("GET", f"{API}/report/receipt")
    await officer.go(f"/county/{YEAR}/{TOWN}/receipt")
    await officer.sees("统计期")
    await officer.sees(receipt["digest"])
    async with officer.page.expect_download() as started:
        await officer.click("link", f"下载第{receipt['edition']}稿（report.json）")
    handed = Path(await (await started.value).path()).read_bytes()
    assert hashlib.sha256(handed).hexdigest() == receipt["digest"]
