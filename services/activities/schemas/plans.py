"""Annual plans and the steps of their items."""

from typing import Annotated

from pydantic import Field

from services.activities.domain.values import Id, Label, Title, Year
from services.activities.schemas.values import In, Reason, Remark
from shared.days import Day


class PlanItemIn(In):
    """`id` of an existing item; without it the item is new. `kind`: a kind of activity, or free text."""

    id: Id | None = None
    title: Title
    kind: Label = ""
    due_on: Day | None = None
    theme: Remark = ""


class PlanIn(In):
    """Without a group: the plan of the whole town."""

    year: Year
    group_id: Id | None = None
    items: Annotated[tuple[PlanItemIn, ...], Field(max_length=500)] = ()


class ItemDoneIn(In):
    """`activity_id`: the activity, session or presidium meeting by which it was done."""

    activity_id: Id


class ItemPostponedIn(In):
    """`on`: the day it was decided; default today."""

    to: Day
    reason: Reason
    on: Day | None = None


class AsOf(In):
    """Default: today."""

    as_of: Day | None = None
