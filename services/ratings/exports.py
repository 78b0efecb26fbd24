"""Export of the ratings as the office's workbook 测评, with the rows its import reads.

Counts are included only after publication, as a teller must not see the other entry, and only where they reveal no more
than the result (`ballots.publishable_sheets`).
"""

from collections.abc import Iterator
from typing import Any

from services.ratings import repository, sheets
from services.ratings.ballots import Sheet, publishable_sheets
from services.ratings.domain import Meeting, Scheme
from services.ratings.names import Directory
from services.ratings.repository import DUTY_REPORTS, MEETINGS, SCHEMES, TALLIES
from shared.storage.work import Work
from shared.workbook import Rows

Row = dict[str, Any]
OPTION_LABELS = {code: word for word, code in sheets.OPTIONS.items()}


async def rows(work: Work) -> Rows:
    """Rows of each sheet. Contains duty reports in full: for the office only."""
    directory = await repository.whole_directory(work)
    schemes = await work.find(SCHEMES)
    names = {scheme.id: scheme.name for scheme in schemes}
    meetings = sorted(await work.find(MEETINGS), key=lambda meeting: meeting.held_on)
    by_id = {meeting.id: meeting for meeting in meetings}
    tallies = {tally.id: tally for tally in await work.find(TALLIES)}
    counts = [
        (meeting, sheet)
        for meeting in meetings
        if meeting.id in tallies
        for sheet in publishable_sheets(tallies[meeting.id], meeting)
    ]
    return {
        sheets.SCHEMES.name: [_scheme(scheme) for scheme in schemes],
        sheets.MEETINGS.name: [_meeting(meeting, names, directory) for meeting in meetings],
        sheets.DUTY_REPORTS.name: [
            {
                **report.model_dump(),
                "meeting": _reference(by_id[report.meeting_id]),
                "deputy": directory.written(report.deputyship_id, by_id[report.meeting_id].held_on),
            }
            for report in await work.find(DUTY_REPORTS)
            if not by_id[report.meeting_id].is_voided
        ],
        **{
            name: [row for m, sheet in counts if sheet.entry == entry for row in _counts(m, sheet, directory)]
            for name, entry in ((sheets.FIRST.name, 1), (sheets.SECOND.name, 2))
        },
    }


def _scheme(scheme: Scheme) -> Row:
    """Row of a scheme; options without a label in the workbook are all left out, as a part would be another scheme."""
    expressible = all(OPTION_LABELS.get(option.code) == option.label for option in scheme.options)
    return {
        **scheme.model_dump(),
        "options": [(OPTION_LABELS[option.code], _written(option.points)) for option in scheme.options]
        if expressible
        else [],
        "thresholds": [str(line) for line in scheme.thresholds],
        "groups": [(group.code, str(group.weight)) for group in scheme.groups],
    }


def _written(points: int | None) -> str | None:
    return None if points is None else str(points)


def _meeting(meeting: Meeting, schemes: dict[str, str], directory: Directory) -> Row:
    return {
        **meeting.model_dump(),
        "reference": _reference(meeting),
        "deputies": [directory.written(id, meeting.held_on) for id in meeting.deputyship_ids],
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
