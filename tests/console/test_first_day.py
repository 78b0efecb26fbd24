"""The first day of an office: the first account, the name of the town."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, expect

from services.roster.sheets import SHEETS as ROSTER
from shared.workbook import write
from tests.console.conftest import PASSWORD, TOWN, Office, sign_in
from tests.fixtures.clerk import Clerk, clerk


@asynccontextmanager
async def person(browser: Browser, office: Office, name: str = "bangong") -> AsyncIterator[Clerk]:
    async with clerk(browser, office.url, script=False) as somebody:
        await sign_in(somebody, name)
        yield somebody
        assert somebody.complaints == []


async def named(somebody: Clerk, name: str) -> None:
    await somebody.go("/town")
    await somebody.fill("名称", name)
    await somebody.page.get_by_role("button", name="保存").first.click()
    await somebody.saved(f"{somebody.url}/")


async def checked(somebody: Clerk, *files: Path) -> None:
    await somebody.go("/excel")
    await somebody.page.locator("#f-files").set_input_files(files)
    await somebody.click("button", "检查")
    await somebody.page.wait_for_url("**/excel/check/**")


async def town_of(somebody: Clerk, path: str) -> str:
    await somebody.go(path)
    return await somebody.page.locator(".town").inner_text()


async def test_a_digit_too_few_makes_no_account(browser: Browser, empty: Office) -> None:
    async with clerk(browser, empty.url, script=False) as somebody:
        await somebody.page.goto(empty.invitation)
        await somebody.page.locator("form").evaluate("form => form.noValidate = true")
        for label, text in (("登录名", "bangong"), ("姓名", "王办"), ("区划代码", TOWN[:8])):
            await somebody.page.get_by_label(label).fill(text)
        for label in ("口令", "再输一遍"):
            await somebody.page.get_by_label(label, exact=True).fill(PASSWORD)
        await somebody.page.get_by_role("button", name="建立账号").click()
        fault = somebody.page.get_by_role("alert")
        await expect(fault).to_have_text("区划代码为 9 位（镇）或 6 位（县），现在是 8 位")
        assert (await empty.service.json("GET", "/accounts/v1/accounts"))["items"] == []


async def test_the_name_of_the_town_is_the_one_it_has_now(
    browser: Browser, empty: Office, tmp_path: Path
) -> None:
    """In the browser in which it was changed, and in those of colleagues, without another sign-in."""
    for name in ("bangong", "tongshi"):
        await empty.account(name, "office")
    book = tmp_path / "名册.xlsx"
    book.write_bytes(write(ROSTER, {"镇情况": [{"code": TOWN, "name": "石桥镇"}]}))
    async with person(browser, empty) as office, person(browser, empty, "tongshi") as colleague:
        assert await town_of(office, "/town") == TOWN
        await named(office, "石桥")
        assert [await town_of(one, "/plans") for one in (office, colleague)] == ["石桥", "石桥"]
        await checked(office, book)
        await office.click("button", "导入")
        await office.saved("**/excel")
        assert [await town_of(one, "/plans") for one in (office, colleague)] == ["石桥镇", "石桥镇"]
        await colleague.go("/deputies/register")
        await colleague.sees("石桥镇人民代表大会代表名册")
