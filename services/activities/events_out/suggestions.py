"""Payload of suggestions, without words that are not to be made public."""

from datetime import date
from typing import Final, Literal, Self

from pydantic import AliasChoices, ConfigDict, Field, field_validator, model_validator

from services.activities.domain.cases import Case
from services.activities.domain.intake import Ground, Intake
from services.activities.domain.steps import SuggestionStep
from services.activities.events_out.fact import VoidableFact

Satisfaction = Literal["satisfied", "basically_satisfied", "dissatisfied"]
WITHHELD: Final = "（不予公开）"
"""In place of words that are not to be made public."""


class Suggestion(VoidableFact):
    """`steps` are all steps in order; the other fields hold the latest of each kind. One that is `withheld` (不予公开)
    has none of its words."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    year: int
    number: int | str
    raised_on: date
    raised_at: Literal["session", "between"] | None
    session_id: str | None
    lead_deputyship_id: str | None
    co_deputyship_ids: tuple[str, ...]
    title: str
    text: str
    category: str
    opinion_ids: tuple[str, ...]
    intake: Intake | None
    key: bool
    supervised_by: str
    case: Case | None
    state: Literal[
        "raised", "assigned", "returned", "forwarded", "replied", "rated", "redo", "closed", "rejected"
    ]
    unit: str | None
    co_units: tuple[str, ...]
    assigned_on: date | None
    due_on: date | None
    replied_on: date | None
    class_: Literal["a", "b", "c", "d"] | None = Field(alias="class")
    interviewed: bool | None
    process: Satisfaction | None
    result: Satisfaction | None
    rated_on: date | None
    redo_due_on: date | None
    forwarded_to: str | None
    forwarded_on: date | None
    county_reference: str | None
    answered_on: date | None
    closed_on: date | None
    rejected_on: date | None
    rejected_for: Ground | None
    steps: tuple[SuggestionStep, ...]
    withheld: bool = Field(
        default=False,
        validation_alias=AliasChoices("withheld", "withheld_for"),
        exclude_if=lambda withheld: not withheld,
    )

    @field_validator("withheld", mode="before")
    @classmethod
    def _for_a_reason(cls, value: object) -> bool:
        return value is not None and value is not False

    @model_validator(mode="after")
    def _without_words(self) -> Self:
        if not self.withheld:
            return self
        case = self.case.model_copy(update=dict.fromkeys(_told(self.case), WITHHELD)) if self.case else None
        said = {"void_reason": WITHHELD} if self.void_reason is not None else {}
        steps = tuple(step.model_copy(update={"reason": None, "text": None}) for step in self.steps)
        return self.model_copy(update={"title": WITHHELD, "text": "", "case": case, "steps": steps, **said})


def _told(case: Case) -> list[str]:
    return [name for name in ("raised", "done", "effect") if getattr(case, name)]
