"""Import of the office's workbook 履职: the use case each row calls. Columns are in `sheets`.

Sessions, meetings and activities come first, as items of a plan refer to them; suggestions before the opinions that
were converted to them.
"""

from collections.abc import Iterator

from services.activities import repository
from services.activities.imports.activities import ActivityRows
from services.activities.imports.handling import handling
from services.activities.imports.leaves import leaves
from services.activities.imports.meetings import PARTS, MeetingRows
from services.activities.imports.opinions import OpinionRows
from services.activities.imports.plans import plan
from services.activities.imports.reviews import inquiries, reviews
from services.activities.imports.rows import SHEET_OF_ATTENDANCE, Sheets
from services.activities.imports.suggestions import SuggestionRows
from services.activities.sheets import SHEETS
from services.activities.sheets.reviews import INQUIRIES, REVIEWS
from shared.http.bulkhead import off_the_loop
from shared.storage.work import Work
from shared.workbook import ImportReport, RowGroup, Step, Workbook, import_rows, read


async def import_workbook(work: Work, data: bytes, *, dry_run: bool) -> ImportReport:
    book = await off_the_loop(read, data, SHEETS)
    sheets = Sheets(book, await repository.directory(work, set(_names(book))))
    meetings, activities = MeetingRows(sheets), ActivityRows(sheets)
    stepwise = {(row["year"], row["number"]) for row in book.rows("建议办理过程")}
    suggestions = SuggestionRows(sheets, stepwise)
    steps: tuple[Step | RowGroup, ...] = (
        Step("人代会", meetings.session),
        *(Step(sheet, meetings.part) for sheet in PARTS),
        Step("主席团会议", meetings.presidium_meeting),
        Step("主席团议定事项", meetings.decision),
        Step("活动", activities.activity),
        RowGroup(REVIEWS.name, ("reference",), reviews),
        RowGroup(INQUIRIES.name, ("reference",), sheets.bound(inquiries)),
        RowGroup("请假审批", ("held",), sheets.bound(leaves)),
        RowGroup("年度计划", ("year", "group"), sheets.bound(plan)),
        Step("代表建议", suggestions.suggestion),
        RowGroup("建议办理过程", ("year", "number"), sheets.bound(handling)),
        Step("选民意见", OpinionRows(sheets).opinion),
    )
    return await import_rows(work, book, steps, dry_run=dry_run)


def _names(book: Workbook) -> Iterator[str]:
    """All names of deputies in a workbook, and the texts that hold several."""
    for row in book:
        for field in ("co", "proposers", "nominators", "askers"):
            yield from row.many(field)
        for field in (*SHEET_OF_ATTENDANCE, "lead", "deputy"):
            if row[field] is not None:
                yield row[field]
