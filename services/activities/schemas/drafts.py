"""Drafts of activities that leaders enter for the own group."""

from datetime import date

from pydantic import BaseModel

from services.activities.domain.drafts import Draft, DraftState
from services.activities.schemas.activities import ActivityIn


class DraftOut(BaseModel):
    """`entry`: as it would be posted; `activity_id`: of the activity made of it; `reason`: why it was declined."""

    id: str
    town: str
    version: int
    title: str
    entry: ActivityIn
    entered_by: str
    entered_on: date
    state: DraftState
    settled_on: date | None
    activity_id: str | None
    reason: str | None

    @classmethod
    def from_draft(cls, draft: Draft) -> "DraftOut":
        entry = entry_of(draft)
        return cls.model_validate({**draft.model_dump(), "entry": entry, "title": draft.title})


class DraftPage(BaseModel):
    items: list[DraftOut]
    next_cursor: str | None
    total: int | None = None


def entry_of(draft: Draft) -> ActivityIn:
    """The request as it was sent."""
    return ActivityIn.model_validate(draft.entry)
