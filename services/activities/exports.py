"""The ledger as the office's workbook 履职: the rows its import would read, in the order of their dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from services.activities import repository
from services.activities.domain.activities import Activity
from services.activities.domain.attendance import Attendance
from services.activities.domain.leave import APPROVAL
from services.activities.domain.meetings import PresidiumMeeting, Session
from services.activities.domain.opinions import Opinion
from services.activities.domain.plans import ItemState, Plan, PlanItem
from services.activities.domain.steps import Step
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
from services.activities.sheets.suggestions import HANDLING, STEPS
from shared.storage.work import Record, Work
from shared.workbook import Rows

Row = dict[str, Any]
Held = Session | PresidiumMeeting | Activity
R = TypeVar("R", bound=Record)
_TERM: Final = ("congress_number", "session_number")
_OF_YEAR: Final = ("year", "number")


async def rows(work: Work) -> Rows:
    """Sheet by sheet; what voters said is among it, so for the office alone."""
    directory = await repository.directory(work, ())
    book = _Book(
        directory,
        {one.id: one.number for one in directory.groups.values()},
        {one.id: one.name for one in directory.stations.values()},
    )
    sessions = sorted(await work.find(SESSIONS), key=lambda one: one.held_on)
    meetings = sorted(await work.find(PRESIDIUM_MEETINGS), key=lambda one: one.held_on)
    activities = sorted(await work.find(ACTIVITIES), key=lambda one: one.held_on)
    opinions = sorted(await work.find(OPINIONS), key=lambda one: one.received_on)
    suggestions = sorted(await work.find(SUGGESTIONS), key=lambda one: (one.year, str(one.number).zfill(9)))
    done_by = {one.id: f"人代会{one.congress_number}-{one.session_number}" for one in sessions}
    done_by |= {one.id: f"主席团{one.year}-{one.number}" for one in meetings}
    done_by |= {one.id: one.reference or one.id for one in activities}
    numbers = {one.id: f"{one.year}-{one.number}" for one in suggestions}
    held: list[Held] = [*sessions, *meetings, *activities]
    return {
        "年度计划": [row for plan in _in_order(await work.find(PLANS)) for row in book.plan(plan, done_by)],
        "人代会": [book.held(one) for one in sessions],
        "人代会报告": [row for one in sessions for row in _parts(one, _TERM, one.reports)],
        "人代会决议": [row for one in sessions for row in _parts(one, _TERM, one.resolutions)],
        "人代会选举": [row for one in sessions for row in _parts(one, _TERM, one.elections)],
        "人代会议案": [row for one in sessions for row in book.motions(one)],
        "人代会列席": [row for one in sessions for row in _parts(one, _TERM, one.observer_kinds)],
        "主席团会议": [book.held(one) for one in meetings],
        "主席团议定事项": [row for one in meetings for row in _parts(one, _OF_YEAR, one.decisions)],
        "活动": [book.activity(one) for one in activities],
        "请假审批": [row for one in held for row in book.leaves(one, done_by[one.id])],
        "选民意见": [book.opinion(one, done_by, numbers) for one in opinions],
        "代表建议": [book.suggestion(one, done_by) for one in suggestions],
        HANDLING.name: [row for one in suggestions if in_row(one) is None for row in steps_of(one)],
    }


def _in_order(plans: Sequence[Plan]) -> list[Plan]:
    return sorted(plans, key=lambda plan: (plan.year, plan.group_id is not None, plan.group_id or ""))


def _parts(record: Record, key: tuple[str, str], parts: Sequence[Any]) -> Iterator[Row]:
    """Reports, resolutions or decisions, each beside the numbers of what it belongs to."""
    named = {name: getattr(record, name) for name in key}
    return ({**part.model_dump(), **named} for part in parts)


@dataclass(frozen=True)
class _Book:
    """What ids are called in the workbook: deputies by the directory, groups by number, stations by name."""

    directory: Directory
    groups: dict[str, int | None]
    stations: dict[str, str]

    def name(self, deputyship_id: str | None, day: date) -> str | None:
        return None if deputyship_id is None else self.directory.written(deputyship_id, day)

    def plan(self, plan: Plan, done_by: dict[str, str]) -> Iterator[Row]:
        group = self.groups.get(plan.group_id) if plan.group_id else None
        for item, number in zip(plan.items, item_numbers(plan, group), strict=True):
            row = {**item.model_dump(), "year": plan.year, "group": group, "number": number}
            yield {**row, **_put_off(item), **_became(item, done_by)}

    def motions(self, session: Session) -> Iterator[Row]:
        rows = _parts(session, _TERM, session.motions)
        for row, motion in zip(rows, session.motions, strict=True):
            proposers = [self.directory.written(one, session.held_on) for one in motion.proposers]
            yield {**row, "proposers": proposers}

    def held(self, meeting: Session | PresidiumMeeting) -> Row:
        return {**meeting.model_dump(), **self._attendance(meeting.attendance, meeting.held_on, None)}

    def leaves(self, one: Held, called: str) -> Iterator[Row]:
        group_id = one.group_id if isinstance(one, Activity) else None
        for leave in one.attendance.on_leave:
            approval = leave.model_dump(include=set(APPROVAL))
            if approval:
                name = self.directory.written(leave.deputyship_id, one.held_on, group_id=group_id)
                yield {**approval, "held": called, "deputy": name}

    def activity(self, one: Activity) -> Row:
        return {
            **self.placed(one, one.station_id, one.reference),
            **(one.follow_up.model_dump() if one.follow_up else {}),
            "units": [f"{unit.name}：{unit.result}" if unit.result else unit.name for unit in one.units],
            "group": self.groups.get(one.group_id) if one.group_id else None,
            **self._attendance(one.attendance, one.held_on, one.group_id),
        }

    def opinion(self, one: Opinion, done_by: dict[str, str], numbers: dict[str, str]) -> Row:
        return {
            **self.placed(one, one.station_id, one.reference),
            "deputy": self.name(one.deputyship_id, one.received_on),
            "activity": done_by.get(one.activity_id or ""),
            "suggestion": numbers.get(one.suggestion_id or ""),
            "converted_on": one.converted_on if one.suggestion_id in numbers else None,
        }

    def placed(self, record: Record, station_id: str | None, reference: str | None) -> Row:
        station = self.stations.get(station_id) if station_id else None
        return {**record.model_dump(), "reference": reference or record.id, "station": station}

    def suggestion(self, one: Suggestion, sessions: dict[str, str]) -> Row:
        return {
            **one.model_dump(
                include={"year", "number", "raised_on", "raised_at", "title", "text", "category"}
            ),
            "lead": self.name(one.lead_deputyship_id, one.raised_on),
            "co": [self.directory.written(id, one.raised_on) for id in one.co_deputyship_ids],
            "session": sessions.get(one.session_id or ""),
            **(one.intake.model_dump() if one.intake else {}),
            **(in_row(one) or {}),
        }

    def _attendance(self, sheet: Attendance, day: date, group_id: str | None) -> Row:
        def written(id: str) -> str:
            return self.directory.written(id, day, group_id=group_id)

        return {
            "present": [written(id) for id in sheet.present],
            "on_leave": [(written(leave.deputyship_id), leave.reason) for leave in sheet.on_leave],
            "absent": [written(id) for id in sheet.absent],
        }


def _put_off(item: PlanItem) -> Row:
    """The last postponement, beside the day it put off; none where the day was corrected since."""
    if not item.postponements or item.postponements[-1].to != item.due_on:
        return {}
    last = item.postponements[-1]
    return {
        "due_on": last.from_on,
        "postponed_to": last.to,
        "postponed_reason": last.reason,
        "postponed_on": last.on,
    }


def _became(item: PlanItem, done_by: dict[str, str]) -> Row:
    """What is done by a record of another service has no words here, and stays as it is."""
    if item.state is not ItemState.DONE:
        return {"state": item.state, "done_by": None}
    named = done_by.get(item.activity_id or "")
    return {"state": item.state if named else None, "done_by": named}


def in_row(suggestion: Suggestion) -> Row | None:
    """The steps in the columns of its own row; None where these do not hold all that was done."""
    row: Row = {}
    columns = iter(STEPS)
    for step in suggestion.steps:
        said = _said(step)
        found = next((column for column in columns if column[0] == step.action), None)
        if found is None or not said.keys() <= {name for name, _ in found[2]} or step.on is None:
            return None
        row[found[1]] = step.on
        row |= {field: said.get(name) for name, field in found[2]}
    return row


def steps_of(suggestion: Suggestion) -> Iterator[Row]:
    key = {"year": suggestion.year, "number": suggestion.number}
    for number, step in enumerate(suggestion.steps, start=1):
        yield {**key, "step": number, "action": step.action, "on": step.on, **_said(step)}


def _said(step: Step) -> Row:
    """What was entered with a step besides its day; the rest follows from the rules."""
    entered = {column.field for column in HANDLING.columns} - {"on", "action"}
    said = step.model_dump(exclude_none=True)
    return {name: value for name, value in said.items() if name in entered and value != ""}
