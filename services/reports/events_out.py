"""Facts the reports service publishes: the promise."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Fact(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    town: str
    version: int
    year: int
    as_of: date


class ClosingFact(Fact):
    """Asks every source to seal the year: `id` comes back as `closing_id`."""


class SourceFact(BaseModel):
    source: str
    head: int
    hash: str
    counts: dict[str, int]


class FigureFact(BaseModel):
    id: str
    label: str
    value: int | float | None
    unit: str
    numerator: int | None
    denominator: int | None
    status: Literal["value", "zero", "missing", "not_applicable"]


class FindingFact(BaseModel):
    id: str
    rule: str
    severity: Literal["block", "warn", "info"]
    message: str


class ReportFact(Fact):
    """A report without its records and sentences: those are asked for by address."""

    status: Literal["draft", "approved", "submitted", "accepted", "returned"]
    title: str
    sources: list[SourceFact]
    figures: list[FigureFact]
    findings: list[FindingFact]
    reasons: list[str]


PUBLISHED: dict[str, type[BaseModel]] = {
    "reports.closing.requested.v1": ClosingFact,
    "reports.report.compiled.v1": ReportFact,
    "reports.report.approved.v1": ReportFact,
    "reports.report.submitted.v1": ReportFact,
    "reports.report.accepted.v1": ReportFact,
    "reports.report.returned.v1": ReportFact,
}
