"""The first files of an office, chosen by mistake, too early or empty: what is told, and what is not offered."""

import io
import zipfile
from pathlib import Path

from playwright.async_api import Browser, expect

from services.activities.sheets import SHEETS as LEDGER
from shared.workbook import write
from tests.console.conftest import Office
from tests.console.test_first_day import checked, named, person


async def test_what_was_chosen_by_mistake_is_told_first(
    browser: Browser, empty: Office, tmp_path: Path
) -> None:
    await empty.account("bangong", "office")
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    for name, data in (
        ("名册.docx", word.getvalue()),
        ("总结.docx", word.getvalue()),
        ("说明.md", "# 说明\n\n今年的台账。\n".encode()),
        ("履职空白.xlsx", write(LEDGER, {})),
    ):
        (tmp_path / name).write_bytes(data)
    async with person(browser, empty) as office:
        await named(office, "石桥镇")
        await checked(office, tmp_path / "名册.docx", tmp_path / "总结.docx", tmp_path / "说明.md")
        for line in ("“名册.docx”没有读取：", "“总结.docx”没有读取：", "“说明.md”没有认得的工作表"):
            await expect(office.page.get_by_role("alert")).to_contain_text(line)
        assert "0 处" not in await office.page.content()
        await checked(office, tmp_path / "履职空白.xlsx")
        await expect(office.page.get_by_role("alert")).to_contain_text("没有一行内容")
        assert await office.page.get_by_role("button", name="导入", exact=True).count() == 0


async def test_the_ledger_before_the_roster_is_one_line(
    browser: Browser, empty: Office, tmp_path: Path
) -> None:
    await empty.account("bangong", "office")
    async with person(browser, empty) as office:
        await named(office, "石桥镇")
        await checked(office, Path("examples/履职.xlsx"))
        alert = office.page.get_by_role("alert")
        await expect(alert).to_contain_text("名册还没有导入。先导入名册")
        assert "处要改" not in await alert.inner_text()
        assert await office.page.get_by_role("button", name="导入", exact=True).count() == 0
        await checked(office, Path("examples/履职.xlsx"), Path("examples/名册.xlsx"))
        await office.sees("全部正确，可以导入")
