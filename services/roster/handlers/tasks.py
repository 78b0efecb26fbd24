"""Use cases of the committee's tasks; tasks are also settled by changes of the mandate."""

from collections.abc import Sequence
from datetime import date

from services.roster import repository
from services.roster.domain import resignations, tasks
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.tasks import Task, TaskKind
from services.roster.handlers.references import must_exist
from services.roster.repository import DEPUTYSHIPS, TASKS
from services.roster.schemas.tasks import SettleIn, TaskIn, TaskPatch
from shared.ids import new_id
from shared.storage.work import Work


async def open_task(work: Work, body: TaskIn) -> Task:
    await must_exist(work, DEPUTYSHIPS, body.deputyship_id, "body.deputyship_id", "代表资格")
    deputyship = await work.require(DEPUTYSHIPS, body.deputyship_id)
    return _open(work, deputyship, body.kind, on=body.opened_on, records=body.records)


async def open_for(
    work: Work, deputyship: Deputyship, kind: TaskKind, *, on: date, records: Sequence[str] = ()
) -> Task:
    """Idempotent: returns the open task of this kind if there is one."""
    open_tasks = await repository.open_tasks(work, deputyship.id)
    same = next((task for task in open_tasks if task.kind == kind), None)
    return same or _open(work, deputyship, kind, on=on, records=records)


async def change_task(work: Work, task: Task, patch: TaskPatch) -> Task:
    after = task.model_copy(update={name: getattr(patch, name) for name in patch.model_fields_set})
    return task if after == task else work.change(TASKS, after, "changed")


async def settle_task(work: Work, task: Task, body: SettleIn) -> Task:
    """Settle a task; the outcome of a resignation is recorded in the mandate too. The end is entered separately."""
    settled = tasks.settle(task, body.outcome, on=body.on, remark=body.remark)
    match body.outcome:
        case "accepted" | "not_accepted" | "withdrawn" | "lapsed" if task.kind == "resignation":
            deputyship = await work.require(DEPUTYSHIPS, task.deputyship_id)
            if body.outcome == "accepted" or resignations.pending(deputyship) is not None:
                after = resignations.settle(deputyship, body.outcome, on=body.on)
                work.change(DEPUTYSHIPS, after, "changed")
    return work.change(TASKS, settled, "settled")


async def follow(work: Work, deputyship: Deputyship) -> None:
    """Settle open tasks whose outcome follows from the mandate's record."""
    for task in await repository.open_tasks(work, deputyship.id):
        answer = tasks.answer(task, deputyship)
        if answer is not None:
            outcome, on = answer
            work.change(TASKS, tasks.settle(task, outcome, on=max(on, task.opened_on)), "settled")


def _open(work: Work, deputyship: Deputyship, kind: TaskKind, *, on: date, records: Sequence[str]) -> Task:
    return work.create(TASKS, tasks.opened(new_id(), deputyship, kind, on=on, records=records), "opened")
