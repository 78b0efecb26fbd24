"""Absences reported by the activities service: open, update and withdraw the committee's task."""

from services.roster import repository
from services.roster.domain import tasks
from services.roster.domain.tasks import ReceivedAbsence, Task
from services.roster.events_in import Absence
from services.roster.handlers.tasks import open_for
from services.roster.repository import DEPUTYSHIPS, RECEIVED_ABSENCES, TASKS
from shared.envelope import Event
from shared.storage.work import Work


async def project_absence(work: Work, absence: Absence, event: Event) -> None:
    """Apply an absence unless a later version was applied; each event writes its version, so that two conflict."""
    received, epoch = await work.get(RECEIVED_ABSENCES, absence.id), event.epoch or ""
    if received is not None and received.follows(epoch, absence.version):
        return
    task = await work.get(TASKS, received.task_id) if received is not None and received.task_id else None
    if absence.state == "withdrawn":
        _withdraw(work, task)
        task = None
    elif task is None or (task.state == "settled" and not absence.record_ids <= set(task.records)):
        task = await _open_task(work, absence)
    elif task.state == "open" and absence.record_ids != set(task.records):
        task = work.change(TASKS, task.model_copy(update={"records": absence.records}), "changed")
    state = {"epoch": epoch, "told": absence.version, "task_id": task.id if task is not None else None}
    if received is None:
        work.create(RECEIVED_ABSENCES, ReceivedAbsence(id=absence.id, town=work.town, **state), "heard")
    else:
        work.change(RECEIVED_ABSENCES, received.model_copy(update=state), "heard")


async def _open_task(work: Work, absence: Absence) -> Task | None:
    """The new task; None where the mandate has ended, was voided, or the office opened a task itself."""
    deputyship = await work.require(DEPUTYSHIPS, absence.deputyship_id)
    if deputyship.status in ("ended", "voided"):
        return None
    on = max(deputyship.started_on, *(session.held_on for session in absence.sessions))
    open_before = await repository.open_tasks(work, deputyship.id)
    task = await open_for(work, deputyship, "absent_twice", on=on, records=absence.records)
    return None if task in open_before else task


def _withdraw(work: Work, task: Task | None) -> None:
    if task is not None and task.state == "open":
        day = max(work.clock.today(), task.opened_on)
        remark = "出席情况更正后，本届内未经批准不出席不足两次"
        work.change(TASKS, tasks.settle(task, "unfounded", on=day, remark=remark), "settled")
