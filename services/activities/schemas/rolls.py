"""The sign-in sheet: its query, and the reading of a signed one."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from services.activities.domain.attendance import Attendance
from services.activities.domain.leave import Approver
from services.activities.domain.roll import Doubt, Gathering, Line
from services.activities.domain.values import Id, Label
from services.activities.schemas.values import In
from shared.days import Day

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]


class RollQuery(In):
    """`group_id` for a group's activity. `title` is printed at the top."""

    of: Gathering
    held_on: Day
    group_id: Id | None = None
    title: Label = ""


class SheetIn(In):
    """Names as pasted, or numbers of the printed sheet (`3`, `5-8`). `others`: the state of those not named.

    `approved_on`, `approved_by`: approval of everybody on leave, where it was one decision.
    """

    of: Gathering
    held_on: Day
    group_id: Id | None = None
    present: Words = ""
    on_leave: Words = ""
    absent: Words = ""
    approved_on: Day | None = None
    approved_by: Approver | None = None
    others: Literal["present", "not_recorded"] = "present"


class Resolved(BaseModel):
    """`attendance` as in the body of a record; null while there are doubts."""

    held_on: date
    expected: int
    attendance: Attendance | None
    not_recorded: tuple[Line, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    roster_sequence: int
