"""Leave from a meeting: reason and approval (代表法 2025 Art. 13; who may approve is provincial law)."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from services.activities.domain.values import Id, Value
from shared.days import Day


class LeaveReason(StrEnum):
    """A category only; details of an illness are sensitive personal data (个人信息保护法 Art. 28)."""

    ILLNESS = "illness"
    OFFICIAL_DUTY = "official_duty"
    FAMILY = "family"
    OTHER = "other"


class Approver(StrEnum):
    """The office that approved, never a person's name."""

    PRESIDIUM = "presidium"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    OTHER = "other"


def _is_none(value: Any) -> bool:
    return value is None


APPROVAL: Final = ("requested_on", "approved_on", "approved_by")


class Leave(Value):
    """One deputy's leave. Without data on the approval it counts as approved; empty approval fields are not stored."""

    deputyship_id: Id
    reason: LeaveReason | None = None
    requested_on: Day | None = Field(default=None, exclude_if=_is_none)
    approved_on: Day | None = Field(default=None, exclude_if=_is_none)
    approved_by: Approver | None = Field(default=None, exclude_if=_is_none)

    def late(self, held_on: date) -> bool:
        """Whether it was approved after the day of the meeting; such leave is valid and reported as late."""
        return self.approved_on is not None and self.approved_on > held_on

    def approved(self, as_of: date | None = None) -> bool:
        """Whether the leave is approved by `as_of`; a request without an approval is not."""
        if self.approved_on is not None:
            return as_of is None or self.approved_on <= as_of
        return self.requested_on is None or self.approved_by is not None

    def without_reason(self) -> "Leave":
        return self.model_copy(update={"reason": None})

    def faults(self) -> Iterator[tuple[str, str]]:
        """(field, what is wrong with it)."""
        if self.requested_on and self.approved_on and self.approved_on < self.requested_on:
            yield "approved_on", f"批准日期 {self.approved_on} 早于申请日期 {self.requested_on}"
