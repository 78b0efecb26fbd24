"""The pictures of the guide are the pages as they are: made here, held against those that the guide shows."""

import re
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from playwright.async_api import Browser, expect

from services.cli.office import import_folder
from tests.console.conftest import YEAR, running_office, sign_in
from tests.fixtures.clerk import Clerk, clerk
from tests.fixtures.page_pictures import differences_of

KEPT: Final = Path("docs/images/console")
WIDTH: Final = 1000
"""Dots: what a reader of the guide needs, in few bytes."""
SHOWN: Final = {
    "activities": "/activities",
    "activity": "/activities/new",
    "deputies": "/deputies?as_of=2020-12-07",
    "excel": "/excel",
    "plans": "/plans",
    "ratings": "/ratings",
    "receptions": "/receptions",
    "report": "/report",
    "sessions": "/sessions",
    "suggestions": "/suggestions?view=table",
}
"""Pages by the name of their picture: none shows today's date, which would age it."""


@pytest.mark.nightly
async def test_no_picture_of_the_guide_is_older_than_its_page(
    browser: Browser, mongo_url: str, tmp_path: Path
) -> None:
    made = {}
    async with running_office(mongo_url, tmp_path / "data") as office:
        await import_folder(
            office.office, Path("examples"), office.tellers, dry_run=False, echo=lambda _: None
        )
        await office.account("bangong", "office")
        async with clerk(browser, office.url) as person:
            await sign_in(person, "bangong")
            async with person.page.expect_navigation():
                await person.page.locator("#year").select_option(str(YEAR))
            for name, path in SHOWN.items():
                await person.go(path)
                if name == "activity":
                    await a_sheet(person)
                await person.page.screenshot(path=tmp_path / "page.png", animations="disabled", caret="hide")
                made[f"{name}.png"] = tmp_path / f"{name}.png"
                with Image.open(tmp_path / "page.png") as page:
                    size = (WIDTH, page.height * WIDTH // page.width)
                    page.resize(size, Image.Resampling.LANCZOS).save(made[f"{name}.png"])
    assert differences_of(made, KEPT, colours=64) == [], "out/pages has what the pages look like now"


async def a_sheet(person: Clerk) -> None:
    """The sheet of a day, with some who did not come; without the time of the draft."""
    await person.choose("种类", "7 学习培训")
    await person.fill("日期", "20200612")
    await person.page.get_by_label("地点").focus()
    await person.sees("2020年6月12日 的名册")
    await person.page.get_by_label("没到的人").fill("6* 17. 40-")
    await person.press("Enter")
    await expect(person.page.locator("[data-n=present]")).to_have_text("60")
    await expect(person.page.locator("[data-state]")).to_contain_text("草稿")
    await person.page.locator("[data-state]").evaluate("e => { e.textContent = ''; }")


def test_every_picture_is_shown_in_the_guide() -> None:
    pages = (*Path("docs/guide").glob("*.md"), Path("README.md"), Path("README.zh-CN.md"))
    texts = "".join(path.read_text("utf-8") for path in pages)
    assert set(re.findall(r"images/console/([a-z]+)\.png", texts)) == set(SHOWN)
