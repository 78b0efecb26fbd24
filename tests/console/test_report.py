"""The workbench of a year's report: figures and their records, closing, wording, approval; with and without script."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import TOWN, YEAR, Office, SignIn
from tests.fixtures.clerk import DESK, PHONE, Clerk

API = f"/reports/v1/towns/{TOWN}/years/{YEAR}"
PAGES = ("/report", "/report/2020/check", "/report/2020/figures", "/report/2020/figures/presidium.meetings")
HOME = re.compile(r"/report/2020(#.*)?$")
OFFICE = ("/report/2020/compare", "/report/2020/differences", "/report/2020/close", "/report/2020/settings")


async def report(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = await office.office.json("GET", f"{API}/report")
    return found


async def paragraph_of(office: Office, id: str) -> dict[str, Any]:
    sections = (await report(office))["sections"]
    (kept,) = [part for section in sections for part in section["paragraphs"] if part["id"] == id]
    return dict(kept)


async def looked_at(clerk: Clerk, *paths: str) -> None:
    """At both sizes."""
    for path in paths:
        await clerk.go(path)
        assert await clerk.violations() == [], path
        await clerk.page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        assert not await clerk.overflows(), path
        await clerk.page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})


async def opens_a_figure(clerk: Clerk) -> None:
    """From a figure to a record of it and back: where one was, with the figure open."""
    await clerk.go("/report")
    figure = clerk.page.locator('[data-figure="presidium.attendance_rate"]').first
    await figure.focus()
    clerk.begin()
    clerk.decide(2)
    await clerk.press("Enter")
    panel = clerk.page.locator("#figure")
    await expect(panel).to_contain_text("主席团会议出席率 91.7%")
    await expect(panel).to_contain_text("依据的 4 条记录")
    await expect(panel.get_by_role("link", name="主席团第一次会议")).to_be_focused()
    await clerk.press("Enter")
    await clerk.page.wait_for_url(re.compile("/presidium/"))
    clerk.keys += 1  # Alt+←, which a browser without a window does not know
    await clerk.page.go_back()
    await expect(clerk.page.locator("#figure")).to_contain_text("主席团会议出席率 91.7%")
    clerk.did("数字、它的记录、回来")
    await clerk.press("Escape")


async def closes_the_year(clerk: Clerk) -> None:
    await clerk.go("/report?now=1")
    await clerk.sees("未封账")
    await clerk.click("link", "封账")
    await clerk.fill("截止日期", "1207")
    await clerk.click("button", "封账")
    await clerk.saved("**/report/2020")
    await clerk.sees("草稿")


async def changes_a_paragraph(clerk: Clerk, office: Office) -> None:
    """A number that no figure gives is told while it is typed; the computed text comes back."""
    paragraph = clerk.page.locator("#p-presidium_meetings")
    await paragraph.hover()
    await clerk.press("e")
    text = clerk.page.get_by_label("段落文字")
    await expect(text).to_be_focused()
    await text.fill("本年度共召开主席团会议5次。")
    await expect(clerk.page.locator("[data-flags]")).to_contain_text("5 不是系统算出的")
    await clerk.press("Control+s")
    await clerk.saved(re.compile(r"/report/2020#p-presidium_meetings"))
    kept = await paragraph_of(office, "presidium_meetings")
    assert (kept["text"], kept["flags"][0]["text"]) == ("本年度共召开主席团会议5次。", "5")
    await clerk.page.get_by_role("link", name="改这一段：本年度共召开主席团").click()
    await expect(clerk.page.locator(".diff")).to_contain_text("坚持每个季度至少召开一次")
    await clerk.click("button", "恢复自动文字")
    await clerk.saved(re.compile("/report/2020"))
    assert not (await paragraph_of(office, "presidium_meetings"))["edited"]


async def both_versions_are_shown(at: SignIn, path: str, label: str, field: str) -> None:
    """Of two who change the same at once, the second sees what the first wrote, and decides."""
    async with at() as one, at() as other:
        for clerk, text in ((one, "先改的文字。"), (other, "后改的文字。")):
            await clerk.go(path)
            await clerk.fill(label, text)
        await one.press("Control+s")
        await one.saved(HOME)
        await other.press("Control+s")
        await expect(other.page.locator(f'[data-theirs="{field}"]')).to_contain_text("先改的文字。")
        await other.press("Control+s")
        await other.saved(HOME)
        await other.go(path)
        await expect(other.page.get_by_label(label).first).to_have_value("后改的文字。")
        await other.fill(label, "")
        await other.press("Control+s")
        await other.saved(HOME)


async def sends_the_word_file_back(clerk: Clerk, folder: Path) -> None:
    async with clerk.page.expect_download() as waited:
        await clerk.page.get_by_role("link", name="Word", exact=True).click()
    file = folder / "总结.docx"
    await (await waited.value).save_as(file)
    await clerk.click("link", "交回改过的 Word")
    await clerk.page.get_by_label("改过的 Word 文件").set_input_files(file)
    await clerk.click("button", "先看改了什么")
    await clerk.sees("和现在的文字一样，没有改动")


@pytest.mark.nightly
async def test_a_year_is_closed_reworded_approved_and_submitted(
    at: SignIn, example: Office, tmp_path: Path
) -> None:
    async with at(size=DESK) as clerk:
        await opens_a_figure(clerk)
        await looked_at(clerk, *PAGES, *OFFICE, "/")
        await clerk.sees("离交总结还缺什么")
        await both_versions_are_shown(at, "/report/2020/settings", "主题", "theme")
        await closes_the_year(clerk)
        await changes_a_paragraph(clerk, example)
        await both_versions_are_shown(at, "/report?edit=presidium_meetings", "段落文字", "text")
        await clerk.go("/report")
        await sends_the_word_file_back(clerk, tmp_path)
        await looked_at(clerk, "/report", "/report/2020/wording", "/report/2020/approve")
        await clerk.click("button", "核准")
        await clerk.saved("**/report/2020")
        assert (await report(example))["status"] == "approved"
        assert clerk.complaints == []
    async with at(size=PHONE, script=False) as clerk:
        await clerk.go("/report")
        await clerk.page.locator('[data-figure="congress.sessions"]').first.click()
        await expect(clerk.page.locator("#figure")).to_contain_text("依据的 1 条记录")
        await clerk.click("link", "上报")
        await clerk.click("button", "上报")
        await clerk.sees("已上报县人大常委会")
    assert (await report(example))["status"] == "submitted"
