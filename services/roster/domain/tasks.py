"""Tasks of the committee on credentials (代表资格审查委员会): opened by people or by events, settled by people.

A task records the matter and its outcome. It never changes a mandate: the committee reports to the congress, and the
congress accepts or announces (代表法 2025 Art. 62, 63).
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from services.roster.domain.basis import article
from services.roster.domain.dated import not_after, unfit
from services.roster.domain.deputyships import Deputyship, must_be_open
from services.roster.errors import WrongStatus
from shared.storage.work import Record

TaskKind = Literal["resignation", "absent_twice"]
TaskState = Literal["open", "settled"]
Outcome = Literal["accepted", "not_accepted", "withdrawn", "reported", "unfounded", "lapsed"]
"""`reported`: to the congress, which announces; `unfounded`: leave had been approved; `lapsed`: ended otherwise."""

OUTCOMES: Final[dict[TaskKind, tuple[Outcome, ...]]] = {
    "resignation": ("accepted", "not_accepted", "withdrawn", "lapsed"),
    "absent_twice": ("reported", "unfounded", "lapsed"),
}
OUTCOME_LABELS: Final[dict[Outcome, str]] = {
    "accepted": "接受",
    "not_accepted": "不予接受",
    "withdrawn": "撤回",
    "reported": "已报告大会",
    "unfounded": "情况不实",
    "lapsed": "不再需要",
}


class Task(Record):
    """`records`: ids of the evidence, such as the sessions missed. `remark` is not published."""

    kind: TaskKind
    deputyship_id: str
    opened_on: date
    basis: str | None = None
    records: list[str] = []
    state: TaskState = "open"
    outcome: Outcome | None = None
    settled_on: date | None = None
    remark: str | None = None


class ReceivedAbsence(Record):
    """The absence last received, by its id. `epoch` is that of its event, `told` (the stored name) its version;
    `task_id` the task it opened."""

    epoch: str = ""
    told: int
    task_id: str | None = None

    def follows(self, epoch: str, version: int) -> bool:
        """Whether it is of the event with this version, or of a later one. A later epoch gives versions anew."""
        return (self.epoch, self.told) >= (epoch, version)


def opened(id: str, deputyship: Deputyship, kind: TaskKind, *, on: date, records: Sequence[str] = ()) -> Task:
    """Errors: WrongStatus, ImpossibleDate."""
    must_be_open(deputyship)
    not_after(deputyship.started_on, on, "任职开始", "body.opened_on")
    basis = article("resignation" if kind == "resignation" else kind, on)
    return Task(
        id=id,
        town=deputyship.town,
        kind=kind,
        deputyship_id=deputyship.id,
        opened_on=on,
        basis=basis,
        records=list(dict.fromkeys(records)),
    )


def settle(task: Task, outcome: Outcome, *, on: date, remark: str | None = None) -> Task:
    """Errors: WrongStatus, Invalid, ImpossibleDate."""
    if task.state == "settled":
        raise WrongStatus("该事项已经办结")
    if outcome not in OUTCOMES[task.kind]:
        raise unfit(
            "outcome",
            f"此类事项的结果只能是：{'、'.join(OUTCOME_LABELS[allowed] for allowed in OUTCOMES[task.kind])}",
        )
    not_after(task.opened_on, on, "事项提出")
    settled = {"state": "settled", "outcome": outcome, "settled_on": on, "remark": remark}
    return task.model_copy(update=settled)


def answer(task: Task, deputyship: Deputyship) -> tuple[Outcome, date] | None:
    """The outcome and its day that follow from the mandate's own record; None while it has none."""
    if deputyship.status == "voided":
        return "lapsed", task.opened_on
    if task.kind == "resignation":
        latest = deputyship.resignations[-1] if deputyship.resignations else None
        if latest is not None and latest.outcome != "pending" and latest.settled_on is not None:
            return latest.outcome, latest.settled_on
        return None
    if deputyship.ended_on is None:
        return None
    return ("reported" if deputyship.ended_reason == "absent_twice" else "lapsed"), deputyship.ended_on
