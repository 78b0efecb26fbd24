"""Export of the records as the office's workbook 履职, with the rows its import reads, in the order of their dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any, Final, TypeVar

from services.activities import repository
from services.activities.domain.activities import Activity
from services.activities.domain.attendance import Attendance
from services.activities.domain.cases import Case
from services.activities.domain.leave import APPROVAL
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.domain.opinions import Opinion
from services.activities.domain.plans import ItemState, Plan, PlanItem
from services.activities.domain.reviews import UnitBallots
from services.activities.domain.steps import SuggestionStep
from services.activities.domain.suggestions import Suggestion
from services.activities.names import Directory, item_numbers
from services.activities.repository import (
    ACTIVITIES,
    OPINIONS,
    PLANS,
    PRESIDIUM_MEETINGS,
    SESSIONS,
    SUGGESTIONS,
)
from services.activities.sheets import sessions as sheets
from services.activities.sheets.reviews import INQUIRIES, REVIEWS
from services.activities.sheets.suggestions import HANDLING, STEPS
from shared.storage.voiding import Voidable
from shared.storage.work import Record, Work
from shared.workbook import Rows

Row = dict[str, Any]
HeldRecord = Session | PresidiumMeeting | Activity
V = TypeVar("V", bound=Voidable)
_TERM: Final = ("congress_number", "session_number")
_OF_YEAR: Final = ("year", "number")
_OF_SUGGESTION: Final = (
    *(
        "year",
        "number",
        "raised_on",
        "raised_at",
        "title",
        "text",
        "category",
        "supervised_by",
        "withheld_for",
        "void_reason",
    ),
)


async def rows(work: Work) -> Rows:
    """Rows of each sheet. Contains voters' opinions in full: for the office only."""
    directory = await repository.directory(work, ())
    book = _Book(
        directory,
        {group.id: group.number for group in directory.groups.values()},
        {station.id: station.name for station in directory.stations.values()},
    )
    sessions = _each_once(await work.find(SESSIONS), _TERM, "held_on")
    meetings = _each_once(await work.find(PRESIDIUM_MEETINGS), _OF_YEAR, "held_on")
    activities = sorted(await work.find(ACTIVITIES), key=lambda activity: activity.held_on)
    opinions = sorted(await work.find(OPINIONS), key=lambda opinion: opinion.received_on)
    suggestions = _each_once(await work.find(SUGGESTIONS), _OF_YEAR, "in_order")
    numbers = {s.id: f"{s.year}-{s.number}" for s in suggestions if not s.is_voided}
    records: list[HeldRecord] = [*sessions, *meetings, *activities]
    done_by = _called(records)
    return {
        "年度计划": [row for plan in _in_order(await work.find(PLANS)) for row in book.plan(plan, done_by)],
        "人代会": [book.meeting(session) for session in sessions],
        **{
            sheet: [row for session in sessions for row in book.parts(session, sheet)]
            for sheet in sheets.PARTS
        },
        "主席团会议": [book.meeting(meeting) for meeting in meetings],
        "主席团议定事项": [
            row for meeting in meetings for row in _parts(meeting, _OF_YEAR, meeting.decisions)
        ],
        "活动": [book.activity(one, done_by, activities[:n]) for n, one in enumerate(activities)],
        REVIEWS.name: [row for activity in activities for row in book.reviews(activity)],
        INQUIRIES.name: [row for activity in activities for row in book.inquiries(activity)],
        "请假审批": [
            row
            for record in records
            if record.id in done_by
            for row in book.leaves(record, done_by[record.id])
        ],
        "选民意见": [book.opinion(opinion, done_by, numbers) for opinion in opinions],
        "代表建议": [book.suggestion(suggestion, done_by) for suggestion in suggestions],
        HANDLING.name: [row for s in suggestions if in_row(s) is None for row in steps_of(s)],
    }


def _called(records: Sequence[HeldRecord]) -> dict[str, str]:
    """How rows name what was held, by id; a voided meeting has no name, as its number may be another's."""
    names = {}
    for record in records:
        if isinstance(record, Activity):
            names[record.id] = record.reference or record.id
        elif isinstance(record, Session) and not record.is_voided:
            names[record.id] = f"人代会{record.congress_number}-{record.session_number}"
        elif isinstance(record, PresidiumMeeting) and not record.is_voided:
            names[record.id] = f"主席团{record.year}-{record.number}"
    return names


