"""Deputyships: start, changes, resignation, suspension, end."""

from typing import Annotated

from pydantic import AfterValidator

from services.roster.domain.deputyships import EndReason, Level, Role, StartedBy, Status, SuspensionReason
from services.roster.schemas.people import PersonIn
from services.roster.schemas.values import CongressNumber, Id, In, Place, Reason, Reference, Text
from shared.days import Day
from shared.http import omitted


def _once(roles: list[Role]) -> list[Role]:
    if len(set(roles)) < len(roles):
        raise ValueError("同一职务写了两次")
    return roles


Roles = Annotated[list[Role], AfterValidator(_once)]


class MandateIn(In):
    """A deputyship without its holder. `status` is `ended`, with day and reason, if it ended before it was entered."""

    reference: Reference | None = None
    level: Level
    congress_number: CongressNumber | None = None
    constituency: Place | None = None
    started_on: Day
    started_by: StartedBy = "election"
    status: Status = "serving"
    group_id: Id | None = None
    roles: Roles = []
    from_unit: Place | None = None
    by_election_id: Id | None = None
    ended_on: Day | None = None
    ended_reason: EndReason | None = None


class DeputyshipIn(MandateIn):
    """`status` is `ended`, with day and reason, for a mandate that ended before it was entered."""

    person_id: Id


class DeputyIn(In):
    """A person who is not registered yet, and their mandate."""

    person: PersonIn
    deputyship: MandateIn


class DeputyshipPatch(In):
    """Corrections and changes; `on` is the day of a change of group or roles (default: today).

    `ended_*` correct an end that was entered wrongly; `accepted_*` add the acceptance of a resignation that was
    entered without.
    """

    reference: Reference | None = None
    congress_number: CongressNumber | None = None
    constituency: Place | None = None
    started_on: Day = omitted()
    started_by: StartedBy = omitted()
    group_id: Id | None = None
    roles: Roles = omitted()
    from_unit: Place | None = None
    by_election_id: Id | None = None
    ended_on: Day = omitted()
    ended_reason: EndReason = omitted()
    accepted_on: Day | None = None
    accepted_by_session: Text | None = None
    on: Day | None = None


class EndIn(In):
    """`accepted_*`: when, and at which session (its id or name), the congress accepted a resignation."""

    reason: EndReason
    on: Day
    accepted_on: Day | None = None
    accepted_by_session: Text | None = None


class ResignIn(In):
    requested_on: Day


class VoidIn(In):
    reason: Reason


class SuspendIn(In):
    reason: SuspensionReason
    on: Day


class ResumeIn(In):
    on: Day
