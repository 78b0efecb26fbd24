"""Collections of the activities service and all its queries to MongoDB."""

import asyncio
from collections.abc import Collection as SizedIterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from services.activities import events_out
from services.activities.domain.absences import Absence, AbsenceCount
from services.activities.domain.activities import Activity
from services.activities.domain.calendar_links import CalendarLink
from services.activities.domain.codes import OpinionCode
from services.activities.domain.drafts import Draft, DraftState
from services.activities.domain.evidence import Evidence, EvidenceState
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.domain.opinions import Contact, Opinion, OpinionState
from services.activities.domain.plans import ItemState, Plan
from services.activities.domain.rating_meetings import RatingMeeting, ReceivedMeeting
from services.activities.domain.reminders import PAST_DAYS, WARNING_DAYS_MOST
from services.activities.domain.roster import Deputyship, Group, Person, RosterHead, Station, Town
from services.activities.domain.rules import Rules
from services.activities.domain.steps import State
from services.activities.domain.suggestions import Suggestion
from services.activities.domain.values import Number, plain
from services.activities.errors import PresidiumMeetingExists, SessionExists, SuggestionExists
from services.activities.names import Directory
from shared.envelope import source_of
from shared.events.vouched import vouched
from shared.storage.files import Orphan, orphans
from shared.storage.paging import Place, pages, place_of, places
from shared.storage.reader import Reader
from shared.storage.voiding import IN_FORCE
from shared.storage.work import Collection, Index, Work

PLANS = Collection(
    "plans", Plan, "plan", events_out.Plan, (Index(("town", "year")), Index(("items.due_on",)))
)
SESSIONS = Collection(
    "sessions",
    Session,
    "session",
    events_out.Session,
    (
        Index(
            ("town", "congress_number", "session_number"),
            unique=True,
            where=IN_FORCE,
            duplicate=SessionExists,
        ),
    ),
)
ABSENCES = Collection(
    "absences",
    Absence,
    "absence",
    events_out.Absence,
    (Index(("town", "congress_number", "deputyship_id"), unique=True),),
)
ABSENCE_COUNTS = Collection("absence_counts", AbsenceCount)
PRESIDIUM_MEETINGS = Collection(
    "presidium_meetings",
    PresidiumMeeting,
    "presidium_meeting",
    events_out.PresidiumMeeting,
    (
        Index(("town", "year", "number"), unique=True, where=IN_FORCE, duplicate=PresidiumMeetingExists),
        Index(("decisions.due_on",)),
    ),
)
ACTIVITIES = Collection(
    "activities",
    Activity,
    "activity",
    events_out.Activity,
    (
        Index(("town", "year", "kind")),
        Index(("town", "group_id")),
        Index(("town", "group_ids")),
        Index(("town", "held_on")),
    ),
)
OPINIONS = Collection(
    "opinions",
    Opinion,
    "opinion",
    events_out.Opinion,
    (Index(("town", "year", "state")), Index(("state", "erased", "closed_on")), Index(("voided_on",))),
    erasable=True,
)
SUGGESTIONS = Collection(
    "suggestions",
    Suggestion,
    "suggestion",
    events_out.Suggestion,
    (
        Index(("town", "year", "number"), unique=True, where=IN_FORCE, duplicate=SuggestionExists),
        Index(("town", "year", "state")),
        Index(("town", "state")),
        Index(("town", "lead_deputyship_id")),
        Index(("state", "due_on")),
    ),
)
DRAFTS = Collection("drafts", Draft, indexes=(Index(("town", "state")),))
CALENDAR_LINKS = Collection("calendar_links", CalendarLink, indexes=(Index(("fingerprint",), unique=True),))
EVIDENCE = Collection("evidence", Evidence, indexes=(Index(("state", "erased")),))
OPINION_CODES = Collection("opinion_codes", OpinionCode, indexes=(Index(("town", "station_id")),))
CONTACTS = Collection("contacts", Contact, encrypted=("name", "phone"))
OWN = (PLANS, SESSIONS, ABSENCES, PRESIDIUM_MEETINGS, ACTIVITIES, OPINIONS, SUGGESTIONS)

TOWNS = Collection("towns", Town)
PEOPLE = Collection("people", Person, left=(("town", "name"),))
DEPUTYSHIPS = Collection("deputyships", Deputyship, indexes=(Index(("town", "person_id")),))
GROUPS = Collection("groups", Group, left=(("town", "number"),))
STATIONS = Collection("stations", Station, left=(("town", "name"),))
ROSTER_HEADS = Collection("roster_heads", RosterHead)
RATING_MEETINGS = Collection("rating_meetings", RatingMeeting)
RECEIVED_MEETINGS = Collection("received_meetings", ReceivedMeeting)
FOREIGN = (TOWNS, PEOPLE, DEPUTYSHIPS, GROUPS, STATIONS, ROSTER_HEADS, RATING_MEETINGS)

ALL = (
    *OWN,
    ABSENCE_COUNTS,
    DRAFTS,
    CALENDAR_LINKS,
    EVIDENCE,
    CONTACTS,
    OPINION_CODES,
    RECEIVED_MEETINGS,
    *FOREIGN,
)