def _each_once(records: Sequence[V], key: Sequence[str], order: str) -> list[V]:
    """One record of each number, as it has one row: the one in force, else the last voided."""
    latest = sorted(records, key=lambda record: (not record.is_voided, record.id))
    of_number = {tuple(getattr(record, name) for name in key): record for record in latest}
    return sorted(of_number.values(), key=attrgetter(order))


def _in_order(plans: Sequence[Plan]) -> list[Plan]:
    return sorted(plans, key=lambda plan: (plan.year, plan.group_id is not None, plan.group_id or ""))


def _parts(record: Record, key: tuple[str, str], parts: Sequence[Any]) -> Iterator[Row]:
    """Rows of reports, resolutions or decisions, each with the key columns of its session or meeting."""
    named = {name: getattr(record, name) for name in key}
    return ({**part.model_dump(), **named} for part in parts)


@dataclass(frozen=True)
class _Book:
    """Builds rows; ids become names: deputies by the directory, groups by number, stations by name."""

    directory: Directory
    groups: dict[str, int | None]
    stations: dict[str, str]

    def name(self, deputyship_id: str | None, day: date) -> str | None:
        return None if deputyship_id is None else self.directory.written(deputyship_id, day)

    def plan(self, plan: Plan, done_by: dict[str, str]) -> Iterator[Row]:
        group = self.groups.get(plan.group_id) if plan.group_id else None
        for item, number in zip(plan.items, item_numbers(plan, group), strict=True):
            row = {**item.model_dump(), "year": plan.year, "group": group, "number": number}
            yield {**row, **_postponement(item), **_outcome(item, done_by)}

    def parts(self, session: Session, sheet: str) -> Iterator[Row]:
        """Rows of a sheet of parts of a session."""
        for row in _parts(session, _TERM, getattr(session, sheets.PARTS[sheet])):
            written = {
                name: [self.name(id, session.held_on) for id in row.get(name, ())]
                for name in sheets.names_of(sheet)
            }
            yield {**row, **written}

    def meeting(self, meeting: Session | PresidiumMeeting) -> Row:
        vote = meeting.livelihood_vote if isinstance(meeting, Session) else None
        row = {**meeting.model_dump(), **(vote.model_dump() if vote else {})}
        return {**row, **self._attendance(meeting.attendance, meeting.held_on)}

    def leaves(self, record: HeldRecord, name: str) -> Iterator[Row]:
        groups = record.groups if isinstance(record, Activity) else ()
        for leave in record.attendance.on_leave:
            approval = leave.model_dump(include=set(APPROVAL))
            if approval:
                deputy = self.directory.written(leave.deputyship_id, record.held_on, groups=groups)
                yield {**approval, "held": name, "deputy": deputy}

    def activity(self, activity: Activity, done_by: dict[str, str], above: Sequence[Activity]) -> Row:
        different = {other.id for other in above} & {*activity.different_from}
        return {
            **self.placed(activity, activity.station_id, activity.reference),
            **(activity.follow_up.model_dump() if activity.follow_up else {}),
            "different_from": sorted(done_by[id] for id in different),
            **_case(activity.case),
            **activity.classified(()).model_dump(include={"themes", "forms"}),
            "tags": None,
            "units": [f"{unit.name}：{unit.result}" if unit.result else unit.name for unit in activity.units],
            "group": [str(self.groups[id]) for id in activity.groups if self.groups.get(id) is not None],
            **self._attendance(activity.attendance, activity.held_on, activity.groups),
        }

    def reviews(self, activity: Activity) -> Iterator[Row]:
        """Units with ballots; the others are named in the activity's row."""
        for unit in activity.units:
            ballots = unit.model_dump(include={*UnitBallots.model_fields}, exclude_none=True)
            if ballots:
                named = {"name": unit.name, "result": unit.result}
                yield {"reference": activity.reference or activity.id, **named, **ballots}

    def inquiries(self, activity: Activity) -> Iterator[Row]:
        for question in activity.questions:
            askers = [self.name(id, activity.held_on) for id in question.askers]
            row = {**question.model_dump(), "askers": askers}
            yield {"reference": activity.reference or activity.id, **row}

    def opinion(self, opinion: Opinion, done_by: dict[str, str], numbers: dict[str, str]) -> Row:
        return {
            **self.placed(opinion, opinion.station_id, opinion.reference),
            "deputy": self.name(opinion.deputyship_id, opinion.received_on),
            "activity": done_by.get(opinion.activity_id or ""),
            "suggestion": numbers.get(opinion.suggestion_id or ""),
            "converted_on": opinion.converted_on if opinion.suggestion_id in numbers else None,
        }

    def placed(self, record: Record, station_id: str | None, reference: str | None) -> Row:
        station = self.stations.get(station_id) if station_id else None
        return {**record.model_dump(), "reference": reference or record.id, "station": station}

    def suggestion(self, suggestion: Suggestion, sessions: dict[str, str]) -> Row:
        return {
            **suggestion.model_dump(include={*_OF_SUGGESTION}),
            "key": suggestion.key or None,
            **_case(suggestion.case),
            "lead": self.name(suggestion.lead_deputyship_id, suggestion.raised_on),
            "co": [self.directory.written(id, suggestion.raised_on) for id in suggestion.co_deputyship_ids],
            "session": sessions.get(suggestion.session_id or ""),
            **(suggestion.intake.model_dump() if suggestion.intake else {}),
            **(in_row(suggestion) or {}),
        }

    def _attendance(self, sheet: Attendance, day: date, groups: Sequence[str] = ()) -> Row:
        def written(id: str) -> str:
            return self.directory.written(id, day, groups=groups)

        return {
            "present": [(written(id), sheet.ways_of(id) or None) for id in sheet.present],
            "on_leave": [(written(leave.deputyship_id), leave.reason) for leave in sheet.on_leave],
            "absent": [written(id) for id in sheet.absent],
        }


