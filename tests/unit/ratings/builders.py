"""Meetings, sheets and tallies for tests, complete and valid unless told otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.ratings.ballots import Entry, Sheet, Tally, read_rows
from services.ratings.domain import Formula, Meeting, MeetingScheme, Option, State

TOWN = "340281999"
OPTIONS = tuple(
    Option(code=code, label=label)
    for code, label in (
        ("satisfied", "满意"),
        ("basically_satisfied", "基本满意"),
        ("dissatisfied", "不满意"),
    )
)


def a_scheme(**changes: Any) -> MeetingScheme:
    given = {"id": "s1", "name": "满意度", "options": OPTIONS, "formula": Formula.SATISFIED_OVER_OPTIONS}
    return MeetingScheme.model_validate({**given, **changes})


def a_meeting(deputies: Sequence[str] = ("d1", "d2"), **changes: Any) -> Meeting:
    given = {
        "id": "m1",
        "town": TOWN,
        "version": 1,
        "year": 2020,
        "held_on": date(2020, 12, 3),
        "deputyship_ids": tuple(deputies),
        "scheme": a_scheme(),
        "state": State.OPEN,
    }
    return Meeting.model_validate({**given, **changes})


ROW = {"satisfied": 30, "basically_satisfied": 10, "dissatisfied": 4, "abstain": 1, "spoiled": 0}


def a_sheet(
    entry: Entry = 1,
    teller: str = "t1",
    *,
    counts: Mapping[str, Mapping[str, int]] | None = None,
    meeting: Meeting | None = None,
    **changes: Any,
) -> Sheet:
    """46 issued, 46 returned, 1 void, 45 valid."""
    meeting = meeting or a_meeting()
    rows = read_rows(
        counts or dict.fromkeys(meeting.deputyship_ids, ROW), meeting.scheme, meeting.deputyship_ids
    )
    given = {"entry": entry, "teller": teller, "issued": 46, "returned": 46, "void": 1, "rows": rows}
    return Sheet.model_validate({**given, **changes})


def a_tally(*sheets: Sheet) -> Tally:
    return Tally(id="m1", town=TOWN, version=1, sheets=sheets)
