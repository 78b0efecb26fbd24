"""Query: what is due about suggestions, plans and decisions of the presidium."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.activities import repository
from services.activities.domain.due import next_steps
from shared.endpoints.due import DueItem
from shared.storage.work import Work

_PATHS: Final = {"suggestion": "suggestions", "plan": "plans", "presidium_meeting": "presidium_meetings"}


async def due(work: Work, on: date, last: date) -> Iterator[DueItem]:
    suggestions = await repository.unfinished_suggestions(work)
    plans = await repository.plans_by(work, last.year)
    meetings = await repository.presidium_meetings_by(work, on)
    steps = next_steps(suggestions, plans, meetings, on, last)
    return (DueItem(**step._asdict(), path=_path(work.town, step.subject)) for step in steps)


def _path(town: str, subject: str) -> str:
    noun, _, id = subject.partition("/")
    return f"/activities/v1/towns/{town}/{_PATHS[noun]}/{id}"
