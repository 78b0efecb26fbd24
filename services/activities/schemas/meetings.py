"""Sessions of the congress and meetings of its presidium."""

from typing import Annotated

from pydantic import Field

from services.activities.domain.attendance import Attendance
from services.activities.domain.meetings import Decision, Election, HeardReport, Resolution
from services.activities.domain.values import Count, Ordinal
from services.activities.schemas.values import In, Remark, Texts
from shared.days import Day


class SessionIn(In):
    congress_number: Ordinal
    session_number: Ordinal
    planned_on: Day | None = None
    postponed_reason: Remark | None = None
    held_on: Day
    ended_on: Day | None = None
    reports: Annotated[tuple[HeardReport, ...], Field(max_length=100)] = ()
    resolutions: Annotated[tuple[Resolution, ...], Field(max_length=100)] = ()
    elections: Annotated[tuple[Election, ...], Field(max_length=100)] = ()
    attendance: Attendance = Attendance()
    observers: Count | None = None


class PresidiumMeetingIn(In):
    number: Ordinal
    held_on: Day
    topics: Texts = ()
    special_reports: Texts = ()
    opinions: Texts = ()
    decisions: Annotated[tuple[Decision, ...], Field(max_length=100)] = ()
    attendance: Attendance = Attendance()
