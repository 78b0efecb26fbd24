"""The rules of a town's rule pack that this service uses, with their defaults."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from services.activities.domain.deadlines import YearDays, add_working_days
from services.activities.domain.reminders import WARNING_DAYS_MOST

STRICT: Final = {"strict": True}
"""Validation context in which an invalid value is an error."""


class Rules(BaseModel):
    """Defaults are national law, else the practice of most provinces; a town's pack overrides them.

    reply_months            calendar months from assignment to reply (代表法 2025 Art. 51)
    reply_extension_months  further months for wide or difficult matters, once (the same article: six in all)
    reply_from              what the months are counted from: assignment, or the end of the session it was raised at
    redo_months             calendar months from a redo to the new reply (浙江 1, 重庆 2)
    reply_warning_days      days before a reply is due at which a reminder is published
    plan_warning_days       the same for items of a plan
    decision_warning_days   the same for decisions of the presidium
    rating_working_days     working days from a reply in which the deputy evaluates it (most places 20); 0: no such day
    return_days             days in which a unit may return a suggestion (浙江 10 days, 重庆 10 working days)
    return_in_working_days  those days are working days
    next_working_day        a due date on a day off moves to the next working day (民法典 Art. 203)
    calendar                days off and days worked by year, {"2027": {holidays, workdays}}; other years: State Council
    suspended_in_base       suspended deputies count in "all deputies" (the law is silent)
    contact_keep_days       days the contact of an opinion is kept after closing (个人信息保护法 Art. 19)
    opinion_keep_days       days the text and answer of an opinion are kept after closing (as archives: ten years)
    presidium_quorum        more than half of the presidium must be present (province by province)
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    reply_months: Annotated[int, Field(ge=1, le=60)] = 3
    reply_extension_months: Annotated[int, Field(ge=0, le=60)] = 3
    reply_from: Literal["assigned", "session_end"] = "assigned"
    redo_months: Annotated[int, Field(ge=1, le=60)] = 2
    reply_warning_days: Annotated[int, Field(ge=0, le=WARNING_DAYS_MOST)] = 10
    plan_warning_days: Annotated[int, Field(ge=0, le=WARNING_DAYS_MOST)] = 7
    decision_warning_days: Annotated[int, Field(ge=0, le=WARNING_DAYS_MOST)] = 7
    rating_working_days: Annotated[int, Field(ge=0, le=365)] = 20
    return_days: Annotated[int, Field(ge=1, le=365)] = 10
    return_in_working_days: bool = False
    next_working_day: bool = False
    calendar: dict[int, YearDays] = {}
    suspended_in_base: bool = False
    presidium_quorum: bool = False
    contact_keep_days: Annotated[int, Field(ge=0, le=3650)] = 30
    opinion_keep_days: Annotated[int, Field(ge=365, le=36500)] = 3650

    @field_validator("*", mode="wrap")
    @classmethod
    def _default_if_invalid(
        cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        """Use the default for an invalid value: the pack is written by another service and must not block entries."""
        try:
            return handler(value)
        except ValueError:
            if info.context is STRICT:
                raise
            return cls.model_fields[str(info.field_name)].default

    @classmethod
    def fitting(cls, rules: Mapping[str, Any]) -> dict[str, Any]:
        """The values that fit their rules; where one does not, that of a wider or earlier pack holds."""
        return {name: value for name, value in rules.items() if cls._fits(name, value)}

    @classmethod
    def _fits(cls, name: str, value: Any) -> bool:
        try:
            cls.model_validate({name: value}, context=STRICT)
        except ValidationError:
            return False
        return True

    def return_by(self, assigned_on: date) -> date:
        """The last day on which a unit may return a suggestion."""
        if self.return_in_working_days:
            return add_working_days(assigned_on, self.return_days, self.calendar)
        return assigned_on + timedelta(days=self.return_days)

    def rate_by(self, replied_on: date) -> date | None:
        """The last day of the deputy's evaluation of a reply; None where the pack sets none."""
        days = self.rating_working_days
        return add_working_days(replied_on, days, self.calendar) if days else None
