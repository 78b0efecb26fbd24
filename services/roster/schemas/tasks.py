"""Tasks of the committee on deputies' credentials."""

from services.roster.domain.tasks import Outcome, TaskKind
from services.roster.schemas.values import Id, In, Text
from shared.days import Day
from shared.http import omitted


class TaskIn(In):
    """`records`: ids of the evidence, such as the sessions missed."""

    kind: TaskKind
    deputyship_id: Id
    opened_on: Day
    records: list[Id] = []


class TaskPatch(In):
    records: list[Id] = omitted()
    remark: Text | None = None


class SettleIn(In):
    outcome: Outcome
    on: Day
    remark: Text | None = None