def _case(case: Case | None) -> Row:
    if case is None:
        return {}
    texts = {f"case_{name}": text for name, text in case.model_dump(exclude={"in_report"}).items()}
    return {**texts, "case_in_report": case.in_report or None}


def _postponement(item: PlanItem) -> Row:
    """Columns of the last postponement, with the original due date; empty where the date was corrected since."""
    if not item.postponements or item.postponements[-1].to != item.due_on:
        return {}
    last = item.postponements[-1]
    return {
        "due_on": last.from_on,
        "postponed_to": last.to,
        "postponed_reason": last.reason,
        "postponed_on": last.on,
    }


def _outcome(item: PlanItem, done_by: dict[str, str]) -> Row:
    """Columns of state and record; an item done by a record of another service has neither."""
    if item.state is not ItemState.DONE:
        return {"state": item.state, "done_by": None}
    named = done_by.get(item.activity_id or "")
    return {"state": item.state if named else None, "done_by": named}


def in_row(suggestion: Suggestion) -> Row | None:
    """The steps in the columns of the suggestion's row; None where the columns cannot express them."""
    row: Row = {}
    columns = iter(STEPS)
    for step in suggestion.steps:
        entered = _entered(step)
        column = next((column for column in columns if column[0] == step.action), None)
        if column is None or not entered.keys() <= {name for name, _ in column[2]} or step.on is None:
            return None
        row[column[1]] = step.on
        row |= {field: entered.get(name) for name, field in column[2]}
    return row


def steps_of(suggestion: Suggestion) -> Iterator[Row]:
    """A row per step; none of a voided suggestion, to which no step can be added again."""
    if suggestion.is_voided:
        return
    key = {"year": suggestion.year, "number": suggestion.number}
    for number, step in enumerate(suggestion.steps, start=1):
        yield {**key, "step": number, "action": step.action, "on": step.on, **_entered(step)}


def _entered(step: SuggestionStep) -> Row:
    """Values entered with a step, besides its day; the others are computed from the rules."""
    entered = {column.field for column in HANDLING.columns} - {"on", "action"}
    values = step.model_dump(exclude_none=True)
    return {name: value for name, value in values.items() if name in entered and value != ""}
