"""Import of the office's workbook 测评: the use case each row calls. Columns are in `sheets.py`.

No role may import all of it: the office imports schemes, meetings and duty reports, each teller one count sheet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from services.ratings import exports, repository, schemas, sheets
from services.ratings.ballots import Entry, check_complete
from services.ratings.domain import Meeting, Method, Scheme, State
from services.ratings.errors import CountsDiffer, CountsIncomplete, CountsUnbalanced
from services.ratings.handlers import counting, duty_reports, meetings, schemes
from services.ratings.imports.cells import at_row, numbers, same, scheme_parts
from services.ratings.names import Directory, NameUnresolved, plan_item_id
from services.ratings.repository import MEETINGS, TALLIES
from shared.endpoints.imports import checked, done, filled
from shared.errors import FieldError, Invalid
from shared.http import patch_of
from shared.http.bulkhead import off_the_loop
from shared.security.tokens import Actor
from shared.storage.work import Record, Work
from shared.workbook import (
    CellProblem,
    Done,
    ImportReport,
    Row,
    RowGroup,
    RowProblem,
    Step,
    Workbook,
    import_rows,
    plain,
    read,
    row_id,
    valid,
)

M = TypeVar("M", bound=BaseModel)
R = TypeVar("R", bound=Record)

SchemePatch = patch_of(schemas.SchemeIn)
MeetingPatch = patch_of(schemas.MeetingIn)
DutyReportPatch = patch_of(schemas.DutyReportIn)

ROSTER: Final = ("名册",)
"""The workbook that names refer to."""
COUNTS: Final[Mapping[str, Entry]] = {sheets.FIRST.name: 1, sheets.SECOND.name: 2}
SHEET: Final = ("meeting", "dimension", "group")
"""Key of a count sheet in its rows."""
OFFICE_SHEETS: Final = frozenset({sheets.SCHEMES.name, sheets.MEETINGS.name, sheets.DUTY_REPORTS.name})


async def import_workbook(
    work: Work, actor: Actor, data: bytes, *, filename: str, asked: Sequence[str], dry_run: bool
) -> ImportReport:
    """Import the sheets `asked` for; by default those the caller's role may write, of the counts the caller's own."""
    names, refused = _allowed(actor, asked)
    allowed_sheets = [sheet for sheet in sheets.SHEETS if sheet.name in names]
    others = [sheet.name for sheet in sheets.SHEETS if sheet.name not in names]
    book = Workbook()
    if allowed_sheets:
        reading = partial(read, ignore=others, filename=filename, vocabulary=sheets.VOCABULARY)
        book = await off_the_loop(reading, data, allowed_sheets)
    if not asked:
        await _keep_own_count(work, book)
    book.problems += [CellProblem(name, "", "您的角色不能导入这张表") for name in refused]
    directory = await repository.directory(work, _names(book))
    return await import_rows(work, book, Rows(directory, actor).steps(), dry_run=dry_run, export=exports.rows)


def _allowed(actor: Actor, asked: Sequence[str]) -> tuple[set[str], list[str]]:
    """(sheets to import, sheets asked for that the caller may not import)."""
    mine = set(OFFICE_SHEETS) if actor.has("office") else set()
    if actor.has("teller"):
        mine |= set(COUNTS)
    named = {plain(sheet.name): sheet.name for sheet in sheets.SHEETS}
    if unknown := [name for name in asked if plain(name) not in named]:
        raise Invalid(f"没有这张工作表：{'、'.join(unknown)}")
    names = [named[plain(name)] for name in asked] if asked else sorted(mine)
    return mine & set(names), [name for name in names if name not in mine]


async def _keep_own_count(work: Work, book: Workbook) -> None:
    """Drop the other teller's count sheet: the caller's is the entry keyed before, else the first that is free."""
    named = {row["meeting"] for name in COUNTS for row in book.rows(name) if row["meeting"]}
    ids = named | {_meeting_id(work, reference) for reference in named}
    entries = await repository.entries(work, ids)
    own = {entry for entry, teller in entries if teller == work.actor}
    own_entry = 2 if 2 in own or (not own and 1 in {entry for entry, _ in entries}) else 1
    for name, entry in COUNTS.items():
        if entry != own_entry:
            book.tables.pop(name, None)
            book.problems = [problem for problem in book.problems if problem.sheet != name]


def _names(book: Workbook) -> set[str]:
    """All names of deputies in a workbook."""
    return {name for row in book for name in (*row.many("deputies"), *filter(None, [row["deputy"]]))}


@dataclass(frozen=True)
class Rows:
    """Import of the rows of each sheet; names are resolved by the directory."""

    directory: Directory
    actor: Actor

    def steps(self) -> tuple[Step | RowGroup, ...]:
        return (
            Step(sheets.SCHEMES.name, self.scheme, (_valid_parts,)),
            Step(sheets.MEETINGS.name, self.meeting, (_scheme, self._known, valid(schemas.MeetingIn))),
            Step(
                sheets.DUTY_REPORTS.name,
                self.duty_report,
                (_meeting, self._known, valid(schemas.DutyReportIn)),
            ),
            *(
                RowGroup(name, SHEET, partial(self.counts, entry), (_meeting, self._known))
                for name, entry in COUNTS.items()
            ),
        )

    async def scheme(self, work: Work, row: Row) -> Done:
        values = filled(row) | scheme_parts(row)
        before = await repository.scheme_named(work, row["name"])
        if before is None:
            await schemes.adopt_scheme(work, checked(schemas.SchemeIn, values))
            return "new"
        return done(before, await schemes.change_scheme(work, before, checked(SchemePatch, values)))

    async def meeting(self, work: Work, row: Row) -> Done:
        """Plan or change a meeting, then advance it to the row's state as far as the counts allow, or void it as the
        row says. A row of the day of a voided meeting, perhaps of an older workbook, is that meeting."""
        before = await _find_meeting(work, row["reference"])
        if before is not None and before.is_voided:
            return _still_voided(before, row)
        values = await self._meeting_values(work, row, before)
        if before is None:
            body, name = checked(schemas.MeetingIn, values), row["reference"]
            after = await meetings.plan_meeting(work, body, id=_meeting_id(work, name), reference=name)
        else:
            after = await meetings.change_meeting(work, before, checked(MeetingPatch, values))
        after = await _advanced(work, after, State(row["state"] or State.DRAFT))
        if row["void_reason"]:
            after = await meetings.void_meeting(
                work, after, checked(schemas.ReasonIn, {"reason": row["void_reason"]})
            )
        return "new" if before is None else done(before, after)

    async def duty_report(self, work: Work, row: Row) -> Done:
        meeting = await _meeting(work, row)
        deputyship_id = self._deputyship(row, "deputy", row["deputy"], meeting)
        values = filled(row, "meeting", "deputy")
        before = await repository.duty_report_of(work, meeting.id, deputyship_id)
        if before is None:
            values |= {"meeting_id": meeting.id, "deputyship_id": deputyship_id}
            await duty_reports.file_duty_report(work, checked(schemas.DutyReportIn, values))
            return "new"
        patch = checked(DutyReportPatch, values)
        return done(before, await duty_reports.change_duty_report(work, before, patch))

    async def counts(self, entry: Entry, work: Work, rows: Sequence[Row]) -> Done:
        """Enter one count sheet. Idempotent, even after publication."""
        meeting = await _meeting(work, rows[0])
        by_deputy = {self._deputyship(row, "deputy", row["deputy"], meeting): row for row in rows}
        body = schemas.CountsIn(
            entry=entry,
            **{name: same(rows, name) for name in ("issued", "returned", "void")},
            counts={id: numbers(row, meeting.scheme.codes) for id, row in by_deputy.items()},
            dimension=rows[0]["dimension"],
            group=rows[0]["group"],
        )
        try:
            sheet = counting.read_sheet(meeting, body, self.actor)
            tally = await work.get(TALLIES, meeting.id)
            recorded = tally.sheets if tally else ()
            if sheet in recorded:
                return "unchanged"
            await counting.enter_counts(work, meeting, body, self.actor)
        except CountsUnbalanced as problem:
            raise at_row(problem, by_deputy) from None
        return (
            "changed"
            if any((other.place, other.entry) == (sheet.place, entry) for other in recorded)
            else "new"
        )

    async def _meeting_values(self, work: Work, row: Row, before: Meeting | None) -> dict[str, Any]:
        values = filled(row, "reference", "deputies", "scheme", "state", "void_reason")
        day = row["held_on"]
        values["deputyship_ids"] = tuple(
            self._resolved("deputies", partial(self.directory.deputyship, name, day))
            for name in row.many("deputies")
        )
        scheme = await _scheme(work, row)
        if before is None or before.scheme.id != scheme.id:
            values["scheme_id"] = scheme.id
        if row["plan_item_id"]:
            values["plan_item_id"] = plan_item_id(work.town, row["plan_item_id"])
        return values

    async def _known(self, _: Work, row: Row) -> None:
        """Errors: Invalid with every name that nobody has; on the day of a meeting, where the row has that."""
        faults = []
        day = row.values.get("held_on")
        for field in ("deputy", "deputies"):
            if field not in row.cells or field in row.unfit:
                continue
            for name in (row[field],) if field == "deputy" else row.many(field):
                try:
                    self.directory.known(name, day)
                except NameUnresolved as problem:
                    faults.append(FieldError(field, str(problem), {"refers": ROSTER[0]}))
        if faults:
            raise Invalid(errors=faults)

    def _deputyship(self, row: Row, field: str, name: str, meeting: Meeting) -> str:
        return self._resolved(field, partial(self.directory.deputyship, name, meeting.held_on), row)

    @staticmethod
    def _resolved(field: str, look: Callable[[], str], row: Row | None = None) -> str:
        try:
            return look()
        except NameUnresolved as problem:
            raise RowProblem(field, str(problem), row, refers=ROSTER) from None


def _still_voided(meeting: Meeting, row: Row) -> Done:
    if meeting.held_on != row["held_on"]:
        message = f"编号为 {row['reference']} 的测评会已作废（{meeting.void_reason}），请另用一个编号"
        raise RowProblem("reference", message)
    return "unchanged"


async def _scheme(work: Work, row: Row) -> Scheme:
    scheme = await repository.scheme_named(work, row["scheme"])
    if scheme is None:
        message = f"没有名为“{row['scheme']}”的评议办法"
        raise RowProblem("scheme", message, refers=(sheets.SCHEMES.name, row["scheme"]))
    return scheme


async def _valid_parts(_: Work, row: Row) -> None:
    scheme_parts(row)


def _meeting_id(work: Work, reference: str) -> str:
    return row_id(work.town, sheets.MEETINGS.name, reference)


async def _find_meeting(work: Work, reference: str) -> Meeting | None:
    """By the office's own number, or by the id, which an export writes where there is no number."""
    return await work.get(MEETINGS, _meeting_id(work, reference)) or await work.get(MEETINGS, reference)


