"""拍照录入 of a count sheet: from its photograph to the teller's own entry, once both have keyed it."""

from pathlib import Path
from random import Random

import cv2
import pytest
from playwright.async_api import expect

from services.ratings.domain import Meeting
from services.ratings.pages import printed
from tests.console.conftest import Office, SignIn
from tests.console.test_ratings import BASE, SHEET, confirm, planned, without_script
from tests.fixtures.clerk import Clerk
from tests.scan.pens import Pen
from tests.scan.photographs import SCALE, marked_boxes, rendered

OPTIONS = ("satisfied", "basically_satisfied", "dissatisfied", "abstain", "spoiled")
LAST = {"satisfied": 32, "basically_satisfied": 6}
"""As marked for the last deputy: not as keyed."""


async def photograph(example: Office, meeting: str, file: Path) -> None:
    """The first entry's sheet as keyed but for the last deputy; of the first one a digit is crossed out."""
    record = await example.office.json("GET", f"{BASE}/meetings/{meeting}")
    known = {name: value for name, value in record.items() if name in Meeting.model_fields}
    papers, layouts = printed.layouts(None, Meeting.model_validate(known), "", {})
    plan = layouts[[entry for entry, _ in papers].index(1)].pages[0]
    pdf = await example.office.download(f"{BASE}/meetings/{meeting}/count_sheets", accept="application/pdf")
    page = rendered(pdf)[0].copy()
    pen = Pen(page, SCALE, Random(5))
    numbers = dict(zip(("issued", "returned", "void", "valid"), (40, 39, 1, 38), strict=True))
    marks = {f"ballots/{name}": value for name, value in numbers.items()}
    for id, row in zip(record["deputyship_ids"], SHEET[3:], strict=True):
        keyed = dict(zip(OPTIONS, map(int, row.split()), strict=False))
        counts = LAST if id == record["deputyship_ids"][-1] else keyed
        marks |= {f"{id}/{code}": counts.get(code, 0) for code in OPTIONS}
    for name, value in marks.items():
        for box in marked_boxes(name, value):
            pen.fill(plan.boxes[box], "slash")
    wrong = plan.boxes[f"{record['deputyship_ids'][0]}/satisfied/50"]
    pen.fill(wrong, "slash")
    pen.cross(wrong)
    cv2.imwrite(str(file), page)


async def keyed(teller: Clerk) -> None:
    await teller.click("link", "录计票表")
    await without_script(teller, SHEET)
    await teller.click("button", "保存")
    await teller.sees("已录入")


@pytest.mark.nightly
async def test_a_count_sheet_is_read_into_the_form_of_who_keyed_it(
    at: SignIn, example: Office, tmp_path: Path
) -> None:
    async with at() as office:
        meeting = await planned(office, "1222")
        for number in (1, 2):
            await example.account(f"识读{number}", "teller", meeting_id=meeting)
        await office.go(f"/ratings/{meeting}/edit")
        await office.fill("计票人", "识读1、识读2")
        await office.click("button", "保存")
        await office.saved(f"**/ratings/{meeting}")
        await confirm(office, "开始测评")
    await photograph(example, meeting, file := tmp_path / "计票表.png")
    async with at("识读1", script=False) as first:
        await keyed(first)
        await first.go(f"/counting/{meeting}/1")
        await expect(first.page.get_by_text("拍照录入")).to_have_count(0)
    async with at("识读2", script=False) as second:
        await keyed(second)
        await second.go(f"/counting/{meeting}/1")
        await second.page.get_by_text("拍照录入").click()
        await second.page.locator("#f-photos").set_input_files(file)
        await second.click("button", "识读")
        await second.sees("不是您录的这一遍")
    async with at("识读1") as again:
        await again.go(f"/counting/{meeting}/1")
        await again.page.get_by_label("发出").fill("41")
        await again.page.get_by_text("拍照录入").click()
        await again.page.locator("#f-photos").set_input_files(file)
        await again.click("button", "识读")
        await expect(again.page.get_by_text("2 个要看一眼")).to_be_visible()
        assert await again.violations() == []
        await expect(again.page.locator(".look img")).to_have_count(1)
        await again.sees("程示例11，满意：照片上拿不准")
        await again.sees("填的和照片上不一样，照片上是 40")
        await expect(again.page.get_by_label("发出")).to_have_value("41")
        await again.page.get_by_label("发出").fill("40")
        await again.sees("有效票超过 399 张的")
        await expect(again.page.get_by_label("程示例11，满意", exact=True)).to_have_value("")
        await expect(again.page.get_by_label("丁示例12，基本满意")).to_have_value("6")
        await again.page.get_by_label("程示例11，满意", exact=True).fill("29")
        await again.press("Control+s")
        await again.saved("**/counting")
        await again.sees("两遍不一致")
        assert again.complaints == []
    cv2.imwrite(str(blank := tmp_path / "别的.png"), cv2.UMat(400, 300, cv2.CV_8UC3, (200, 200, 200)).get())
    async with at() as office:
        for scanned, said in ((blank, "什么也没有对照"), (file, "没有发现与两遍录入不一致")):
            await office.go(f"/ratings/{meeting}")
            await office.page.locator("#f-ballots").set_input_files(scanned)
            await office.page.locator("form[action$=ballots] button").click()
            await office.sees(said)
    state = await example.office.json("GET", f"{BASE}/meetings/{meeting}/counts")
    last = (await example.office.json("GET", f"{BASE}/meetings/{meeting}"))["deputyship_ids"][-1]
    assert {one["loc"] for one in state["differences"]} == {
        f"counts.{last}.satisfied",
        f"counts.{last}.basically_satisfied",
    }
