"""Who only reads: the places of a town are shown to them, and no link leads where they may not go."""

import pytest
from playwright.async_api import Browser, expect

from tests.console.conftest import Office
from tests.console.test_roles import walker


@pytest.mark.nightly
async def test_an_auditor_opens_groups_stations_and_by_elections(browser: Browser, example: Office) -> None:
    async with walker(browser, example, "auditor") as person:
        for path, kind in (
            ("/groups", "groups"),
            ("/groups", "stations"),
            ("/constituencies", "by-elections"),
        ):
            await person.go(path)
            await person.page.locator(f"main a[href^='/{kind}/']").first.click()
            await person.page.wait_for_url(f"**/{kind}/*")
            await expect(person.page.locator("dl.facts")).to_be_visible()


async def test_a_deputy_is_led_to_no_page_that_is_not_theirs(browser: Browser, example: Office) -> None:
    async with walker(browser, example, "deputy") as person:
        await person.go("/deputies")
        await person.page.locator("main a[href^='/deputies/']").first.click()
        await expect(person.page.get_by_text("小组", exact=True).first).to_be_visible()
        for path in ("/deputies", person.page.url.removeprefix(example.url)):
            await person.go(path)
            links = person.page.locator("main a[href^='/groups'], main a[href^='/constituencies']")
            assert await links.count() == 0
