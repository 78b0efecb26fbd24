"""Rows of sessions and presidium meetings, and of their parts: reports, resolutions, elections, decisions.

The parts are written with the session in one version; their own rows then only return the result.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain.attendance import expected_at_session, expected_in_presidium
from services.activities.domain.business import (
    AcceptedResignation,
    Election,
    HeardReport,
    Motion,
    Removal,
    Resolution,
)
from services.activities.domain.livelihood import LivelihoodProject, LivelihoodVote
from services.activities.domain.meetings import (
    Decision,
    Observers,
    PresidiumMeeting,
    Session,
)
from services.activities.domain.questions import Question
from services.activities.handlers import meetings as handlers
from services.activities.imports.rows import SHEET_OF_ATTENDANCE, Sheets, part_done
from services.activities.imports.voiding import VOID, held_then, voided_as_told, voided_before
from services.activities.repository import PRESIDIUM_MEETINGS, SESSIONS
from services.activities.schemas import PresidiumMeetingIn, SessionIn
from services.activities.sheets import sessions as sheets
from shared.endpoints.imports import checked, done, filled
from shared.http import patch_of
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem

SessionKey = tuple[int, int]
MeetingKey = tuple[int, int]

SessionPatch = patch_of(SessionIn)
PresidiumMeetingPatch = patch_of(PresidiumMeetingIn)


@dataclass(frozen=True)
class Part:
    """A sheet of parts of a session or meeting: the field its rows fill, their model and key. `names` are columns of
    deputies, `whole` those of the session or meeting."""

    field: str
    model: type[BaseModel]
    key: tuple[str, ...]
    names: tuple[str, ...] = ()
    whole: tuple[str, ...] = ("congress_number", "session_number")

    def key_of(self, part: BaseModel) -> tuple[Any, ...]:
        return tuple(getattr(part, name) for name in self.key)

    def values(self, row: Row) -> dict[str, Any]:
        """Values of the filled cells, without names of deputies."""
        return filled(row, *self.whole, *self.names)

    def key_in(self, row: Row) -> tuple[Any, ...]:
        """The key in the form in which it is recorded. Errors: Invalid."""
        return self.key_of(checked(self.model, self.values(row)))


MODELS: Final[dict[str, type[BaseModel]]] = {
    "reports": HeardReport,
    "resolutions": Resolution,
    "elections": Election,
    "resignations_accepted": AcceptedResignation,
    "removals": Removal,
    "motions": Motion,
    "observer_kinds": Observers,
    "questions": Question,
    "livelihood_projects": LivelihoodProject,
}
PARTS: Final = {
    sheet: Part(field, MODELS[field], sheets.key_of(sheet), sheets.names_of(sheet))
    for sheet, field in sheets.PARTS.items()
}
DECISIONS: Final = Part("decisions", Decision, ("text",), whole=("year", "number"))


def _vote(row: Row, before: Session | None) -> dict[str, Any]:
    """The ballots on livelihood projects; empty cells leave recorded values unchanged."""
    cells = {name: row[name] for name in LivelihoodVote.model_fields if row[name] is not None}
    recorded = before.livelihood_vote if before is not None else None
    return {"livelihood_vote": {**dict(recorded or ()), **cells}} if cells else {}


def in_its_year(row: Row) -> None:
    """Errors: RowProblem where a meeting was held in another year than that of its number."""
    if row["held_on"].year != row["year"]:
        raise RowProblem("held_on", f"召开日期不在 {row['year']} 年")


@dataclass
class MeetingRows:
    """`sessions` and `meetings`: the record before this import, and after."""

    sheets: Sheets
    sessions: dict[SessionKey, tuple[Session | None, Session]] = field(default_factory=dict)
    meetings: dict[MeetingKey, tuple[PresidiumMeeting | None, PresidiumMeeting]] = field(default_factory=dict)

    async def session(self, work: Work, row: Row) -> Done:
        key = row["congress_number"], row["session_number"]
        before = await repository.session_numbered(work, *key)
        term, same = ("congress_number", "session_number"), held_then(row)
        voided = await voided_before(work, SESSIONS, row, *term, before=before, same=same)
        if voided is not None:
            self.sessions[key] = voided, voided
            return done(voided, voided)
        values = {
            **filled(row, VOID, *SHEET_OF_ATTENDANCE, *LivelihoodVote.model_fields),
            **_vote(row, before),
            **self.session_attendance(row, before),
            **self._session_parts(key, row["held_on"], before),
        }
        if before is None:
            after = await handlers.hold_session(work, checked(SessionIn, values))
        else:
            after = await handlers.change_session(work, before, checked(SessionPatch, values))
        after = await voided_as_told(work, after, row, handlers.void_session)
        self.sessions[key] = before, after
        return done(before, after)

    async def part(self, work: Work, row: Row) -> Done:
        """Result of the row of a report, a resolution, an election … of a session."""
        before, after = await self._session_of(work, row)
        part = PARTS[row.sheet]
        was = {part.key_of(item): item for item in getattr(before, part.field)} if before else {}
        now = {part.key_of(item): item for item in getattr(after, part.field)}
        self._named(part, row, after.held_on)
        key = part.key_in(row)
        return part_done(was, key, now[key]) if not after.is_voided else "unchanged"

    async def presidium_meeting(self, work: Work, row: Row) -> Done:
        key, day = (row["year"], row["number"]), row["held_on"]
        in_its_year(row)
        before = await repository.presidium_meeting_numbered(work, *key)
        of_year, same = ("year", "number"), held_then(row)
        voided = await voided_before(work, PRESIDIUM_MEETINGS, row, *of_year, before=before, same=same)
        if voided is not None:
            self.meetings[key] = voided, voided
            return done(voided, voided)
        values = {
            **filled(row, VOID, "year", *SHEET_OF_ATTENDANCE),
            **self.presidium_attendance(row, before),
            **self._meeting_parts(key, day, before),
        }
        if before is None:
            after = await handlers.hold_presidium_meeting(work, checked(PresidiumMeetingIn, values))
        else:
            after = await handlers.change_presidium_meeting(
                work, before, checked(PresidiumMeetingPatch, values)
            )
        after = await voided_as_told(work, after, row, handlers.void_presidium_meeting)
        self.meetings[key] = before, after
        return done(before, after)

    async def decision(self, work: Work, row: Row) -> Done:
        key = row["year"], row["number"]
        if key not in self.meetings:
            before = await repository.presidium_meeting_numbered(work, *key)
            if before is None:
                message = f"没有 {key[0]} 年第 {key[1]} 次主席团会议"
                raise RowProblem("number", message, refers=("主席团会议", *key))
            patch = checked(PresidiumMeetingPatch, self._meeting_parts(key, before.held_on, before))
            self.meetings[key] = before, await handlers.change_presidium_meeting(work, before, patch)
        was, now = self.meetings[key]
        decided = {decision.text: decision for decision in now.decisions}
        known = {decision.text: decision for decision in was.decisions} if was else {}
        return part_done(known, row["text"], decided[row["text"]]) if not now.is_voided else "unchanged"

    def session_attendance(self, row: Row, before: Session | None = None) -> dict[str, Any]:
        day, directory = row["held_on"], self.sheets.directory
        roll = directory.roll(expected_at_session(directory.deputyships, day), day, town_level_only=True)
        return self.sheets.attendance(row, roll, before=before)

    def presidium_attendance(self, row: Row, before: PresidiumMeeting | None = None) -> dict[str, Any]:
        day, directory = row["held_on"], self.sheets.directory
        roll = directory.roll(expected_in_presidium(directory.deputyships, day), day)
        return self.sheets.attendance(row, roll, before=before)

    async def check_session(self, _: Work, row: Row) -> None:
        self.session_attendance(row)

    async def check_presidium_meeting(self, _: Work, row: Row) -> None:
        in_its_year(row)
        self.presidium_attendance(row)

    async def _session_of(self, work: Work, row: Row) -> tuple[Session | None, Session]:
        """The session of a report or resolution; written here where the workbook has no row for it."""
        key = row["congress_number"], row["session_number"]
        if key not in self.sessions:
            before = await repository.session_numbered(work, *key)
            if before is None:
                message = f"没有第 {key[0]} 届第 {key[1]} 次会议"
                raise RowProblem("session_number", message, refers=("人代会", *key))
            patch = checked(SessionPatch, self._session_parts(key, before.held_on, before))
            self.sessions[key] = before, await handlers.change_session(work, before, patch)
        return self.sessions[key]

    def _session_parts(self, key: SessionKey, day: date, before: Session | None) -> dict[str, Any]:
        named = {"congress_number": key[0], "session_number": key[1]}
        return {
            part.field: self._merged(
                part, self.sheets.sound(sheet, **named), getattr(before, part.field) if before else (), day
            )
            for sheet, part in PARTS.items()
        }

    def _meeting_parts(self, key: MeetingKey, day: date, before: PresidiumMeeting | None) -> dict[str, Any]:
        rows = self.sheets.sound("主席团议定事项", year=key[0], number=key[1])
        return {"decisions": self._merged(DECISIONS, rows, before.decisions if before else (), day)}

    def _named(self, part: Part, row: Row, day: date) -> dict[str, tuple[str, ...]]:
        return {name: self.sheets.deputyships(row, name, day) for name in part.names if row.many(name)}

    def _merged(
        self, part: Part, rows: list[Row], before: tuple[BaseModel, ...], day: date
    ) -> tuple[BaseModel, ...]:
        """Parts in the order of their rows, merged with recorded ones; those without a row follow at the end."""
        recorded = {part.key_of(item): item for item in before}
        parts = []
        for row in rows:
            was, values = recorded.pop(part.key_in(row), None), part.values(row)
            with suppress(RowProblem):  # reported for the part's own row
                values |= self._named(part, row, day)
            parts.append(checked(part.model, {**(was.model_dump() if was else {}), **values}))
        return (*parts, *recorded.values())
