"""Rows of sessions and presidium meetings, and of what belongs to them: reports, resolutions, decisions.

What belongs to a session is written together with it, in one version; its own rows then only say what became of them.
"""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel

from services.activities import repository
from services.activities.domain.attendance import expected_at_session, expected_in_presidium
from services.activities.domain.meetings import Decision, HeardReport, PresidiumMeeting, Resolution, Session
from services.activities.handlers import meetings as handlers
from services.activities.imports.rows import SHEET_OF_ATTENDANCE, Sheets, part_done
from services.activities.schemas import PresidiumMeetingIn, SessionIn
from shared.http import patch_of
from shared.imports import checked, done, filled
from shared.work import Work
from shared.workbook import Done, Row, RowProblem

P = TypeVar("P", bound=BaseModel)
SessionKey = tuple[int, int]
MeetingKey = tuple[int, int]

SessionPatch = patch_of(SessionIn)
PresidiumMeetingPatch = patch_of(PresidiumMeetingIn)


@dataclass
class MeetingRows:
    """`sessions` and `meetings` remember what was recorded before this workbook, and what is now."""

    sheets: Sheets
    sessions: dict[SessionKey, tuple[Session | None, Session]] = field(default_factory=dict)
    meetings: dict[MeetingKey, tuple[PresidiumMeeting | None, PresidiumMeeting]] = field(default_factory=dict)

    async def session(self, work: Work, row: Row) -> Done:
        key = row["congress_number"], row["session_number"]
        before = await repository.session_numbered(work, *key)
        day = row["held_on"]
        everyone = expected_at_session(self.sheets.directory.deputyships, day)
        given = {
            **filled(row, *SHEET_OF_ATTENDANCE),
            **self.sheets.attendance(row, day, everyone=everyone),
            **self._session_parts(key, before),
        }
        if before is None:
            after = await handlers.hold_session(work, checked(SessionIn, given))
        else:
            after = await handlers.change_session(work, before, checked(SessionPatch, given))
        self.sessions[key] = before, after
        return done(before, after)

    async def heard_report(self, work: Work, row: Row) -> Done:
        before, after = await self._session_of(work, row)
        reports = {one.title: one for one in after.reports}
        return part_done(
            {one.title: one for one in before.reports} if before else {}, row["title"], reports[row["title"]]
        )

    async def resolution(self, work: Work, row: Row) -> Done:
        before, after = await self._session_of(work, row)
        passed = {one.title: one for one in after.resolutions}
        return part_done(
            {one.title: one for one in before.resolutions} if before else {},
            row["title"],
            passed[row["title"]],
        )

    async def presidium_meeting(self, work: Work, row: Row) -> Done:
        key, day = (row["year"], row["number"]), row["held_on"]
        if day.year != row["year"]:
            raise RowProblem("held_on", f"召开日期不在 {row['year']} 年")
        before = await repository.presidium_meeting_numbered(work, *key)
        everyone = expected_in_presidium(self.sheets.directory.deputyships, day)
        given = {
            **filled(row, "year", *SHEET_OF_ATTENDANCE),
            **self.sheets.attendance(row, day, everyone=everyone),
            **self._meeting_parts(key, before),
        }
        if before is None:
            after = await handlers.hold_presidium_meeting(work, checked(PresidiumMeetingIn, given))
        else:
            after = await handlers.change_presidium_meeting(
                work, before, checked(PresidiumMeetingPatch, given)
            )
        self.meetings[key] = before, after
        return done(before, after)

    async def decision(self, work: Work, row: Row) -> Done:
        key = row["year"], row["number"]
        if key not in self.meetings:
            before = await repository.presidium_meeting_numbered(work, *key)
            if before is None:
                raise RowProblem("number", f"没有 {key[0]} 年第 {key[1]} 次主席团会议，或者它那一行有误")
            patch = checked(PresidiumMeetingPatch, self._meeting_parts(key, before))
            self.meetings[key] = before, await handlers.change_presidium_meeting(work, before, patch)
        was, now = self.meetings[key]
        decided = {one.text: one for one in now.decisions}
        return part_done(
            {one.text: one for one in was.decisions} if was else {}, row["text"], decided[row["text"]]
        )

    async def _session_of(self, work: Work, row: Row) -> tuple[Session | None, Session]:
        """The session a report or resolution belongs to; written now where the workbook has no row for it."""
        key = row["congress_number"], row["session_number"]
        if key not in self.sessions:
            before = await repository.session_numbered(work, *key)
            if before is None:
                raise RowProblem("session_number", f"没有第 {key[0]} 届第 {key[1]} 次会议，或者它那一行有误")
            patch = checked(SessionPatch, self._session_parts(key, before))
            self.sessions[key] = before, await handlers.change_session(work, before, patch)
        return self.sessions[key]

    def _session_parts(self, key: SessionKey, before: Session | None) -> dict[str, Any]:
        named = {"congress_number": key[0], "session_number": key[1]}
        reports = self.sheets.sound("人代会报告", **named)
        resolutions = self.sheets.sound("人代会决议", **named)
        return {
            "reports": _merged(HeardReport, "title", reports, before.reports if before else (), tuple(named)),
            "resolutions": _merged(
                Resolution, "title", resolutions, before.resolutions if before else (), tuple(named)
            ),
        }

    def _meeting_parts(self, key: MeetingKey, before: PresidiumMeeting | None) -> dict[str, Any]:
        named = {"year": key[0], "number": key[1]}
        rows = self.sheets.sound("主席团议定事项", **named)
        return {
            "decisions": _merged(Decision, "text", rows, before.decisions if before else (), tuple(named))
        }


def _merged(
    model: type[P], key: str, rows: list[Row], before: tuple[P, ...], without: tuple[str, ...]
) -> tuple[P, ...]:
    """The parts in the order of their rows, each over what was recorded; those without a row stay, at the end."""
    recorded = {getattr(one, key): one for one in before}
    parts = []
    for row in rows:
        was = recorded.pop(row[key], None)
        parts.append(checked(model, {**(was.model_dump() if was else {}), **filled(row, *without)}))
    return (*parts, *recorded.values())
