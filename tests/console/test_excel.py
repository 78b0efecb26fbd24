"""Excel in the browser: three bad cells of five hundred rows are seen and mended; a foreign ledger is read."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.roster.sheets import SHEETS
from shared.workbook import write
from tests.console.conftest import TOWN, Office, SignIn
from tests.fixtures.clerk import Clerk

BASE = f"/roster/v1/towns/{TOWN}"
BAD = {"B3": "不详", "C30": "八十年代", "D400": "外星族"}


def five_hundred(folder: Path, bad: dict[str, str], name: str) -> Path:
    people: list[dict[str, Any]] = [
        {"name": f"贺试用{number:03}", "gender": "m", "born_year": 1980, "ethnicity": "汉族"}
        for number in range(500)
    ]
    book = openpyxl.load_workbook(io.BytesIO(write(SHEETS, {"人员": people})))
    for cell, value in bad.items():
        book["人员"][cell] = value
    book.save(folder / name)
    return folder / name


async def chosen(clerk: Clerk, file: Path, button: str) -> None:
    """A file is picked in the dialog of the system, which takes two keys, and sent."""
    await clerk.page.locator("#f-files").set_input_files(file)
    clerk.keys += 2
    clerk.decide()
    await clerk.click("button", button)
    await clerk.page.wait_for_url("**/excel/check/**")


async def test_three_bad_cells_are_seen_mended_and_imported(
    at: SignIn, example: Office, tmp_path: Path
) -> None:
    async with at() as clerk:
        await clerk.go("/excel")
        assert await clerk.everywhere() == []
        clerk.begin()
        await chosen(clerk, five_hundred(tmp_path, BAD, "名册.xlsx"), "检查")
        await clerk.sees("有 3 处要改")
        for cell, was in BAD.items():
            row = clerk.page.get_by_role("row").filter(has_text=cell)
            assert was in await row.inner_text()
            clerk.decide()
        assert await clerk.everywhere() == []
        async with clerk.page.expect_download() as marked:
            await clerk.page.get_by_role("link", name="下载标出问题的文件").click()
        book = openpyxl.load_workbook(io.BytesIO((await (await marked.value).path()).read_bytes()))
        assert all(book["人员"][cell].comment is not None for cell in BAD)
        found = await example.office.json("GET", f"{BASE}/people", q="贺试用", masked="true", total="true")
        assert found["total"] == 0
        await chosen(clerk, five_hundred(tmp_path, {}, "名册（改好）.xlsx"), "再检查")
        await clerk.sees("全部正确")
        await clerk.click("button", "导入")
        await clerk.saved("**/excel")
        assert (clerk.keys, round(clerk.seconds)) <= (10, 20)
        await clerk.page.go_back()
        await clerk.sees("请重新选择文件")
    found = await example.office.json("GET", f"{BASE}/people", q="贺试用", masked="true", total="true")
    assert found["total"] == 500


async def test_what_an_import_changes_is_shown_before_it_does(
    at: SignIn, example: Office, tmp_path: Path
) -> None:
    async with at() as clerk:
        for name, year in (("新的.xlsx", 1980), ("改了.xlsx", 1981)):
            rows = [{"name": "贺改动", "gender": "m", "born_year": year}]
            (tmp_path / name).write_bytes(write(SHEETS, {"人员": rows}))
            await clerk.go("/excel")
            await chosen(clerk, tmp_path / name, "检查")
            await clerk.sees("全部正确")
            if year == 1981:
                await clerk.page.get_by_text("人员要改的 1 处").click()
                row = clerk.page.get_by_role("row").filter(has_text="贺改动")
                assert (await row.inner_text()).split() == ["贺改动", "出生年份", "1980", "1981"]
                assert await clerk.everywhere() == []
            await clerk.click("button", "导入")
            await clerk.saved("**/excel")


async def test_a_file_whose_name_names_two_workbooks_is_known_by_its_sheets(
    at: SignIn, tmp_path: Path
) -> None:
    file = tmp_path / "代表履职测评.xlsx"
    file.write_bytes(Path("examples/测评.xlsx").read_bytes())
    async with at() as clerk:
        await clerk.go("/excel")
        await chosen(clerk, file, "检查")
        await clerk.sees("代表履职测评.xlsx（测评）")


@pytest.mark.nightly
async def test_a_ledger_of_the_offices_own_is_read_as_a_person_says_without_script(
    at: SignIn, example: Office, tmp_path: Path
) -> None:
    ledger = openpyxl.Workbook()
    page = ledger.active
    assert page is not None
    page.title = "花名册"
    page.append(["序号", "姓名", "性别", "出生年月", "民族", "政治面貌", "工作单位及职务", "选区"])
    page.append([1, "常试用71", "女", "1981.03", "汉族", "群众", "村医", "太白村第一选区"])
    ledger.save(tmp_path / "代表花名.xlsx")
    async with at(script=False) as clerk:
        await clerk.go("/excel")
        await chosen(clerk, tmp_path / "代表花名.xlsx", "检查")
        await clerk.page.get_by_role("link", name=re.compile("名册台账|核对每一列")).first.click()
        await clerk.sees("每一列是什么")
        await clerk.sees("常试用71")
        for box in await clerk.page.get_by_role("checkbox").all():
            if "人员" not in await box.locator("xpath=..").inner_text():
                await box.uncheck()
        await clerk.page.get_by_role("button", name="这样读").click()
        await clerk.page.wait_for_url(re.compile("/excel/check/[^/]+$"))
        await clerk.sees("全部正确")
        await clerk.page.get_by_role("button", name="导入").click()
        await clerk.saved("**/excel")
    (person,) = (await example.office.json("GET", f"{BASE}/people", q="常试用71", masked="true"))["items"]
    assert (person["gender"], person["born_year"], person["party"]) == ("f", 1981, "群众")