async def _meeting(work: Work, row: Row) -> Meeting:
    meeting = await _find_meeting(work, row["meeting"])
    if meeting is None:
        message = f"没有编号为 {row['meeting']} 的测评会，须先由人大办公室导入"
        raise RowProblem("meeting", message, row, refers=(sheets.MEETINGS.name, row["meeting"]))
    return meeting


async def _advanced(work: Work, meeting: Meeting, target: State) -> Meeting:
    """Advance the meeting towards `target`; never backwards, and not after a revocation.

    Where slips vote, the presiding teller does, who imports nothing.
    """
    if meeting.method is not Method.PAPER:
        if meeting.state is State.DRAFT and target is not State.DRAFT:
            raise RowProblem("state", "扫码投票的测评会由主持计票人开始、结束和公布，这里应填“筹备中”")
        return meeting
    if meeting.state is State.DRAFT and target is not State.DRAFT:
        meeting = await meetings.open_meeting(work, meeting)
    if (
        meeting.state is State.OPEN
        and target in (State.CLOSED, State.PUBLISHED)
        and await _agreed(work, meeting)
    ):
        meeting = await meetings.close_meeting(work, meeting)
    if meeting.state is State.CLOSED and target is State.PUBLISHED:
        meeting = await meetings.publish_meeting(work, meeting, schemas.Nothing())
    return meeting


async def _agreed(work: Work, meeting: Meeting) -> bool:
    try:
        check_complete(await work.require(TALLIES, meeting.id), meeting.scheme)
    except (CountsIncomplete, CountsDiffer):
        return False
    return True
