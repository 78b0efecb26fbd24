"""What deputies say of their files over HTTP: confirmations and objections, asked, given and shown."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints

from services.reports.domain import RecordRef
from services.reports.domain.statements import (
    Objection,
    ObjectionState,
    Outcome,
    StatedDutyFile,
    StatedGroupFile,
)
from services.reports.schemas import In
from shared.days import FIRST_DAY, LAST_DAY, Day
from shared.http.paging import Paging

FileYear = Annotated[int, Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
HIDDEN = "***"


class StatementIn(In):
    """`on_behalf`: the office writes down what was said to it on paper, on the day `on`; a deputy speaks today."""

    on_behalf: bool = False
    on: Day | None = None


class ConfirmIn(StatementIn):
    """`digest`: the file as it was read, at least its first eight digits; another one is not confirmed by mistake."""

    year: FileYear
    digest: Digest | None = None


class RecordIn(In):
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ObjectIn(StatementIn):
    """`record`: that of the line objected to; none where something is missing."""

    year: FileYear
    record: RecordIn | None = None
    text: Words


class SettleIn(In):
    """`record`: what was corrected, unless it is the record objected to. `on`: today when left out."""

    outcome: Outcome
    remark: Words
    on: Day | None = None
    record: RecordIn | None = None


class ConfirmationOut(BaseModel):
    id: str
    town: str
    version: int
    year: int
    deputyship_id: str
    group_id: str | None
    on: date
    on_behalf: bool
    digest: str


class ObjectionOut(BaseModel):
    """`text` and `remark` in full for the office and for whoever objected."""

    id: str
    town: str
    version: int
    year: int
    deputyship_id: str
    group_id: str | None
    record: RecordRef | None
    label: str
    text: str
    opened_on: date
    on_behalf: bool
    state: ObjectionState
    outcome: Outcome | None
    remark: str
    corrected: RecordRef | None
    settled_on: date | None

    @classmethod
    def from_objection(cls, objection: Objection, *, in_full: bool) -> Self:
        shown = objection.model_dump()
        hidden = () if in_full else ("text", "remark")
        return cls.model_validate({**shown, **{name: HIDDEN for name in hidden if shown[name]}})


class ObjectionsQuery(Paging):
    year: FileYear | None = None
    state: ObjectionState | None = None
    deputyship_id: Annotated[str | None, Field(max_length=200)] = None
    group_id: Annotated[str | None, Field(max_length=200)] = None


class ObjectionsPage(BaseModel):
    items: list[ObjectionOut]
    next_cursor: Annotated[str | None, Field(description="下一页的 cursor；空表示没有了")]


class DutyFileOut(StatedDutyFile):
    """履职档案 with what the deputy said of it."""


class GroupFileOut(StatedGroupFile):
    """小组履职档案 with what the leader said of it."""
