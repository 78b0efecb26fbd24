"""What is held about one person, as it is given out."""

from datetime import date

from pydantic import BaseModel

from services.activities.domain.absences import Absence
from services.activities.domain.leave import Leave
from services.activities.domain.roster import Deputyship, Person
from services.activities.domain.suggestions import Suggestion
from services.activities.schemas.opinions import OpinionOut


class Held(BaseModel):
    """How he stands on one sheet, by one mandate: `state` present, on_leave, absent, not_recorded."""

    subject: str
    held_on: date
    deputyship_id: str
    expected: bool
    state: str
    leave: Leave | None


class HeldMotion(BaseModel):
    session_id: str
    title: str


class PersonExport(BaseModel):
    """Everything this service holds about one person; what voters told him is theirs and masked."""

    person: Person
    deputyships: list[Deputyship]
    held: list[Held]
    motions: list[HeldMotion]
    absences: list[Absence]
    suggestions: list[Suggestion]
    opinions: list[OpinionOut]