OPINIONS_KEPT_LEAST: Final = 365
QUIET_SECONDS: Final = 0.2


async def rules(work: Work, day: date) -> Rules:
    """The town's rules in force on a day; the defaults until the town has been received."""
    town = await work.get(TOWNS, work.town)
    return town.rules_on(day) if town is not None else Rules()


async def roster_sequence(work: Work) -> int:
    head = await work.get(ROSTER_HEADS, work.town)
    return head.version if head is not None else 0


async def deputyships(work: Work) -> list[Deputyship]:
    return await work.find(DEPUTYSHIPS)


async def deputyships_of(work: Work, person_id: str) -> list[Deputyship]:
    return await work.find(DEPUTYSHIPS, {"person_id": person_id})


async def roster(work: Work) -> tuple[list[Deputyship], int, bool]:
    """(deputyships, sequence of the roster event they are as of, whether all events up to it were applied)."""

    async def read() -> tuple[list[Deputyship], int]:
        return await deputyships(work), await roster_sequence(work)

    (records, sequence), mark = await vouched(work.reader, source_of(work.town, "roster"), read)
    return records, sequence, mark is not None and mark.complete


async def session_numbered(work: Work, congress_number: int, session_number: int) -> Session | None:
    numbers = {"congress_number": congress_number, "session_number": session_number}
    sessions = await work.find(SESSIONS, {**numbers, **IN_FORCE})
    return sessions[0] if sessions else None


async def absences_of(work: Work, congress_number: int) -> list[Absence]:
    return await work.find(ABSENCES, {"congress_number": congress_number})


async def congress_number(work: Work) -> int | None:
    """Number of the current congress according to the roster, else that of the last session."""
    town = await work.get(TOWNS, work.town)
    if town is not None and town.congress_number is not None:
        return town.congress_number
    sessions = await work.find(SESSIONS, IN_FORCE, sort=(("congress_number", -1),), limit=1)
    return sessions[0].congress_number if sessions else None


async def presidium_meeting_numbered(work: Work, year: int, number: int) -> PresidiumMeeting | None:
    meetings = await work.find(PRESIDIUM_MEETINGS, {"year": year, "number": number, **IN_FORCE})
    return meetings[0] if meetings else None


async def presidium_meetings_by(work: Work, day: date) -> list[PresidiumMeeting]:
    return await work.find(PRESIDIUM_MEETINGS, {"held_on": {"$lte": day.isoformat()}, **IN_FORCE})


async def unfinished_suggestions(work: Work) -> list[Suggestion]:
    """Those whose next step is still to be entered."""
    done = {State.RATED, State.CLOSED, State.REJECTED}
    unfinished = [state for state in State if state not in done]
    return await work.find(SUGGESTIONS, {"state": {"$in": unfinished}, **IN_FORCE})


async def pending_drafts(work: Work) -> list[Draft]:
    return await work.find(DRAFTS, {"state": DraftState.PENDING})


async def suggestions_in(work: Work, year: int) -> list[Suggestion]:
    """Those raised in a year, and those of earlier years that were open when it began."""
    earlier = await work.page(SUGGESTIONS, open_on(date(year - 1, 12, 31)), after=None, limit=0)
    return [*earlier, *await work.find(SUGGESTIONS, {"year": year, **IN_FORCE})]


async def plans_by(work: Work, year: int) -> list[Plan]:
    """Plans of the year and of the year before, whose last items may still be open."""
    return await work.find(PLANS, {"year": {"$in": [year - 1, year]}})


async def calendar_link(reader: Reader, fingerprint: str) -> CalendarLink | None:
    """Over all towns."""
    documents = await reader.find("calendar_links", {"fingerprint": fingerprint}, limit=1)
    return CALENDAR_LINKS.load(documents[0]) if documents else None


async def plan_with_item(work: Work, item_id: str) -> Plan | None:
    """Scans all plans: a town has only a few a year."""
    for plan in await work.find(PLANS):
        if any(item.id == item_id for item in plan.items):
            return plan
    return None


async def plans_of(work: Work, year: int, group_id: str | None) -> list[Plan]:
    return await work.find(PLANS, {"year": year, "group_id": group_id})


async def suggestion_numbered(work: Work, year: int, number: Number) -> Suggestion | None:
    """A number stored as text equals the integer."""
    numbers = {"$in": [plain(number), str(number)]}
    suggestions = await work.find(SUGGESTIONS, {"year": year, "number": numbers, **IN_FORCE})
    return suggestions[0] if suggestions else None


async def end_of_session(work: Work, id: str | None) -> date | None:
    session = await work.get(SESSIONS, id) if id is not None else None
    return (session.ended_on or session.held_on) if session is not None else None


def of_group(group_id: str) -> dict[str, Any]:
    """Filter of the activities of a group, joint ones included."""
    return {"$or": [{"group_id": group_id}, {"group_ids": group_id}]}


