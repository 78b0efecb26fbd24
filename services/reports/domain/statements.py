"""What deputies say of the files kept about them: confirmed as they stood, or objected to; and what came of it."""

from datetime import date
from enum import StrEnum
from typing import Literal

from services.reports.domain import Frozen, RecordRef
from services.reports.domain.files import DutyFile, GroupFile
from services.reports.errors import ImpossibleDate, ObjectionOver
from shared.errors import FieldError
from shared.storage.work import Record


class Mark(Frozen):
    """One line of a file: `key` finds it again, `label` says it to people, `digest` is SHA-256 of what it says."""

    key: str
    label: str
    digest: str


class Confirmation(Record):
    """The file of one year as a deputy found it right; `id` is `town:year:whose`, `digest` that of all its lines.

    `deputyship_id`: who said so; of a group (`group_id`) its leader. `on_behalf`: he said so on paper, `entered_by`
    typed it.
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
    """corrected: a record was changed; kept: it stays as it is, for a reason."""

    CORRECTED = "corrected"
    KEPT = "kept"


class Objection(Record):
    """A deputy finds his file, or a leader his group's, not right: open → settled | withdrawn.

    `record`: the line's as it was when he objected, none where something is missing; `label` says it to people.
    `text` and `remark` stay in this service. `objectors`: the accounts by which he comes back.
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
    """A line that is not as it was confirmed."""

    what: Literal["added", "changed", "removed"]
    label: str


class FileConfirmation(Frozen):
    """When and by whom the file was confirmed; `changes` since then, none where it still holds.

    `name` is that of the deputy who confirmed; `digest` that of the file he confirmed.
    """

    deputyship_id: str
    name: str
    on: date
    on_behalf: bool
    digest: str
    changes: list[LineChange]


class FileObjection(Frozen):
    """An objection as it stands, without its words."""

    id: str
    label: str
    record: RecordRef | None
    opened_on: date
    state: ObjectionState
    outcome: Outcome | None
    settled_on: date | None


class FileStatements(Frozen):
    """What was said of the file. `digest`: SHA-256 of its lines as they are now; `confirmation` is the latest."""

    digest: str
    confirmation: FileConfirmation | None
    objections: list[FileObjection]


class StatedDutyFile(DutyFile, FileStatements):
    """The file of a deputy with the statements on it."""


class StatedGroupFile(GroupFile, FileStatements):
    """The file of a group with the statements on it."""
