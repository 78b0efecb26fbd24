"""Integrity checks of the service's records and its copies of the roster."""

from collections.abc import Iterator

from services.activities.domain.activities import Activity
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.repository import (
    ABSENCES,
    ACTIVITIES,
    ALL,
    DEPUTYSHIPS,
    DRAFTS,
    EVIDENCE,
    FOREIGN,
    GROUPS,
    OPINION_CODES,
    OPINIONS,
    PEOPLE,
    PLANS,
    PRESIDIUM_MEETINGS,
    ROSTER_HEADS,
    SESSIONS,
    STATIONS,
    SUGGESTIONS,
)
from shared.endpoints.integrity import Checks, Reference
from shared.events.rebuild import ReadModel


def sheet_faults(sheet: Activity | Session | PresidiumMeeting) -> Iterator[str]:
    named = sheet.attendance.ids
    if len(set(named)) < len(named):
        yield "同一名代表在出勤表中登记了两次"
    if len(set(sheet.expected)) < len(sheet.expected):
        yield "应到人员中有重复"
    if sheet.year != sheet.held_on.year:
        yield "年度与举行日期不符"


_SHEETS = (SESSIONS, PRESIDIUM_MEETINGS, ACTIVITIES)
_PROPOSED = ("motions.proposers", "elections.nominators", "removals.proposers", "questions.askers")
_NAMED = ("present", "absent", "on_leave.deputyship_id")

READ_MODEL = ReadModel(streams=("roster", "ratings"), collections=FOREIGN)
CHECKS = Checks(
    collections=ALL,
    copies=tuple(collection for collection in FOREIGN if collection is not ROSTER_HEADS),
    references=(
        *(Reference(sheet, f"attendance.{path}", DEPUTYSHIPS) for sheet in _SHEETS for path in _NAMED),
        *(Reference(sheet, "expected", DEPUTYSHIPS) for sheet in _SHEETS),
        Reference(ACTIVITIES, "group_id", GROUPS),
        Reference(ACTIVITIES, "station_id", STATIONS),
        Reference(ACTIVITIES, "plan_item_id", PLANS, "items.id"),
        Reference(ACTIVITIES, "evidence", EVIDENCE, beside_words=True),
        *(Reference(SESSIONS, path, DEPUTYSHIPS) for path in _PROPOSED),
        Reference(ACTIVITIES, "questions.askers", DEPUTYSHIPS),
        Reference(ABSENCES, "deputyship_id", DEPUTYSHIPS),
        Reference(ABSENCES, "sessions.session_id", SESSIONS),
        Reference(DRAFTS, "activity_id", ACTIVITIES),
        Reference(PLANS, "group_id", GROUPS),
        Reference(OPINIONS, "station_id", STATIONS),
        Reference(OPINIONS, "deputyship_id", DEPUTYSHIPS),
        Reference(OPINION_CODES, "station_id", STATIONS),
        Reference(OPINIONS, "activity_id", ACTIVITIES),
        Reference(OPINIONS, "suggestion_id", SUGGESTIONS),
        Reference(SUGGESTIONS, "opinion_ids", OPINIONS),
        Reference(SUGGESTIONS, "session_id", SESSIONS),
        Reference(SUGGESTIONS, "lead_deputyship_id", DEPUTYSHIPS),
        Reference(SUGGESTIONS, "co_deputyship_ids", DEPUTYSHIPS),
        Reference(DEPUTYSHIPS, "person_id", PEOPLE),
    ),
    identities={sheet.name: sheet_faults for sheet in _SHEETS},
)
