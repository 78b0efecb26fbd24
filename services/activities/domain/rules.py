"""The part of a town's rule pack that decides whether an entry is accepted here, with its defaults."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from services.activities.domain.deadlines import YearDays, add_working_days
from services.activities.domain.reminders import WARNING_DAYS_MOST


class Rules(BaseModel):
    """Source: national law, else what most provinces prescribe; a town's pack overrides it.

    reply_months            calendar months from assignment to reply (代表法 2025 Art. 51)
    reply_extension_months  further months for wide or difficult matters, once (the same article: six in all)
    reply_from              what the months are counted from: assignment, or the end of the session it was raised at
    redo_months             calendar months from a redo to the new reply (浙江 1, 重庆 2)
    reply_warning_days      how many days before a reply is due it is said that it soon will be
    plan_warning_days       how many days before an item of a plan is due it is said that it soon will be
    decision_warning_days   the same of what the presidium decided
    rating_working_days     working days from a reply in which the deputy evaluates it (most places 20); 0: no such day
    return_days             days in which a unit may return what is not its job (浙江 10 days, 重庆 10 working days)
    return_in_working_days  those days are working days
    next_working_day        a due date on a day off moves to the next working day (民法典 Art. 203)
    calendar                days off and days worked by year, {"2027": {holidays, workdays}}; other years: State Council
    suspended_in_base       suspended deputies count in "all deputies" (the law is silent)
    contact_keep_days       days after its closing that the contact of an opinion is kept (个人信息保护法 Art. 19)
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

    @field_validator("*", mode="wrap")
    @classmethod
    def _garbled_means_default(
        cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        """The pack is another service's; a value that cannot be meant must not stop the town's year."""
        try:
            return handler(value)
        except ValueError:
            return cls.model_fields[str(info.field_name)].default

    def return_by(self, assigned_on: date) -> date:
        """Until when a unit may say that a suggestion is not its job."""
        if self.return_in_working_days:
            return add_working_days(assigned_on, self.return_days, self.calendar)
        return assigned_on + timedelta(days=self.return_days)

    def rate_by(self, replied_on: date) -> date | None:
        """Until when the deputy's evaluation of a reply is awaited."""
        days = self.rating_working_days
        return add_working_days(replied_on, days, self.calendar) if days else None
