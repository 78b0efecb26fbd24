"""What the activities say of sessions missed without leave: the committee's task is opened, kept current, withdrawn."""

from services.roster import repository
from services.roster.domain import tasks
from services.roster.domain.tasks import HeardAbsence, Task
from services.roster.events_in import Absence
from services.roster.handlers.tasks import open_for
from services.roster.repository import DEPUTYSHIPS, HEARD_ABSENCES, TASKS
from shared.envelope import Event
from shared.storage.work import Work


async def project_absence(work: Work, absence: Absence, _: Event) -> None:
    """Each fact writes what was heard of this absence, so that two of them cannot be applied past each other."""
    heard = await work.get(HEARD_ABSENCES, absence.id)
    if heard is not None and heard.told >= absence.version:
        return
    task = await work.get(TASKS, heard.task_id) if heard is not None and heard.task_id else None
    if absence.state == "withdrawn":
        _withdraw(work, task)
        task = None
    elif task is None or (task.state == "settled" and not absence.shown <= set(task.records)):
        task = await _opened(work, absence)
    elif task.state == "open" and absence.shown != set(task.records):
        task = work.change(TASKS, task.model_copy(update={"records": absence.records}), "changed")
    state = {"told": absence.version, "task_id": task.id if task is not None else None}
    if heard is None:
        work.create(HEARD_ABSENCES, HeardAbsence(id=absence.id, town=work.town, **state), "heard")
    else:
        work.change(HEARD_ABSENCES, heard.model_copy(update=state), "heard")


async def _opened(work: Work, absence: Absence) -> Task | None:
    """None where the mandate is over. A task the office opened itself stays the office's."""
    deputyship = await work.require(DEPUTYSHIPS, absence.deputyship_id)
    if deputyship.status == "ended":
        return None
    on = max(deputyship.started_on, *(session.held_on for session in absence.sessions))
    known = await repository.open_tasks(work, deputyship.id)
    task = await open_for(work, deputyship, "absent_twice", on=on, records=absence.records)
    return None if task in known else task


def _withdraw(work: Work, task: Task | None) -> None:
    if task is not None and task.state == "open":
        day = max(work.clock.today(), task.opened_on)
        remark = "出席情况更正后，本届内未经批准不出席不足两次"
        work.change(TASKS, tasks.settle(task, "unfounded", on=day, remark=remark), "settled")
