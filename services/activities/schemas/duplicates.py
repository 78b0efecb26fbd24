"""Activities and suggestions that may be one: the list, the merge, and the word that they are not."""

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from services.activities.domain.activities import Activity, ActivityKind
from services.activities.domain.duplicates import Duplicate, Reason, Side
from services.activities.domain.steps import State
from services.activities.domain.suggestion_duplicates import DuplicateSuggestion, SuggestionReason
from services.activities.domain.values import Id, Year
from services.activities.schemas.values import In
from shared.days import Day


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

    @classmethod
    def from_activity(cls, activity: Activity) -> Self:
        return cls(
            **activity.model_dump(include=set(cls.model_fields)),
            present=len(activity.attendance.present) if activity.attendance.recorded else None,
        )


class SimilarQuery(BaseModel):
    """An activity that is about to be recorded. `title` and `place` are compared where they are sent."""

    model_config = ConfigDict(extra="forbid")

    held_on: Day
    kind: ActivityKind
    group_id: Id | None = None
    title: Annotated[str, Field(max_length=200)] | None = None
    place: Annotated[str, Field(max_length=200)] | None = None


class SimilarActivities(BaseModel):
    items: list[SimilarActivity]


class DuplicateActivities(BaseModel):
    activities: list[SimilarActivity]
    reasons: list[Reason]

    @classmethod
    def from_duplicate(cls, duplicate: Duplicate) -> Self:
        shown = [SimilarActivity.from_activity(activity) for activity in duplicate.activities]
        return cls(activities=shown, reasons=list(duplicate.reasons))


class SimilarSuggestion(BaseModel):
    id: str
    year: int
    number: int | str
    title: str
    raised_on: date
    lead_deputyship_id: str | None
    state: State


class DuplicateSuggestions(BaseModel):
    suggestions: list[SimilarSuggestion]
    reasons: list[SuggestionReason]

    @classmethod
    def from_duplicate(cls, duplicate: DuplicateSuggestion) -> Self:
        fields = set(SimilarSuggestion.model_fields)
        shown = [SimilarSuggestion(**one.model_dump(include=fields)) for one in duplicate.suggestions]
        return cls(suggestions=shown, reasons=list(duplicate.reasons))


class ActivityDuplicates(BaseModel):
    """`items`: activities that may be one; `suggestions`: suggestions that may be."""

    items: list[DuplicateActivities]
    suggestions: list[DuplicateSuggestions]
