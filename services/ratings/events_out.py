"""Facts the ratings service publishes: the promise. Aggregates only, and those only once published."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    """Built from the record; what is not named here does not leave."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Option(Fact):
    code: str
    label: str
    points: int | None


class Weight(Fact):
    code: str
    weight: int


class Rules(Fact):
    """Thresholds and weights in percent."""

    id: str
    name: str
    options: tuple[Option, ...]
    formula: str
    thresholds: tuple[int, ...]
    groups: tuple[Weight, ...]
    min_raters: int
    min_published: int


class Scheme(Rules):
    town: str
    version: int


class Rate(Fact):
    formula: str
    numerator: int
    denominator: int


class DeputyResult(Fact):
    """Σ counts + abstain + spoiled = valid, for each deputy and dimension."""

    deputyship_id: str
    dimension: str
    counts: dict[str, int]
    abstain: int
    spoiled: int
    rate: Rate | None
    grade: str | None


class Result(Fact):
    """issued = returned + not_returned; returned = valid + void; no deputies when suppressed."""

    version: int
    issued: int
    returned: int
    not_returned: int
    void: int
    valid: int
    suppressed: bool
    deputies: tuple[DeputyResult, ...]


class Revocation(Fact):
    version: int
    reason: str
    on: date


class Meeting(Fact):
    """`result` is null in every state but published."""

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


class DutyReport(Fact):
    """That a deputy reported, and how; his words stay here."""

    id: str
    town: str
    version: int
    meeting_id: str
    deputyship_id: str
    form: Literal["oral", "written"]


class YearSealed(Fact):
    """How far the town's stream reached when a year was closed, and the number of records per kind."""

    closing_id: str
    year: int
    as_of: date
    upto_sequence: int
    hash: str
    counts: dict[str, int]


PUBLISHED: dict[str, type[BaseModel]] = {
    "ratings.scheme.adopted.v1": Scheme,
    "ratings.scheme.changed.v1": Scheme,
    "ratings.meeting.planned.v1": Meeting,
    "ratings.meeting.changed.v1": Meeting,
    "ratings.meeting.opened.v1": Meeting,
    "ratings.meeting.closed.v1": Meeting,
    "ratings.meeting.published.v1": Meeting,
    "ratings.meeting.revoked.v1": Meeting,
    "ratings.duty_report.filed.v1": DutyReport,
    "ratings.duty_report.changed.v1": DutyReport,
    "ratings.year.sealed.v1": YearSealed,
}
