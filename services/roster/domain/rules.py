"""The one schema of local rules: every rule a town or its county may set, checked where it enters."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from shared.days import Day

Approver = Literal["presidium", "chair", "vice_chair", "other"]
Months = Annotated[int, Field(ge=1, le=60, strict=True)]
MonthsOrNone = Annotated[int, Field(ge=0, le=60, strict=True)]
Days = Annotated[int, Field(ge=0, le=365, strict=True)]
Times = Annotated[int, Field(ge=0, le=366, strict=True)]
Seats = Annotated[int, Field(ge=1, le=99, strict=True)]
YesNo = Annotated[bool, Field(strict=True)]
_COMMON_YEAR: Final = 2021
"""A rule names a day that every year has."""


def _day_of_year(text: str) -> str:
    try:
        date.fromisoformat(f"{_COMMON_YEAR}-{text}")
    except ValueError:
        raise ValueError(f"“{text}”不是一年中的一天，写成 12-07") from None
    return text


DayOfYear = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{2}-[0-9]{2})?$"), AfterValidator(lambda s: s and _day_of_year(s))
]


class Known(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class YearDays(Known):
    """Days off on weekdays and days worked on weekends (调休) of one year."""

    holidays: Annotated[list[Day], Field(max_length=60)] = []
    workdays: Annotated[list[Day], Field(max_length=30)] = []


class LocalRules(Known):
    """Rules that differ from the defaults of the law and of practice; each is in force on its own. What a rule means
    and its default stand in the cards of the services that use it."""

    reply_months: Months = 3
    reply_extension_months: MonthsOrNone = 3
    reply_from: Literal["assigned", "session_end"] = "assigned"
    redo_months: Months = 2
    reply_warning_days: Annotated[int, Field(ge=0, le=60, strict=True)] = 10
    plan_warning_days: Annotated[int, Field(ge=0, le=60, strict=True)] = 7
    decision_warning_days: Annotated[int, Field(ge=0, le=60, strict=True)] = 7
    rating_working_days: Days = 20
    return_days: Annotated[int, Field(ge=1, le=365, strict=True)] = 10
    return_in_working_days: YesNo = False
    next_working_day: YesNo = False
    calendar: dict[Annotated[str, StringConstraints(pattern=r"^(19|20|21)[0-9]{2}$")], YearDays] = {}
    suspended_in_base: YesNo = False
    presidium_quorum: YesNo = False
    contact_keep_days: Annotated[int, Field(ge=0, le=3650, strict=True)] = 30
    opinion_keep_days: Annotated[int, Field(ge=365, le=36500, strict=True)] = 3650
    presidium_meetings_per_quarter: Times = 1
    group_activities_per_year: Times = 4
    duty_report_meetings_per_year: Times = 1
    receptions_per_station: Times = 0
    inquiries_per_year: Times = 0
    voter_contacts_per_deputy: Times = 0
    reception_notice_days: Days = 0
    feedback_months: MonthsOrNone = 3
    session_notice_days: Days = 0
    session_papers_days: Days = 0
    first_session_by: DayOfYear = ""
    second_session_by: DayOfYear = ""
    closing_on: DayOfYear = ""
    leave_approver: Approver | Annotated[list[Approver], Field(max_length=4)] = []
    outline: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,20}$")] = "A"
    presidium_min: Seats = 1
    presidium_max: Seats = 99

    @model_validator(mode="after")
    def _least_is_not_above_most(self) -> Self:
        if {"presidium_min", "presidium_max"} <= self.model_fields_set and (
            self.presidium_min > self.presidium_max
        ):
            raise ValueError("presidium_min 大于 presidium_max")
        return self


def fitting(rules: Mapping[str, Any]) -> dict[str, Any]:
    """The rules that are known and of their type; those of others are left out, as if nobody had set them."""
    return {name: value for name, value in rules.items() if _fits(name, value)}


def _fits(name: str, value: Any) -> bool:
    try:
        LocalRules.model_validate({name: value})
    except ValidationError:
        return False
    return True
