"""Statements on duty files over HTTP: confirmations and objections."""

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

FileYear = Annotated[int, Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
HIDDEN = "***"


class StatementIn(In):
    """`on_behalf`: entered by the office from paper signed on the day `on`; a deputy's own statement is of today."""

    on_behalf: bool = False
    on: Day | None = None


class ConfirmIn(StatementIn):
    """`digest`: that of the file as read, at least eight digits; a file changed since is not confirmed."""

    year: FileYear
    digest: Digest | None = None


class RecordIn(In):
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ObjectIn(StatementIn):
    """`record`: record of the line objected to; none where something is missing."""

    year: FileYear
    record: RecordIn | None = None
    text: Words


class SettleIn(In):
    """`record`: the corrected record, by default the one objected to. `on`: today by default."""

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
    """An objection; `text` and `remark` are shown to the office and to the objector."""

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


class ObjectionsPage(BaseModel):
    items: list[ObjectionOut]
    next_cursor: Annotated[str | None, Field(description="下一页的 cursor；空表示没有了")]
    total: int | None = None


class DutyFileOut(StatedDutyFile):
    """Duty file (履职档案) of a deputy with the statements on it."""


class GroupFileOut(StatedGroupFile):
    """Duty file (小组履职档案) of a group with the statements on it."""


class FileStanding(BaseModel):
    """Where one duty file stands: who confirmed it and when, lines changed since, objections that wait for an answer.

    `deputyship_id` of a deputy's file, `group_id` of a group's; `group` is that of the deputy at the end of the year.
    """

    deputyship_id: str | None
    group_id: str | None
    name: str
    constituency: str
    group: str
    confirmed_on: date | None
    on_behalf: bool
    changed_since: int
    open_objections: int

    @classmethod
    def from_file(cls, file: DutyFileOut | GroupFileOut) -> Self:
        confirmed = file.confirmation
        own = file.mandates[0] if isinstance(file, DutyFileOut) and file.mandates else None
        return cls(
            deputyship_id=file.deputyship_id if isinstance(file, DutyFileOut) else None,
            group_id=file.group_id if isinstance(file, GroupFileOut) else None,
            name=file.name,
            constituency=own.constituency if own else "",
            group=own.group if own else "",
            confirmed_on=confirmed.on if confirmed else None,
            on_behalf=bool(confirmed and confirmed.on_behalf),
            changed_since=len(confirmed.changes) if confirmed else 0,
            open_objections=sum(one.state is ObjectionState.OPEN for one in file.objections),
        )


class FilesOut(BaseModel):
    """Files of people in stroke order, each once, and of groups by number."""

    year: int
    deputies: list[FileStanding]
    groups: list[FileStanding]
