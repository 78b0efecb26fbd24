"""Export of the data about one person."""

from datetime import date

from pydantic import BaseModel

from services.activities.domain.absences import Absence
from services.activities.domain.drafts import DraftState
from services.activities.domain.leave import Leave
from services.activities.domain.presence import HalfDay
from services.activities.domain.roster import Deputyship, Person
from services.activities.domain.suggestions import Suggestion
from services.activities.schemas.opinions import OpinionOut


class AttendanceEntry(BaseModel):
    """Attendance at one event by one mandate: `state` present, on_leave, absent or not_recorded; `online`, `half_day`:
    how somebody present took part."""

    subject: str
    held_on: date
    deputyship_id: str
    expected: bool
    state: str
    leave: Leave | None
    online: bool = False
    half_day: HalfDay | None = None


class ProposedMotion(BaseModel):
    session_id: str
    title: str


class JointAct(BaseModel):
    """An act of several deputies, of whom he is one: nomination, removal or question."""

    subject: str
    act: str
    about: str


class DraftEntry(BaseModel):
    """A draft that names the person, or that he entered; `part`: present, on_leave or absent, where it names him."""

    subject: str
    title: str
    held_on: date
    state: DraftState
    entered: bool
    part: str | None


class PersonExport(BaseModel):
    """Everything this service holds about one person; texts of voters are masked."""

    person: Person
    deputyships: list[Deputyship]
    held: list[AttendanceEntry]
    motions: list[ProposedMotion]
    joint_acts: list[JointAct]
    absences: list[Absence]
    suggestions: list[Suggestion]
    opinions: list[OpinionOut]
    drafts: list[DraftEntry] = []
