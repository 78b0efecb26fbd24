"""Routes of the tasks of the committee on credentials."""

from services.roster.handlers import tasks
from services.roster.repository import TASKS
from services.roster.routes.roles import OFFICE
from services.roster.schemas.tasks import SettleIn, TaskIn, TaskPatch
from shared.http import resource

records = resource(
    "tasks",
    TASKS,
    body=TaskIn,
    patch=TaskPatch,
    create=tasks.open_task,
    change=tasks.change_task,
    equals=("deputyship_id", "kind", "state"),
    batch=False,
    read=OFFICE,
    write=OFFICE,
    label="代表资格审查委员会待审查事项",
)
settle = records.command("settle", SettleIn, tasks.settle_task, write=OFFICE, label="登记审查结果")
