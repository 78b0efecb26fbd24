"""Tolerant copies of foreign facts: unknown fields are ignored, only `id` is required.

Shapes: ids are opaque; `*_on` dates; intervals are half-open, [from_on, to_on).
"""

from datetime import date

from services.reports.events_in.activities import (
    Absence,
    Activity,
    Decision,
    FollowUp,
    Opinion,
    Plan,
    PlanItem,
    Postponement,
    PresidiumMeeting,
    ReviewedUnit,
    Suggestion,
    SuggestionStep,
)
from services.reports.events_in.attended import Attendance, Attended, Leave
from services.reports.events_in.ratings import (
    DeputyResult,
    DutyReport,
    Meeting,
    MeetingScheme,
    Option,
    Result,
    Scheme,
)
from services.reports.events_in.roster import (
    ByElection,
    Constituency,
    Deputyship,
    Group,
    GroupSpan,
    LeaderSpan,
    Office,
    Person,
    Resignation,
    RoleSpan,
    RulePack,
    Station,
    Task,
    Term,
    Town,
)
from services.reports.events_in.sessions import (
    AcceptedResignation,
    Election,
    LivelihoodProject,
    Motion,
    Observers,
    Question,
    Removal,
    Resolution,
    Session,
    SessionReport,
    Voted,
)
from services.reports.events_in.tolerant import (
    Foreign,
    Span,
    Tolerant,
    Voidable,
)

__all__ = [
    "FACTS",
    "SOURCES",
    "Absence",
    "AcceptedResignation",
    "Activity",
    "Attendance",
    "Attended",
    "ByElection",
    "Constituency",
    "Decision",
    "DeputyResult",
    "Deputyship",
    "DutyReport",
    "Election",
    "FollowUp",
    "Foreign",
    "Group",
    "GroupSpan",
    "LeaderSpan",
    "Leave",
    "LivelihoodProject",
    "Meeting",
    "MeetingScheme",
    "Motion",
    "Observers",
    "Office",
    "Opinion",
    "Option",
    "ParkedEvent",
    "Person",
    "Plan",
    "PlanItem",
    "Postponement",
    "PresidiumMeeting",
    "Question",
    "Removal",
    "Resignation",
    "Resolution",
    "Result",
    "ReviewedUnit",
    "RoleSpan",
    "RulePack",
    "Scheme",
    "Session",
    "SessionReport",
    "Span",
    "Station",
    "Suggestion",
    "SuggestionStep",
    "Task",
    "Term",
    "Tolerant",
    "Town",
    "Voidable",
    "Voted",
    "YearSealed",
]


class ParkedEvent(Tolerant):
    """An event that a source could not apply."""

    source: str = ""
    sequence: int = 0
    type: str = ""
    reason: str = ""


class YearSealed(Tolerant):
    """`<service>.year.sealed.v1`: head of the stream and number of records per noun."""

    closing_id: str
    year: int
    as_of: date
    upto_sequence: int
    hash: str
    counts: dict[str, int] = {}
    parked: int = 0
    parked_events: tuple[ParkedEvent, ...] = ()


FACTS: dict[str, type[Foreign]] = {
    "roster.town": Town,
    "roster.person": Person,
    "roster.deputyship": Deputyship,
    "roster.group": Group,
    "roster.station": Station,
    "roster.constituency": Constituency,
    "roster.term": Term,
    "roster.task": Task,
    "roster.by_election": ByElection,
    "roster.office": Office,
    "activities.plan": Plan,
    "activities.session": Session,
    "activities.absence": Absence,
    "activities.presidium_meeting": PresidiumMeeting,
    "activities.activity": Activity,
    "activities.opinion": Opinion,
    "activities.suggestion": Suggestion,
    "ratings.scheme": Scheme,
    "ratings.meeting": Meeting,
    "ratings.duty_report": DutyReport,
}
"""`service.noun` → model of its public state."""

SOURCES = ("roster", "activities", "ratings")
"""Sources of a report, in the order they are listed."""
