"""Statements of deputies on their files: confirmations, objections and their outcome."""

from datetime import date
from enum import StrEnum
from typing import Literal

from services.reports.domain import Frozen, RecordRef
from services.reports.domain.files import DutyFile, GroupFile
from services.reports.errors import ImpossibleDate, ObjectionOver
from shared.errors import FieldError
from shared.storage.work import Record


class Mark(Frozen):
    """One line of a file: `key` identifies it, `label` names it for people, `digest` is SHA-256 of its content."""

    key: str
    label: str
    digest: str


class Confirmation(Record):
    """Confirmation of a file of one year; `id` is `town:year:deputyship or group`, `digest` that of all its lines.

    `deputyship_id`: who confirmed, for a group (`group_id`) its leader. `on_behalf`: confirmed on paper and entered
    by `entered_by`.
    """

    year: int
    deputyship_id: str
    group_id: str | None = None
    on: date
    on_behalf: bool = False
    entered_by: str
    digest: str
    marks: tuple[Mark, ...] = ()


class ObjectionState(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """corrected: a record was changed; kept: the record stays, with a reason."""

    CORRECTED = "corrected"
    KEPT = "kept"


class Objection(Record):
    """Objection of a deputy to his file, or of a leader to that of his group: open → settled | withdrawn.

    `record`: record of the line at the time of the objection, none where something is missing; `label` names the line.
    `text` and `remark` are not published. `objectors`: subjects of the accounts that may read and withdraw it.
    """

    year: int
    deputyship_id: str
    group_id: str | None = None
    objectors: tuple[str, ...] = ()
    record: RecordRef | None = None
    label: str = ""
    text: str
    opened_on: date
    on_behalf: bool = False
    entered_by: str
    state: ObjectionState = ObjectionState.OPEN
    outcome: Outcome | None = None
    remark: str = ""
    corrected: RecordRef | None = None
    settled_on: date | None = None

    def check_open(self) -> None:
        """Errors: ObjectionOver."""
        if self.state is not ObjectionState.OPEN:
            raise ObjectionOver("这件异议已经答复或者撤回")

    def settled(self, outcome: Outcome, remark: str, on: date, corrected: RecordRef | None) -> "Objection":
        """Errors: ObjectionOver, ImpossibleDate."""
        return self._over(
            on, state=ObjectionState.SETTLED, outcome=outcome, remark=remark, corrected=corrected
        )

    def withdrawn(self, on: date) -> "Objection":
        """Errors: ObjectionOver, ImpossibleDate."""
        return self._over(on, state=ObjectionState.WITHDRAWN)

    def _over(self, on: date, **fields: object) -> "Objection":
        self.check_open()
        if on < self.opened_on:
            message = f"{self.opened_on} 提出的异议不能在 {on} 办结"
            raise ImpossibleDate(message, errors=[FieldError("body.on", message)])
        return self.model_copy(update={**fields, "settled_on": on})


class LineChange(Frozen):
    """A line that differs from the confirmed file."""

    what: Literal["added", "changed", "removed"]
    label: str


class FileConfirmation(Frozen):
    """Confirmation of a file with the changes since; without changes it still holds.

    `name`: of the deputy who confirmed; `digest`: of the confirmed file.
    """

    deputyship_id: str
    name: str
    on: date
    on_behalf: bool
    digest: str
    changes: list[LineChange]


class FileObjection(Frozen):
    """State of an objection, without its texts."""

    id: str
    label: str
    record: RecordRef | None
    opened_on: date
    state: ObjectionState
    outcome: Outcome | None
    settled_on: date | None


class FileStatements(Frozen):
    """Statements on a file. `digest`: SHA-256 of its current lines; `confirmation`: the latest."""

    digest: str
    confirmation: FileConfirmation | None
    objections: list[FileObjection]


class StatedDutyFile(DutyFile, FileStatements):
    """The file of a deputy with the statements on it."""


class StatedGroupFile(GroupFile, FileStatements):
    """The file of a group with the statements on it."""
