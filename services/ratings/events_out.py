"""Payloads of the events the ratings service publishes: aggregates only, after publication."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Public(BaseModel):
    """Built from the record; only the fields declared here are published."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Option(Public):
    code: str
    label: str
    points: int | None


class Weight(Public):
    code: str
    weight: int


class Rules(Public):
    """Thresholds and weights in percent."""

    id: str
    name: str
    options: tuple[Option, ...]
    formula: str
    thresholds: tuple[int, ...]
    ties: str
    groups: tuple[Weight, ...]
    silent_group: str
    dimensions: tuple[str, ...]
    min_raters: int
    min_published: int


class SchemeFact(Rules):
    town: str
    version: int


class Rate(Public):
    formula: str
    numerator: int
    denominator: int


class DeputyResult(Public):
    """Σ counts + abstain + spoiled = valid, for each deputy and dimension."""

    deputyship_id: str
    dimension: str
    counts: dict[str, int]
    abstain: int
    spoiled: int
    rate: Rate | None
    grade: str | None


class SlipTotals(Public):
    """Slips with a code; `handed_out` is null where the presiding teller gave none."""

    printed: int
    handed_out: int | None
    returned: int


def _is_none(value: Any) -> bool:
    return value is None


class Result(Public):
    """issued = returned + not_returned; returned = valid + void; no deputies when suppressed. `slips` only where slips
    were used."""

    version: int
    issued: int
    returned: int
    not_returned: int
    void: int
    valid: int
    suppressed: bool
    slips: SlipTotals | None = Field(default=None, exclude_if=_is_none)
    deputies: tuple[DeputyResult, ...]


class Revocation(Public):
    version: int
    reason: str
    on: date


class MeetingFact(Public):
    """`result` is null in every state but published. `roster_hash` is the hash of the roster on `held_on` (ADR 0018),
    as of the roster event `roster_sequence`. `plan_item_id`: the item of a plan in activities that the meeting does.
    `void_reason`, `voided_on`: only where the meeting was voided; it counts no more."""

    id: str
    town: str
    version: int
    year: int
    held_on: date
    constituency: str
    deputyship_ids: tuple[str, ...]
    scheme: Rules
    method: Literal["paper", "online", "mixed"]
    state: Literal["draft", "open", "closed", "published", "revoked"]
    invited: int | None
    present: int | None
    result: Result | None
    revocations: tuple[Revocation, ...]
    plan_item_id: str | None = Field(default=None, exclude_if=_is_none)
    roster_sequence: int
    roster_hash: str | None
    void_reason: str | None = Field(default=None, exclude_if=_is_none)
    voided_on: date | None = Field(default=None, exclude_if=_is_none)


class DutyReportFact(Public):
    """A duty report without its text."""

    id: str
    town: str
    version: int
    meeting_id: str
    deputyship_id: str
    form: Literal["oral", "written"]


class ParkedEvent(Public):
    """One dead letter of this service; `reason` contains no values."""

    source: str
    sequence: int
    type: str
    reason: str


class YearSealed(Public):
    """Seal of a closing: head of the town's stream, and number of records per noun."""

    closing_id: str
    year: int
    as_of: date
    upto_sequence: int
    hash: str
    counts: dict[str, int]
    parked: int = 0
    """Number of dead letters that are not settled."""
    parked_events: list[ParkedEvent] = []
    """The first fifty of them."""
    manifest: str = ""
    """Format of the manifest that summaries of this closing carry; empty where they have none."""


class PersonalDataRead(BaseModel):
    """Which fields of which records were read, never a value; the actor of the event read them."""

    id: str
    town: str
    version: int
    records: list[str]
    fields: list[str]


PUBLISHED: dict[str, type[BaseModel]] = {
    "ratings.scheme.adopted.v1": SchemeFact,
    "ratings.scheme.changed.v1": SchemeFact,
    "ratings.meeting.planned.v1": MeetingFact,
    "ratings.meeting.changed.v1": MeetingFact,
    "ratings.meeting.opened.v1": MeetingFact,
    "ratings.meeting.closed.v1": MeetingFact,
    "ratings.meeting.published.v1": MeetingFact,
    "ratings.meeting.revoked.v1": MeetingFact,
    "ratings.meeting.voided.v1": MeetingFact,
    "ratings.duty_report.filed.v1": DutyReportFact,
    "ratings.duty_report.changed.v1": DutyReportFact,
    "ratings.year.sealed.v1": YearSealed,
    "ratings.personal_data.read.v1": PersonalDataRead,
}
