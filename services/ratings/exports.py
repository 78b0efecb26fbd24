"""The ratings as the office's workbook 测评: the rows its import would read.

Counts are there once their meeting is published and no sooner: a sheet that one teller could look up before he keys his
own would be no second count. They are only there where they tell no more than the result (`ballots.shown`).
"""

from collections.abc import Iterator
from typing import Any

from services.ratings import repository, sheets
from services.ratings.ballots import Sheet, shown
from services.ratings.domain import Meeting, Scheme
from services.ratings.names import Directory
from services.ratings.repository import DUTY_REPORTS, MEETINGS, SCHEMES, TALLIES
from shared.storage.work import Work
from shared.workbook import Rows

Row = dict[str, Any]
WORDS = {code: word for word, code in sheets.OPTIONS.items()}


async def rows(work: Work) -> Rows:
    """Sheet by sheet; what deputies reported is among it, so for the office alone."""
    directory = await repository.whole_directory(work)
    schemes = await work.find(SCHEMES)
    names = {one.id: one.name for one in schemes}
    meetings = sorted(await work.find(MEETINGS), key=lambda one: one.held_on)
    held = {one.id: one for one in meetings}
    tallies = {one.id: one for one in await work.find(TALLIES)}
    counts = [
        (meeting, sheet)
        for meeting in meetings
        if meeting.id in tallies
        for sheet in shown(tallies[meeting.id], meeting)
    ]
    return {
        sheets.SCHEMES.name: [_scheme(one) for one in schemes],
        sheets.MEETINGS.name: [_meeting(one, names, directory) for one in meetings],
        sheets.DUTY_REPORTS.name: [
            {
                **one.model_dump(),
                "meeting": _reference(held[one.meeting_id]),
                "deputy": directory.written(one.deputyship_id, held[one.meeting_id].held_on),
            }
            for one in await work.find(DUTY_REPORTS)
        ],
        **{
            name: [row for m, sheet in counts if sheet.entry == entry for row in _counts(m, sheet, directory)]
            for name, entry in ((sheets.FIRST.name, 1), (sheets.SECOND.name, 2))
        },
    }


def _scheme(scheme: Scheme) -> Row:
    """Options that the workbook has no words for are left out together: a part of them would be another scheme."""
    known = all(WORDS.get(option.code) == option.label for option in scheme.options)
    return {
        **scheme.model_dump(),
        "options": [(WORDS[one.code], _written(one.points)) for one in scheme.options] if known else [],
        "thresholds": [str(line) for line in scheme.thresholds],
        "groups": [(group.code, str(group.weight)) for group in scheme.groups],
    }


def _written(points: int | None) -> str | None:
    return None if points is None else str(points)


def _meeting(meeting: Meeting, schemes: dict[str, str], directory: Directory) -> Row:
    return {
        **meeting.model_dump(),
        "reference": _reference(meeting),
        "deputies": [directory.written(one, meeting.held_on) for one in meeting.deputyship_ids],
        "scheme": schemes.get(meeting.scheme.id, meeting.scheme.name),
    }


def _reference(meeting: Meeting) -> str:
    return meeting.reference or meeting.id


def _counts(meeting: Meeting, sheet: Sheet, directory: Directory) -> Iterator[Row]:
    totals = sheet.model_dump(include={"issued", "returned", "void"})
    for deputyship_id, row in sheet.rows.items():
        yield {
            "meeting": _reference(meeting),
            "deputy": directory.written(deputyship_id, meeting.held_on),
            **totals,
            "dimension": sheet.dimension,
            **row.counts,
            "abstain": row.abstain,
            "spoiled": row.spoiled,
        }
