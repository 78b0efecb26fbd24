"""Problems of an import: all at once, each at its cell, and no row blamed for another."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from pydantic import BaseModel, Field

from shared.storage.work import Work
from shared.workbook import (
    Column,
    Done,
    ImportReport,
    Row,
    RowGroup,
    RowProblem,
    Sheet,
    Step,
    annotated,
    import_rows,
    read,
    valid,
)
from tests.unit.shared.sample import MemoryStore
from tests.unit.shared.workbooks import book

PEOPLE = Sheet("人", (Column("姓名", "name", required=True), Column("年", "year", "integer")), key=("name",))
HELD = Sheet(
    "任职",
    (
        Column("姓名", "person", required=True),
        Column("日期", "on", "date", required=True),
        Column("票数", "votes", "integer"),
        Column("组", "group", "integer"),
    ),
    key=("person", "on"),
)
SHEETS = (PEOPLE, HELD)


class Body(BaseModel):
    votes: int = Field(0, le=100)


class Town:
    """Records of a test: who is known."""

    def __init__(self) -> None:
        self.known: set[str] = set()

    async def person(self, _: Work, row: Row) -> Done:
        if row["year"] == 13:
            raise RowProblem("year", "不吉利")
        self.known.add(row["name"])
        return "new"

    async def held(self, work: Work, rows: Sequence[Row]) -> Done:
        for row in rows:
            await self.there(work, row)
        return "new"

    async def there(self, _: Work, row: Row) -> None:
        if row["person"] not in self.known:
            raise RowProblem("person", f"没有 {row['person']}", row, refers=("人", row["person"]))

    async def run(self, people: Sequence[Sequence[Any]], held: Sequence[Sequence[Any]]) -> ImportReport:
        steps = (
            Step("人", self.person),
            RowGroup("任职", ("group",), self.held, (self.there, valid(Body))),
        )
        work = MemoryStore().reading("340281199", "clerk")
        return await import_rows(work, read(workbook(people, held), SHEETS), steps, dry_run=True)


def workbook(people: Sequence[Sequence[Any]], held: Sequence[Sequence[Any]]) -> bytes:
    def second(made: openpyxl.Workbook) -> None:
        page = made.create_sheet("任职")
        for row in (["姓名", "日期", "票数", "组"], *held):
            page.append(list(row))

    return book(["姓名", "年"], *people, title="人", also=second)


def places(report: ImportReport) -> list[str]:
    return [error.loc for error in report.errors()]


async def test_a_bad_date_hides_no_bad_name_and_no_bad_number() -> None:
    report = await Town().run([["丁", 1]], [["马", "昨天", 101, 1], ["丁", "2020-06-09", 7, 2]])
    assert places(report) == ["任职.A2", "任职.B2", "任职.C2"]
    assert (report.problems, report.totals.wrong, report.totals.new) == (3, 1, 2)
    assert report.errors()[0].more == {
        "sheet": "任职", "cell": "A2", "column": "姓名", "was": "马", "becomes": "文字",
    }  # fmt: skip


async def test_rows_that_refer_to_a_wrong_row_wait_and_are_not_blamed() -> None:
    report = await Town().run(
        [["丁", 13], ["马", "?"]], [["丁", "2020-06-09", 1, 1], ["马", "2020-06-09", 101, 2]]
    )
    assert places(report) == ["人.B2", "人.B3", "任职.C3"]
    assert (report.problems, report.totals.wrong, report.waiting) == (3, 3, 1)


async def test_a_row_without_a_name_may_be_the_one_that_is_missing_but_only_one() -> None:
    one = await Town().run([[None, 1]], [["丁", "2020-06-09", 1, 1]])
    assert (places(one), one.waiting) == (["人.A2"], 1)
    two = await Town().run([[None, 1]], [["丁", "2020-06-09", 1, 1], ["马", "2020-06-09", 1, 2]])
    assert places(two) == ["人.A2", "任职.A2", "任职.A3"]


async def test_rows_read_together_with_a_wrong_one_wait() -> None:
    report = await Town().run([["丁", 1]], [["丁", "2020-06-09", 1, 1], ["丁", "2020-06-31", 1, 1]])
    assert places(report) == ["任职.B3"]
    assert [(row.row, row.outcome) for row in report.sheets[-1].rows] == [(2, "waiting"), (3, "wrong")]
    assert "有 1 处错误，另有 1 行要等这些改好才能核对" in report.summary()


async def test_the_workbook_comes_back_with_its_problems_marked() -> None:
    people, held = [["丁", 13]], [["马", "昨天", 101, 1], ["丁", "2020-06-09", 7, 2]]
    report = await Town().run(people, held)
    data = annotated(workbook(people, held), report, SHEETS)
    back = openpyxl.load_workbook(io.BytesIO(data))
    assert back.sheetnames == ["问题", "人", "任职"]
    listed = [[cell.value for cell in row] for row in back["问题"].iter_rows(min_row=3)]
    assert [row[:4] for row in listed] == [
        ["人", "B2", "年", "13"],
        ["任职", "A2", "姓名", "马"],
        ["任职", "B2", "日期", "昨天"],
        ["任职", "C2", "票数", "101"],
    ]
    cell = back["任职"]["B2"]
    assert (cell.value, cell.fill.fgColor.rgb) == ("昨天", "FFFFC7CE")
    assert "读到的是“昨天”" in cell.comment.text
    assert back["任职"]["D2"].comment is None
    again = read(data, SHEETS)  # the list of problems is no sheet of the office
    assert [(p.sheet, p.cell) for p in again.problems] == [("任职", "B2")]
    assert [dict(row.values) for row in again.rows("人")] == [{"name": "丁", "year": 13}]


async def test_what_another_workbook_lacks_is_wanted_from_there() -> None:
    async def held(_: Work, row: Row) -> Done:
        raise RowProblem("person", f"名册中没有 {row['person']}", refers=("名册",))

    read_rows = read(workbook([], [["马", "2020-06-09", 1, 1]]), SHEETS)
    work = MemoryStore().reading("340281199", "clerk")
    report = await import_rows(work, read_rows, [Step("任职", held)], dry_run=True)
    (found,) = [one for sheet in report.sheets for row in sheet.rows for one in row.problems]
    assert (found.column, found.was, found.becomes) == ("姓名", "马", "“名册”中登记了的")
