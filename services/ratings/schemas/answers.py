"""What the HTTP door of the ratings service gives."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Self

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
    State,
    too_near,
)
from shared.errors import FieldError

TOO_FEW = "人数不足，不公布"
TOO_NEAR = "与曾公布的第{}版只差{}张有效票，两版相减会看出这几张票，不公布"


class SchemeOut(Rules):
    id: str
    town: str
    version: int


class PresetOut(Rules):
    """A scheme to be sent to `schemes`, without `preset` and `formula_label`."""

    preset: str
    formula_label: str


class PresetsOut(BaseModel):
    items: tuple[PresetOut, ...]

    @classmethod
    def of(cls, presets: Mapping[str, Rules]) -> Self:
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
    """Without any number of a vote: those stand under `results`, once published."""

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
    scrutineers: tuple[str, ...]
    state: State
    revocations: tuple[RevocationOut, ...]
    roster_sequence: int
    roster_hash: str | None

    @classmethod
    def of(cls, meeting: Meeting) -> Self:
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


def differences_of(found: Sequence[FieldError]) -> tuple[Difference, ...]:
    return tuple(Difference(loc=one.loc, message=one.message) for one in found)


class CountsOut(BaseModel):
    """The sheet as keyed, and where the two entries differ so far: places, never the other's numbers."""

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
    differences: tuple[Difference, ...]

    @classmethod
    def of(cls, meeting_id: str, sheet: Sheet, differing: Sequence[FieldError]) -> Self:
        counts = {
            one: {**row.counts, ABSTAIN: row.abstain, SPOILED: row.spoiled} for one, row in sheet.rows.items()
        }
        return cls(
            **sheet.model_dump(exclude={"rows"}),
            meeting_id=meeting_id,
            valid=sheet.valid,
            counts=counts,
            quarantined=bool(differing),
            differences=differences_of(differing),
        )


class SheetState(BaseModel):
    entry: Entry
    teller: str
    dimension: str
    group: str


class Turnout(BaseModel):
    """Slips that were printed, and those of them that have voted or were handed in on paper."""

    printed: int
    used: int


class CountsState(BaseModel):
    """Who has keyed what, and while the meeting is open how many slips are used: nothing of how anybody voted."""

    meeting_id: str
    slips: Turnout | None = None
    sheets: tuple[SheetState, ...]
    quarantined: bool
    differences: tuple[Difference, ...]


class RateOut(Rate):
    label: str
    value: float

    @classmethod
    def of(cls, rate: Rate) -> Self:
        value = rate.numerator / rate.denominator
        return cls(**rate.model_dump(), label=FORMULA_LABELS[rate.formula], value=value)


class CodesOut(BaseModel):
    """Told once: only fingerprints are kept."""

    meeting_id: str
    codes: tuple[str, ...]
    urls: tuple[str, ...]


class PaperSlipsOut(BaseModel):
    """How many slips now count on paper alone: those put in just now and those that were before."""

    meeting_id: str
    accepted: int
    known: int


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
    def of(cls, line: DeputyResult, name: str) -> Self:
        rate = RateOut.of(line.rate) if line.rate else None
        return cls.model_validate({**line.model_dump(), "name": name, "rate": rate})


class ResponseRate(BaseModel):
    numerator: int
    denominator: int


def withheld(meeting: Meeting, result: Result) -> str:
    """Why there are no numbers of deputies; nothing where there are."""
    if not result.suppressed:
        return ""
    near = too_near(meeting, result.valid)
    return TOO_NEAR.format(near.version, abs(near.valid - result.valid)) if near else TOO_FEW


class ResultsOut(BaseModel):
    """What is published: deputies in the order of the meeting, no ranking; none at all when suppressed.

    `n` is the number of valid ballots, `response_rate` returned over issued, none when nothing was issued.
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
    suppressed: bool
    message: str
    deputies: tuple[DeputyOut, ...]
    revocations: tuple[RevocationOut, ...]

    @classmethod
    def of(cls, meeting: Meeting, result: Result, names: dict[str, str]) -> Self:
        issued = result.issued
        shown: dict[str, Any] = {
            **meeting.model_dump(include={"held_on", "constituency", "scheme", "revocations"}),
            **result.model_dump(exclude={"deputies"}),
            "meeting_id": meeting.id,
            "formula": meeting.scheme.formula,
            "formula_label": FORMULA_LABELS[meeting.scheme.formula],
            "n": result.valid,
            "response_rate": {"numerator": result.returned, "denominator": issued} if issued else None,
            "message": withheld(meeting, result),
            "deputies": [DeputyOut.of(line, names.get(line.deputyship_id, "")) for line in result.deputies],
        }
        return cls.model_validate(shown)


class RatedAt(BaseModel):
    """A meeting at which somebody was rated; `results` only while they are published, and not too few voted."""

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