def open_on(day: date) -> dict[str, Any]:
    """Filter of suggestions raised by `day` and neither closed nor rejected by it, of any year (结转), none voided."""
    ended = [State.CLOSED.value, State.REJECTED.value]
    later = {"$gt": day.isoformat()}
    return {
        **IN_FORCE,
        "raised_on": {"$lte": day.isoformat()},
        "$or": [{"state": {"$nin": ended}}, {"closed_on": later}, {"rejected_on": later}],
    }


async def suggestions_due(reader: Reader, today: date) -> list[Place]:
    """Suggestions of all towns with a reply due in the window of reminders."""
    window = _reminder_window(today)
    awaited = [{"state": State.ASSIGNED, "due_on": window}, {"state": State.REDO, "redo_due_on": window}]
    return await places(reader, "suggestions", {"$or": awaited, **IN_FORCE})


async def plans_due(reader: Reader, today: date) -> list[Place]:
    """Plans of all towns with an open item due in the window of reminders."""
    item = {"state": ItemState.PLANNED, "due_on": _reminder_window(today)}
    return await places(reader, "plans", {"items": {"$elemMatch": item}})


async def presidium_meetings_due(reader: Reader, today: date) -> list[Place]:
    """Presidium meetings of all towns with an open decision due in the window of reminders."""
    query = {"decisions": {"$elemMatch": {"done_on": None, "due_on": _reminder_window(today)}}, **IN_FORCE}
    return await places(reader, "presidium_meetings", query)


def _reminder_window(today: date) -> dict[str, str]:
    return {
        "$gte": (today - timedelta(days=PAST_DAYS)).isoformat(),
        "$lte": (today + timedelta(days=WARNING_DAYS_MOST)).isoformat(),
    }


async def code_of(reader: Reader, code: str) -> OpinionCode | None:
    """Over all towns, as the address has no town."""
    documents = await reader.find("opinion_codes", {"_id": code}, limit=1)
    return OPINION_CODES.load(documents[0]) if documents else None


async def opinions_with_contacts_to_go(reader: Reader, today: date) -> list[Place]:
    """Closed opinions of all towns with a contact still stored."""
    opinions: list[Place] = []
    async for contacts in pages(reader, "contacts"):
        ids = [contact["_id"] for contact in contacts]
        closed = {"_id": {"$in": ids}, "state": OpinionState.CLOSED, "closed_on": {"$lt": today.isoformat()}}
        opinions += await places(reader, "opinions", closed)
    return opinions


async def opinions_to_erase(reader: Reader, today: date) -> list[Place]:
    """Opinions of all towns, closed or voided long enough ago by the shortest period a town may set."""
    long_ago = {"$lt": (today - timedelta(days=OPINIONS_KEPT_LEAST)).isoformat()}
    over = [{"state": OpinionState.CLOSED, "closed_on": long_ago}, {"voided_on": long_ago}]
    fields = ("town", "text", "answer")
    found = await reader.find("opinions", {"$or": over, "erased": None}, fields=fields)
    return [place_of(document) for document in found if document.get("text") or document.get("answer")]


async def session_before(work: Work, day: date) -> Session | None:
    """The last session held by a day."""
    started = [session for session in await work.find(SESSIONS, IN_FORCE) if session.held_on <= day]
    return max(started, key=lambda session: session.held_on, default=None)


async def await_roster(work: Work, *, certainly: bool = False) -> None:
    """Wait until no roster event has been applied for QUIET_SECONDS, if one was just now, or with `certainly` always.

    Deputies are often entered moments before the first attendance; those expected but not named cannot be waited for
    by id.
    """
    head = await work.get(ROSTER_HEADS, work.town)
    if head is None or (not certainly and _age_seconds(work, head) >= QUIET_SECONDS):
        return
    loop = asyncio.get_running_loop()
    last_sequence, since = head.version, loop.time()

    async def quiet() -> bool:
        nonlocal last_sequence, since
        sequence = await roster_sequence(work)
        if sequence != last_sequence:
            last_sequence, since = sequence, loop.time()
        return loop.time() - since >= QUIET_SECONDS

    await work.reader.arrival(quiet, within=work.patience)


def _age_seconds(work: Work, head: RosterHead) -> float:
    return (work.clock.now() - head.moved_at).total_seconds() if head.moved_at else QUIET_SECONDS


async def directory(work: Work, names: SizedIterable[str]) -> Directory:
    """Index of the roster by name, after waiting until no more events arrive and every name resolves, or a timeout."""
    await await_roster(work, certainly=True)
    directory = Directory()

    async def complete() -> bool:
        nonlocal directory
        directory = Directory.from_records(
            await work.find(PEOPLE),
            await deputyships(work),
            await work.find(GROUPS),
            await work.find(STATIONS),
        )
        return all(map(directory.resolves, names))

    await work.reader.arrival(complete, within=work.patience)
    return directory


async def evidence_to_erase(reader: Reader) -> list[Place]:
    return await places(reader, "evidence", {"state": EvidenceState.VOIDED, "erased": False})


async def orphaned_files(reader: Reader, before: datetime) -> list[Orphan]:
    """Files uploaded before an instant that are no evidence."""
    return await orphans(reader, "evidence", "_id", before)
