"""Activities that may be one: the list, the merge, and the word that they are not."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from services.activities.domain.activities import ActivityKind
from services.activities.domain.duplicates import Duplicate, Reason, Side
from services.activities.domain.values import Id, Year
from services.activities.schemas.values import In


class DuplicatesQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    year: Year | None = None


class MergeActivityIn(In):
    """`choices`: for each field that differs, which value to keep: `from` the merged entry or that of `into`."""

    into: Id
    choices: dict[str, Side] = {}


class DifferIn(In):
    others: Annotated[list[Id], Field(min_length=1, max_length=100)]


class SimilarActivity(BaseModel):
    """`present`: number of deputies present, None where no attendance is recorded."""

    id: str
    reference: str | None
    kind: ActivityKind
    title: str
    held_on: date
    place: str
    group_id: str | None
    station_id: str | None
    present: int | None


class DuplicateActivities(BaseModel):
    activities: list[SimilarActivity]
    reasons: list[Reason]

    @classmethod
    def from_duplicate(cls, duplicate: Duplicate) -> Self:
        shown = [
            SimilarActivity(
                **activity.model_dump(include=set(SimilarActivity.model_fields)),
                present=len(activity.attendance.present) if activity.attendance.recorded else None,
            )
            for activity in duplicate.activities
        ]
        return cls(activities=shown, reasons=list(duplicate.reasons))


class ActivityDuplicates(BaseModel):
    items: list[DuplicateActivities]
