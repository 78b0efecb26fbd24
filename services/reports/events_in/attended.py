"""Attendance of what was held: leave, who was present, who was expected."""

from datetime import date

from services.reports.events_in.tolerant import Tolerant, Voidable


class Leave(Tolerant):
    """Leave of a deputy; without data about its approval it counts as approved."""

    deputyship_id: str = ""
    reason: str = ""
    requested_on: date | None = None
    approved_on: date | None = None
    approved_by: str = ""

    def approved(self, as_of: date) -> bool:
        """Whether it was approved by `as_of`; requested leave without an approval is not."""
        if self.approved_on is not None:
            return self.approved_on <= as_of
        return self.requested_on is None or bool(self.approved_by)


class HalfDay(Tolerant):
    """Presence for a part of the time: morning, afternoon, part, or half a day, not said which."""

    deputyship_id: str = ""
    portion: str = "half_day"


class Attendance(Tolerant):
    """Attendance by deputyship id; expected deputies named in no list are not recorded. `online` and `half_day` are
    among those present."""

    present: tuple[str, ...] = ()
    on_leave: tuple[Leave, ...] = ()
    absent: tuple[str, ...] = ()
    online: tuple[str, ...] = ()
    half_day: tuple[HalfDay, ...] = ()

    @property
    def recorded(self) -> bool:
        return bool(self.present or self.on_leave or self.absent)

    def without_approved_leave(self, as_of: date) -> frozenset[str]:
        return frozenset(
            (*self.absent, *(leave.deputyship_id for leave in self.on_leave if not leave.approved(as_of)))
        )

    @property
    def named(self) -> tuple[str, ...]:
        return (*self.present, *(leave.deputyship_id for leave in self.on_leave), *self.absent)


class Attended(Voidable):
    """An event with attendance; `expected`: list of those expected at the time of entry."""

    held_on: date | None = None
    attendance: Attendance = Attendance()
    expected: tuple[str, ...] = ()
