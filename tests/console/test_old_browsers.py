"""The console in the oldest browsers that it promises to work in, of which offices still have some."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.console.conftest import PASSWORD, TOWN, YEAR, Office
from tests.fixtures.browser import Page, phone
from tests.probes import eventually

pytestmark = pytest.mark.nightly

BROWSERS: Final = Path(".cache/browsers")
SIZES: Final = ((1366, 768), (390, 844))
PAGES: Final = (
    *("/", "/activities", "/activities/new", "/sessions", "/presidium", "/receptions", "/receptions/new"),
    *("/suggestions", "/suggestions/new", "/plans", "/ratings", "/report", "/files", "/deputies"),
    *("/groups", "/constituencies", "/changes", "/excel", "/accounts", "/audit", "/settings", "/keys"),
)
WIDER: Final = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


async def signed_in(page: Page, url: str) -> None:
    await page.open(f"{url}/sign-in")
    await page.tap("[name=name]")
    await page.type("bangong")
    await page.tap("[name=password]")
    await page.type(PASSWORD)
    await page.tap("main form button")
    await eventually(lambda: page.evaluate("document.getElementById('year') !== null"))
    await page.evaluate(f"const y = document.getElementById('year'); y.value = '{YEAR}'; y.form.submit()")
    await eventually(lambda: page.evaluate(f"document.getElementById('year')?.value === '{YEAR}'"))


@pytest.mark.parametrize("version", ["88", "109"])
async def test_pages_and_the_attendance_sheet(version: str, example: Office, tmp_path: Path) -> None:
    async with phone(tmp_path / "browser", chromium=BROWSERS / version / "chromium") as page:
        assert version in str(await page.evaluate("navigator.userAgent"))
        await page.size(*SIZES[0])
        await signed_in(page, example.url)
        wrong = []
        for size in SIZES:
            await page.size(*size)
            for path in PAGES:
                await page.open(example.url + path)
                if not await page.evaluate("document.documentElement.dataset.ready === '1'"):
                    wrong.append(f"{path}: its scripts did not run")
                if await page.evaluate(WIDER):
                    wrong.append(f"{path}: wider than {size[0]}")
        assert wrong == []
        await page.size(*SIZES[0])
        await page.open(f"{example.url}/activities/new")
        await page.evaluate(
            "(() => { const kind = document.querySelector('[name=kind]'); kind.value = 'training';"
            " kind.dispatchEvent(new Event('change', {bubbles: true})) })()"
        )
        title = f"旧浏览器{version}"
        for selector, text in (
            ("[name=held_on]", "0612"),
            ("[name=title]", title),
            ("[name=place]", "镇政府三楼会议室"),
        ):
            await page.tap(selector)
            await page.type(text)
        await page.tap("[name=marks]")
        for mark in ("6*", "31.", "58-"):
            await page.type(mark)
            await page.press("Enter")
        assert await page.evaluate("document.querySelector('[data-n=present]').textContent") == "60"
        await page.save()
        assert re.search("应到63，实到60，请假2，缺席1", await page.text())
        assert page.complaints == []
    items = await example.office.json("GET", f"/activities/v1/towns/{TOWN}/activities", q=title, limit=5)
    assert len(items["items"]) == 1
