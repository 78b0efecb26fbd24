"""Responses of the ratings service."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel

from services.ratings.ballots import Entry, Sheet
from services.ratings.domain import (
    ABSTAIN,
    FORMULA_LABELS,
    SPOILED,
    DeputyResult,
    Form,
    Formula,
    Meeting,
    MeetingScheme,
    Method,
    Rate,
    Result,
    Rules,
    SlipTotals,
    State,
    too_near,
)
from shared.documents.scan.worker import ReadPage
from shared.errors import FieldError
from shared.storage.voiding import unsaid

TOO_FEW = "人数不足，不公布"
TOO_NEAR = "与曾公布的第{}版只差{}张有效票，两版相减会看出这几张票，不公布"


class SchemeOut(Rules):
    id: str
    town: str
    version: int


class PresetOut(Rules):
    """A template of a scheme: to adopt it, send it to `schemes` without `preset` and `formula_label`."""

    preset: str
    formula_label: str


class PresetsOut(BaseModel):
    items: tuple[PresetOut, ...]

    @classmethod
    def from_presets(cls, presets: Mapping[str, Rules]) -> Self:
        items = [
            PresetOut(**rules.model_dump(), preset=name, formula_label=FORMULA_LABELS[rules.formula])
            for name, rules in presets.items()
        ]
        return cls(items=tuple(items))


class RevocationOut(BaseModel):
    version: int
    reason: str
    on: date


class MeetingOut(BaseModel):
    """A meeting without numbers of votes, which are under `results` once published."""

    id: str
    town: str
    version: int
    year: int
    held_on: date
    constituency: str
    deputyship_ids: tuple[str, ...]
    scheme_id: str
    scheme: MeetingScheme
    method: Method
    invited: int | None
    present: int | None
    tellers: tuple[str, ...]
    presiding: str
    scrutineers: tuple[str, ...]
    plan_item_id: str | None
    state: State
    revocations: tuple[RevocationOut, ...]
    roster_sequence: int
    roster_hash: str | None
    void_reason: str | None = unsaid()
    voided_on: date | None = unsaid()

    @classmethod
    def from_meeting(cls, meeting: Meeting) -> Self:
        return cls.model_validate({**meeting.model_dump(), "scheme_id": meeting.scheme.id})


class DutyReportOut(BaseModel):
    id: str
    town: str
    version: int
    meeting_id: str
    deputyship_id: str
    form: Form
    text: str
    study: str
    at_sessions: str
    between_sessions: str
    with_voters: str
    shortcomings: str


class Difference(BaseModel):
    loc: str
    message: str


def differences_of(faults: Sequence[FieldError]) -> tuple[Difference, ...]:
    return tuple(Difference(loc=fault.loc, message=fault.message) for fault in faults)


class CountsOut(BaseModel):
    """The sheet as keyed, and whether its two entries differ. `differences` is always empty: who knew the places could
    agree with the other entry without counting again."""

    meeting_id: str
    entry: Entry
    teller: str
    dimension: str
    group: str
    issued: int
    returned: int
    void: int
    valid: int
    counts: dict[str, dict[str, int]]
    quarantined: bool
    differences: tuple[Difference, ...] = ()

    @classmethod
    def from_sheet(cls, meeting_id: str, sheet: Sheet, *, quarantined: bool) -> Self:
        counts = {
            id: {**row.counts, ABSTAIN: row.abstain, SPOILED: row.spoiled} for id, row in sheet.rows.items()
        }
        return cls(
            **sheet.model_dump(exclude={"rows"}),
            meeting_id=meeting_id,
            valid=sheet.valid,
            counts=counts,
            quarantined=quarantined,
        )


class PaperPage(ReadPage):
    """One page of the file, a ballot, a count sheet or neither."""

    sheet: Literal["ballot", "count_sheet"] | None


class DoubtfulNumber(BaseModel):
    """A number somebody must look at. `loc`: `issued`, or a deputyship and an option; `number`: null where the marks
    say none; `picture`: JPEG as base64."""

    loc: str
    number: int | None
    picture: str


class CountSheetRead(BaseModel):
    """What is marked on the pages of a count sheet, for the teller who keyed it; nothing is recorded. Numbers in doubt
    are not in `counts` but in `doubts`. `balanced`: whether the sums were held against the valid ballots; `missing`:
    pages that were not read."""

    entry: Entry
    dimension: str
    group: str
    issued: int | None
    returned: int | None
    void: int | None
    counts: dict[str, dict[str, int]]
    doubts: tuple[DoubtfulNumber, ...]
    balanced: bool
    missing: tuple[int, ...]


class ThirdReading(BaseModel):
    """Photographed ballots and count sheets held against both entries. `doubtful_lines` and `doubtful_numbers` may be
    anything and differ from nothing; `count_sheets`: the caller's own alone; `differences` is filled for the office.
    `compared_sheets`, `differs`: of all sheets for the office, of the caller's own count sheets for a teller."""

    pages: tuple[PaperPage, ...]
    ballots: int
    doubtful_lines: int
    doubtful_numbers: int
    count_sheets: tuple[CountSheetRead, ...]
    compared_sheets: int
    differs: bool
    differences: tuple[Difference, ...] = ()


