"""Leave from a meeting: why, and when who approved it (代表法 2025 Art. 13; who may is a matter of the province)."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from services.activities.domain.values import Id, Value
from shared.days import Day


class LeaveReason(StrEnum):
    """A category only: what someone is ill with is nobody's business (个人信息保护法 Art. 28)."""

    ILLNESS = "illness"
    OFFICIAL_DUTY = "official_duty"
    FAMILY = "family"
    OTHER = "other"


class Approver(StrEnum):
    """The office that approved, never the name of who holds it."""

    PRESIDIUM = "presidium"
    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    OTHER = "other"


def _unsaid(value: Any) -> bool:
    return value is None


APPROVAL: Final = ("requested_on", "approved_on", "approved_by")


class Leave(Value):
    """Where nothing is said of the approval the sheet's word is taken: on leave. What is not said is not written."""

    deputyship_id: Id
    reason: LeaveReason | None = None
    requested_on: Day | None = Field(default=None, exclude_if=_unsaid)
    approved_on: Day | None = Field(default=None, exclude_if=_unsaid)
    approved_by: Approver | None = Field(default=None, exclude_if=_unsaid)

    def late(self, held_on: date) -> bool:
        """Approved when the meeting had been held: approved all the same, and told as what it is."""
        return self.approved_on is not None and self.approved_on > held_on

    def approved(self, as_of: date | None = None) -> bool:
        """Not when it was asked for and nothing says that it was granted, nor before the day it was."""
        if self.approved_on is not None:
            return as_of is None or self.approved_on <= as_of
        return self.requested_on is None or self.approved_by is not None

    def faults(self) -> Iterator[tuple[str, str]]:
        """(field, what is wrong with it)."""
        if self.requested_on and self.approved_on and self.approved_on < self.requested_on:
            yield "approved_on", f"批准日期 {self.approved_on} 早于申请日期 {self.requested_on}"
