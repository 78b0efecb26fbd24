"""Facts the reports service publishes."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class PublishedFact(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    town: str
    version: int
    year: int


class ClosingFact(PublishedFact):
    """Request to every source to seal the year; `id` returns as `closing_id`. `period`: period of the report.

    `manifest`: format of the manifest that summaries of this closing carry.
    """

    period: str
    as_of: date
    manifest: str = ""


class NoticeFact(PublishedFact):
    """Notice of a scheduled closing: `due_soon` some days before, `compiled` once there is a report, `called_off` where
    none is due any more on the day announced. The day of a notice may change with its version.

    `blocks`, `warnings`: number of findings of the report; 0 before there is one.
    """

    period: str
    kind: Literal["due_soon", "compiled", "called_off"]
    due_on: date
    as_of: date
    blocks: int
    warnings: int


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


class ReceiptFact(BaseModel):
    """Receipt of a submission; `digest`: SHA-256 of `report.json` of the edition as it stood then."""

    edition: int
    digest: str
    submitted_at: datetime
    due_on: date | None
    extended_until: date | None
    late: bool


class ExtensionFact(BaseModel):
    """A county lets a town hand in the report of a period until a day; the actor of the event granted it."""

    model_config = ConfigDict(extra="ignore")

    id: str
    town: str
    version: int
    period: str
    until: date
    reason: str


class ReportFact(PublishedFact):
    """A report without records and text, which are read over HTTP."""

    period: str
    from_on: date
    as_of: date
    status: Literal["draft", "approved", "submitted", "accepted", "returned"]
    corrects: int | None
    title: str
    sources: list[SourceFact]
    figures: list[FigureFact]
    findings: list[FindingFact]
    reasons: list[str]
    receipt: ReceiptFact | None = None


class RecordFact(BaseModel):
    source: str
    subject: str
    version: int
    sequence: int


class FileFact(PublishedFact):
    """Confirmation of a file of the year by the deputy or the leader of the group; `digest` identifies the file."""

    deputyship_id: str
    group_id: str | None
    on: date
    on_behalf: bool
    digest: str


class ObjectionFact(PublishedFact):
    """An objection and its outcome; its text and the answer are not published."""

    deputyship_id: str
    group_id: str | None
    record: RecordFact | None
    opened_on: date
    on_behalf: bool
    state: Literal["open", "settled", "withdrawn"]
    outcome: Literal["corrected", "kept"] | None
    corrected: RecordFact | None
    settled_on: date | None


class WebhookFact(BaseModel):
    """A webhook without its keys and without the path of its address. `reason`: why it is disabled."""

    id: str
    town: str
    version: int
    area: str
    origin: str
    types: list[str]
    ordered: bool
    state: Literal["enabled", "disabled"]
    reason: Literal["", "asked", "gone", "failing"]


class PersonalDataRead(BaseModel):
    """Which fields of which records were read, never a value; the actor of the event read them."""

    id: str
    town: str
    version: int
    records: list[str]
    fields: list[str]


PUBLISHED: dict[str, type[BaseModel]] = {
    "reports.closing.requested.v1": ClosingFact,
    "reports.notice.given.v1": NoticeFact,
    "reports.report.compiled.v1": ReportFact,
    "reports.report.approved.v1": ReportFact,
    "reports.report.submitted.v1": ReportFact,
    "reports.report.accepted.v1": ReportFact,
    "reports.report.returned.v1": ReportFact,
    "reports.extension.granted.v1": ExtensionFact,
    "reports.file.confirmed.v1": FileFact,
    "reports.objection.opened.v1": ObjectionFact,
    "reports.objection.settled.v1": ObjectionFact,
    "reports.objection.withdrawn.v1": ObjectionFact,
    **{
        f"reports.webhook.{verb}.v1": WebhookFact
        for verb in ("added", "changed", "rotated", "tested", "replayed", "enabled", "disabled")
    },
    "reports.personal_data.read.v1": PersonalDataRead,
}
