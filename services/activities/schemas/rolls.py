"""The sign-in sheet: its query, and the reading of a signed one."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from services.activities.domain.attendance import MOST, Attendance
from services.activities.domain.leave import Approver
from services.activities.domain.marks import Marked, State
from services.activities.domain.reading import Doubt
from services.activities.domain.roll import Gathering, Line
from services.activities.domain.values import Id, Label
from services.activities.schemas.values import GroupIds, In, together
from shared.days import Day
from shared.documents.marks import Subject
from shared.documents.scan.worker import ReadPage

Words = Annotated[str, StringConstraints(max_length=20_000)]
Level = Literal["town", "county", "city", "province"]


class Invited(In):
    """Those invited to an activity, together: all deputies of levels, of groups, of stations, and deputyships by id."""

    levels: tuple[Level, ...] = ()
    group_ids: GroupIds = ()
    station_ids: Annotated[tuple[Id, ...], Field(max_length=100)] = ()
    deputyship_ids: Annotated[tuple[Id, ...], Field(max_length=MOST)] = ()


class RollQuery(In):
    """`group_id` for a group's activity, `group_ids` for a joint one; `station_id`, `level`: who is invited. `title` is
    printed at the top."""

    of: Gathering
    held_on: Day
    group_id: Id | None = None
    group_ids: GroupIds = ()
    station_id: Id | None = None
    level: Level | None = None
    title: Label = ""

    @property
    def groups(self) -> tuple[str, ...]:
        return together(self.group_id, self.group_ids)

    @property
    def invited(self) -> Invited | None:
        if self.station_id is None and self.level is None:
            return None
        stations = (self.station_id,) if self.station_id is not None else ()
        return Invited(levels=(self.level,) if self.level is not None else (), station_ids=stations)

    def subject(self, town: str) -> Subject:
        """What the marks of the printed sheet say that it is of."""
        level = "" if self.level in (None, "town") else str(self.level)
        scope = (*sorted(self.groups), self.station_id or "", level)
        return Subject.of("S", town, self.of, self.held_on.isoformat(), *scope)


class RegisterQuery(In):
    """Which reception the register is of."""

    held_on: Day
    station_id: Id

    def subject(self, town: str) -> Subject:
        return Subject.of("R", town, self.held_on.isoformat(), self.station_id)


class DoubtfulBox(BaseModel):
    """A box to look at: its column, and its picture (JPEG, base64)."""

    column: str
    label: str
    picture: str


class DoubtfulLine(BaseModel):
    """A line to look at: `state` is what it seems to be; `boxes`: those in doubt, and those with ink where it
    `contradicts`: signed and on leave, or several reasons."""

    deputyship_id: str
    number: int
    name: str
    state: State
    boxes: tuple[DoubtfulBox, ...]
    contradicts: bool


class SheetPage(ReadPage):
    """One page of the file, of the sign-in sheet, of the register or of neither."""

    sheet: Literal["sign_in", "register"] | None


class SheetsRead(BaseModel):
    """A proposal, nothing is recorded: `marked` as `attendance:resolve` takes them, without the lines in `doubts`.
    `missing`: pages of the sign-in sheet that are not in the file; `voters_count`, `opinions_count`: of a register,
    null without one; `unsure_count`, `register_doubts`: boxes of a register in doubt."""

    pages: tuple[SheetPage, ...]
    marked: tuple[Marked, ...]
    doubts: tuple[DoubtfulLine, ...]
    missing: tuple[int, ...]
    voters_count: int | None = None
    opinions_count: int | None = None
    unsure_count: int = 0
    register_doubts: tuple[DoubtfulBox, ...] = ()
    roster_sequence: int


class SheetIn(In):
    """Names as pasted, or numbers of the printed sheet on lines of their own (`3`, `5-8`). `others`: the state of those
    not named. `invited`: to an activity; without it and `group_id`, all deputies of the town. `marks`: what was typed
    beside the numbered sheet (`6* 17. 5-8-`, names, initials), over `marked`, what was marked there before.

    `approved_on`, `approved_by`: approval of everybody on leave, where it was one decision.
    """

    of: Gathering
    held_on: Day
    group_id: Id | None = None
    group_ids: GroupIds = ()
    invited: Invited | None = None
    present: Words = ""
    on_leave: Words = ""
    absent: Words = ""
    marks: Words = ""
    marked: Annotated[tuple[Marked, ...], Field(max_length=MOST)] = ()
    approved_on: Day | None = None
    approved_by: Approver | None = None
    others: Literal["present", "not_recorded"] = "present"

    @property
    def groups(self) -> tuple[str, ...]:
        return together(self.group_id, self.group_ids)


class Resolved(BaseModel):
    """`attendance` as in the body of a record; null while there are doubts. `roll`: those expected, in stroke order.
    `marked`: what was marked and typed, as far as it was understood; `guests`: those among them who are not expected.
    `base`: all deputies, of whom `quorum` must be there and `majority` agree."""

    held_on: date
    expected: int
    roll: tuple[Line, ...] = ()
    attendance: Attendance | None
    not_recorded: tuple[Line, ...] = ()
    marked: tuple[Marked, ...] = ()
    guests: tuple[Line, ...] = ()
    base: int | None = None
    quorum: int | None = None
    majority: int | None = None
    doubts: tuple[Doubt, ...] = ()
    roster_sequence: int
