"""The first page says when the newest backup was made, and how the last drill ended; no page tells of drills that are
not made."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Browser, expect

from shared.process.backups import DRILL, Drill, id_of
from tests.console.conftest import TOWN, Office, running_office, sign_in
from tests.fixtures.clerk import PHONE, clerk


async def test_the_first_page_tells_of_backups_and_drills(
    browser: Browser, mongo_url: str, tmp_path: Path
) -> None:
    folder, now = tmp_path / "backups", datetime.now(UTC)
    folder.mkdir()

    def drilled(message: str, *, passed: bool) -> None:
        told = Drill(at=now, backup="b", passed=passed, message=message)
        (folder / DRILL).write_text(told.model_dump_json(), "utf-8")

    async with running_office(mongo_url, tmp_path / "data", backup_dir=folder, drill_days=0) as office:
        await office.office.json("PUT", f"/roster/v1/towns/{TOWN}", {"name": "示例镇"})
        await office.account("bangong", "office")
        async with clerk(browser, office.url, size=PHONE) as person:
            await sign_in(person, "bangong")
            line = person.page.locator(".kept")
            await expect(line).to_contain_text("还没有备份")
            (folder / f"{id_of(now - timedelta(days=3))}.json").touch()
            await person.go("/")
            await expect(line).to_contain_text("已有3天没有备份")
            await expect(line).to_contain_text("还没有演练过")
            drilled("恢复 2 条记录", passed=True)
            await person.go("/")
            await expect(line).to_contain_text("通过")
            await expect(person.page.get_by_role("alert")).to_have_count(0)
            drilled(f"备份的文件 /backups/objects/ab/{'ab' * 32}.gz 已损坏", passed=False)
            await person.go("/")
            await expect(person.page.get_by_role("alert")).to_contain_text("备份演练没有通过")
            await expect(line).to_contain_text("已损坏")
            assert await person.violations() == []
            assert not await person.overflows()
            await person.go("/settings")
            await person.sees("最近一次备份和试恢复的结果在首页")


async def test_nothing_is_said_of_drills_that_nobody_makes(browser: Browser, empty: Office) -> None:
    await empty.account("bangong", "office")
    async with clerk(browser, empty.url) as person:
        await sign_in(person, "bangong")
        await person.go("/settings")
        await person.sees("系统看不到有没有做，也不试恢复")
        assert "每周试恢复" not in await person.page.content()
