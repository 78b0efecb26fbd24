"""Import of the office's workbook 履职: the use case each row calls. Columns are in `sheets`.

Sessions, meetings and activities come first, as items of a plan refer to them; suggestions before the opinions that
were converted to them.
"""

from collections.abc import Iterator

from services.activities import exports, repository
from services.activities.domain.meetings import Decision
from services.activities.imports.activities import ActivityRows
from services.activities.imports.checks import CellChecks, activity_there, refers
from services.activities.imports.handling import handling
from services.activities.imports.leaves import leaves
from services.activities.imports.meetings import PARTS, MeetingRows
from services.activities.imports.opinions import OpinionRows, suggestion_of
from services.activities.imports.plans import plan
from services.activities.imports.reviews import inquiries, reviews
from services.activities.imports.rows import SHEET_OF_ATTENDANCE, Sheets
from services.activities.imports.suggestions import (
    SuggestionRows,
    in_its_year,
    session_there,
    steps_are_dated,
)
from services.activities.schemas import (
    ActivityIn,
    OpinionIn,
    PlanItemIn,
    PresidiumMeetingIn,
    SessionIn,
    SuggestionIn,
)
from services.activities.sheets import SHEETS, VOCABULARY
from services.activities.sheets.reviews import INQUIRIES, REVIEWS
from shared.http.bulkhead import off_the_loop
from shared.storage.work import Work
from shared.workbook import ImportReport, RowGroup, Step, Workbook, import_rows, read, valid


async def import_workbook(work: Work, data: bytes, *, filename: str, dry_run: bool) -> ImportReport:
    book = await off_the_loop(read, data, SHEETS, filename=filename, vocabulary=VOCABULARY)
    sheets = Sheets(book, await repository.directory(work, set(_names(book))))
    return await import_rows(work, book, _steps(sheets), dry_run=dry_run, export=exports.rows)


def _steps(sheets: Sheets) -> tuple[Step | RowGroup, ...]:
    return (*_held(sheets), *_planned_and_raised(sheets))


def _held(sheets: Sheets) -> tuple[Step | RowGroup, ...]:
    """Sessions, meetings and activities."""
    meetings, activities = MeetingRows(sheets), ActivityRows(sheets)
    cells = CellChecks(sheets)
    return (
        Step(
            "人代会",
            meetings.session,
            cells.of("held_on", meetings.check_session, valid(SessionIn, *SHEET_OF_ATTENDANCE)),
        ),
        *(
            Step(sheet, meetings.part, cells.of("held_on", valid(part.model)))
            for sheet, part in PARTS.items()
        ),
        Step(
            "主席团会议",
            meetings.presidium_meeting,
            cells.of(
                "held_on", meetings.check_presidium_meeting, valid(PresidiumMeetingIn, *SHEET_OF_ATTENDANCE)
            ),
        ),
        Step("主席团议定事项", meetings.decision, (valid(Decision),)),
        Step(
            "活动",
            activities.activity,
            cells.of("held_on", activities.check, valid(ActivityIn, "units", *SHEET_OF_ATTENDANCE)),
        ),
        RowGroup(REVIEWS.name, ("reference",), reviews),
        RowGroup(INQUIRIES.name, ("reference",), sheets.bound(inquiries)),
    )


def _planned_and_raised(sheets: Sheets) -> tuple[Step | RowGroup, ...]:
    """Leave, plans, suggestions and opinions."""
    stepwise = {(row["year"], row["number"]) for row in sheets.book.rows("建议办理过程")}
    suggestions = SuggestionRows(sheets, stepwise)
    cells = CellChecks(sheets)
    return (
        RowGroup("请假审批", ("held",), sheets.bound(leaves), cells.of("held_on", refers("held"))),
        RowGroup(
            "年度计划",
            ("year", "group"),
            sheets.bound(plan),
            cells.of("due_on", refers("done_by"), valid(PlanItemIn)),
        ),
        Step(
            "代表建议",
            suggestions.suggestion,
            cells.of("raised_on", in_its_year, steps_are_dated, session_there, valid(SuggestionIn)),
        ),
        RowGroup("建议办理过程", ("year", "number"), sheets.bound(handling)),
        Step(
            "选民意见",
            OpinionRows(sheets).opinion,
            cells.of("received_on", activity_there, suggestion_of, valid(OpinionIn)),
        ),
    )


def _names(book: Workbook) -> Iterator[str]:
    """All names of deputies in a workbook, and the texts that hold several."""
    for row in book:
        for field in ("co", "proposers", "nominators", "askers"):
            yield from row.many(field)
        for field in (*SHEET_OF_ATTENDANCE, "lead", "deputy"):
            if row[field] is not None:
                yield row[field]