class SheetState(BaseModel):
    entry: Entry
    teller: str
    dimension: str
    group: str


class CountTryOut(BaseModel):
    """One time that a sheet was keyed; `differs`: whether the entries of the sheet differed then."""

    entry: Entry
    teller: str
    dimension: str
    group: str
    at: datetime
    differs: bool


class Turnout(BaseModel):
    """Number of slips printed. `used` is null: how many have voted is stated in the result, not while slips vote."""

    printed: int
    used: int | None = None


class CountsState(BaseModel):
    """Sheets keyed, each time that one was, and, until the meeting is closed, slips printed; no numbers of votes.

    `differences` is filled for the office alone.
    """

    meeting_id: str
    slips: Turnout | None = None
    sheets: tuple[SheetState, ...]
    quarantined: bool
    differences: tuple[Difference, ...]
    tries: tuple[CountTryOut, ...] = ()


class RateOut(Rate):
    label: str
    value: float

    @classmethod
    def from_rate(cls, rate: Rate) -> Self:
        value = rate.numerator / rate.denominator
        return cls(**rate.model_dump(), label=FORMULA_LABELS[rate.formula], value=value)


class CodesOut(BaseModel):
    """Returned only once; only fingerprints are stored."""

    meeting_id: str
    codes: tuple[str, ...]
    urls: tuple[str, ...]


class BallotAccepted(BaseModel):
    accepted: bool


class PaperSlipsOut(BaseModel):
    """Slips counted on paper: `accepted` by this request, `known` from earlier ones. `voted`: places in the request of
    slips that have voted online, whose paper is void."""

    meeting_id: str
    accepted: int
    known: int
    voted: tuple[int, ...] = ()


class DeputyOut(BaseModel):
    deputyship_id: str
    name: str
    dimension: str
    counts: dict[str, int]
    abstain: int
    spoiled: int
    rate: RateOut | None
    grade: str | None

    @classmethod
    def from_result(cls, line: DeputyResult, name: str) -> Self:
        rate = RateOut.from_rate(line.rate) if line.rate else None
        return cls.model_validate({**line.model_dump(), "name": name, "rate": rate})


class ResponseRate(BaseModel):
    numerator: int
    denominator: int


def withheld(meeting: Meeting, result: Result) -> str:
    """The reason why deputies' numbers are not published; empty where they are."""
    if not result.suppressed:
        return ""
    near = too_near(meeting, result.valid)
    return TOO_NEAR.format(near.version, abs(near.valid - result.valid)) if near else TOO_FEW


class ResultsOut(BaseModel):
    """The published result: deputies in the order of the meeting, no ranking; none when suppressed.

    `n` is the number of valid ballots, `response_rate` returned over issued, none when nothing was issued; `present`
    the people who were there, null where nobody said; `slips` null on paper.
    """

    meeting_id: str
    version: int
    held_on: date
    constituency: str
    scheme: MeetingScheme
    formula: Formula
    formula_label: str
    issued: int
    returned: int
    not_returned: int
    void: int
    valid: int
    n: int
    response_rate: ResponseRate | None
    present: int | None
    slips: SlipTotals | None
    suppressed: bool
    message: str
    deputies: tuple[DeputyOut, ...]
    revocations: tuple[RevocationOut, ...]

    @classmethod
    def from_result(cls, meeting: Meeting, result: Result, names: dict[str, str]) -> Self:
        issued = result.issued
        values: dict[str, Any] = {
            **meeting.model_dump(include={"held_on", "constituency", "scheme", "present", "revocations"}),
            **result.model_dump(exclude={"deputies"}),
            "meeting_id": meeting.id,
            "formula": meeting.scheme.formula,
            "formula_label": FORMULA_LABELS[meeting.scheme.formula],
            "n": result.valid,
            "response_rate": {"numerator": result.returned, "denominator": issued} if issued else None,
            "message": withheld(meeting, result),
            "deputies": [
                DeputyOut.from_result(line, names.get(line.deputyship_id, "")) for line in result.deputies
            ],
        }
        return cls.model_validate(values)


class RatedAt(BaseModel):
    """A meeting at which the person was rated; `results` only while published and not suppressed."""

    meeting_id: str
    held_on: date
    constituency: str
    state: State
    results: list[DeputyOut]


class PersonExport(BaseModel):
    """Everything this service holds about one person."""

    person_id: str
    name: str
    deputyship_ids: list[str]
    rated: list[RatedAt]
    duty_reports: list[DutyReportOut]
