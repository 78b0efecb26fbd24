"""Query: what is due about suggestions, plans and decisions of the presidium."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.activities import repository
from services.activities.domain.due import next_steps
from shared.endpoints.due import DueItem
from shared.storage.work import Work

_PATHS: Final = {
    "draft": "activities/drafts",
    "suggestion": "suggestions",
    "plan": "plans",
    "presidium_meeting": "presidium_meetings",
}


async def due(work: Work, on: date, last: date) -> Iterator[DueItem]:
    suggestions = await repository.unfinished_suggestions(work)
    plans = await repository.plans_by(work, last.year)
    meetings = await repository.presidium_meetings_by(work, on)
    steps = next_steps(suggestions, plans, meetings, on, last)
    return (DueItem(**step._asdict(), path=_path(work.town, step.subject)) for step in steps)


async def due_for_office(work: Work, _on: date, _last: date) -> Iterator[DueItem]:
    """Drafts of leaders that wait for the office."""
    drafts = await repository.pending_drafts(work)
    return (
        DueItem(
            kind="activity_draft",
            due_on=None,
            subject=f"draft/{draft.id}",
            text=f"组长提交的{draft.entry['held_on']}“{draft.title}”等待确认",
            basis="组长登记的活动，由镇人大办公室确认后生效",
            action="确认或退回",
            path=_path(work.town, f"draft/{draft.id}"),
        )
        for draft in drafts
    )


def _path(town: str, subject: str) -> str:
    noun, _, id = subject.partition("/")
    return f"/activities/v1/towns/{town}/{_PATHS[noun]}/{id}"
