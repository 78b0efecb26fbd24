"""Query: what is due about the committee's tasks and the end of a term."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.roster import repository
from services.roster.domain.due import next_steps
from services.roster.repository import DEPUTYSHIPS, PEOPLE
from shared.endpoints.due import DueItem
from shared.storage.work import Work

_PATHS: Final = {"task": "tasks", "term": "terms"}


async def due(work: Work, on: date, last: date) -> Iterator[DueItem]:
    tasks = await repository.all_open_tasks(work)
    names = {task.deputyship_id: await _name(work, task.deputyship_id) for task in tasks}
    steps = next_steps(tasks, names, await repository.all_terms(work), on, last)
    return (DueItem(**step._asdict(), path=_path(work.town, step.subject)) for step in steps)


async def _name(work: Work, deputyship_id: str) -> str:
    deputyship = await work.require(DEPUTYSHIPS, deputyship_id)
    return (await work.require(PEOPLE, deputyship.person_id)).name


def _path(town: str, subject: str) -> str:
    noun, _, id = subject.partition("/")
    return f"/roster/v1/towns/{town}/{_PATHS[noun]}/{id}"
