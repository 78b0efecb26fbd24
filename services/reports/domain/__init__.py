"""What a year amounts to: the report and its parts, as values that never change.

Everything here except `Source.head` and `Source.hash` is independent of ids and of the time of recording,
so that compiling again from the same heads gives the same bytes.
"""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: compared by content, never changed in place."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Severity(StrEnum):
    """`block` keeps a report from being approved; nothing ever acts on a person."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"


class FigureStatus(StrEnum):
    """Zero, missing and not applicable are three different things, end to end."""

    VALUE = "value"
    ZERO = "zero"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


class SourceState(StrEnum):
    """Whether a source has sealed the year and every event up to its seal is held here."""

    SEALED = "sealed"
    WAITING = "waiting"


class ReportStatus(StrEnum):
    """compiling → incomplete | draft → approved → submitted → accepted | returned."""

    COMPILING = "compiling"
    INCOMPLETE = "incomplete"
    DRAFT = "draft"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class RecordRef(Frozen):
    """One record behind a number: the stream, `<noun>/<id>`, its version, and the event that carried it."""

    source: str
    subject: str
    version: int
    sequence: int

    def same(self, other: "RecordRef") -> bool:
        """Whether both are versions of one record."""
        return (self.source, self.subject) == (other.source, other.subject)


class Amount(Frozen):
    """What a figure comes to, apart from what it is: a year before, or in another edition.

    A year before it is missing where that year was not sealed, and not applicable where there is none.
    """

    value: int | float | None = None
    numerator: int | None = None
    denominator: int | None = None
    status: FigureStatus


class Figure(Frozen):
    """A number with its definition and the records it was counted from; `value` of a rate lies in [0, 1].

    `change`: value less previous value, of a rate in the same unit; none where either of them is none.
    """

    id: str
    label: str
    definition: str
    value: int | float | None = None
    unit: str = ""
    numerator: int | None = None
    denominator: int | None = None
    status: FigureStatus
    previous: Amount | None = None
    change: int | float | None = None
    records: tuple[RecordRef, ...] = ()

    @property
    def amount(self) -> Amount:
        return Amount(
            value=self.value, numerator=self.numerator, denominator=self.denominator, status=self.status
        )


class Finding(Frozen):
    """What a rule expected and the records do not show, or two records that do not agree.

    `basis`: the article; `paragraph`: the id of the one whose words it is about, else empty.
    """

    id: str
    rule: str
    severity: Severity
    message: str
    basis: str = ""
    records: tuple[RecordRef, ...] = ()
    paragraph: str = ""


class Excluded(Frozen):
    """A record that no figure of the period counts, and why."""

    subject: str
    reason: str


class Parked(Frozen):
    """An event that `service` received and could not apply, by its stream and number; `reason` holds no values."""

    service: str
    source: str
    sequence: int
    type: str
    reason: str


class Expectation(Frozen):
    """What a rule expects of the period, met or not. `missing`: how much of it nobody recorded.

    `records`: those that say so.
    """

    id: str
    rule: str
    label: str
    expected: int
    recorded: int
    missing: int
    unit: str
    basis: str
    records: tuple[RecordRef, ...] = ()


class Source(Frozen):
    """The proof for one source (a service): how far it sealed, what it said it holds, what was counted here."""

    source: str
    state: SourceState
    head: int = 0
    hash: str = ""
    counts: dict[str, int] = {}
    counted: int = 0
    excluded: tuple[Excluded, ...] = ()


class Run(Frozen):
    """A piece of a paragraph: a numeral bound to a figure, or plain text.

    `part`: which number of the figure it is, "" its value; `#numerator`, `#denominator`; `@row` its share in one row
    of a table. `figure` and `part` together are the tag by which a document names the numeral (ADR 0022).
    """

    text: str
    figure: str | None = None
    part: str = ""


class Flag(Frozen):
    """A number in staff's wording that is none of the computed ones; `figure` and `wanted`: what stood in its place."""

    text: str
    figure: str | None = None
    wanted: str = ""


class Paragraph(Frozen):
    """One paragraph; `text` is the runs joined, with a line end between what staff made of it several paragraphs.

    `edited` marks the staff's own wording, `computed` is what the program would say instead.
    """

    id: str
    text: str
    figures: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    edited: bool = False
    computed: str = ""
    flags: tuple[Flag, ...] = ()


class Section(Frozen):
    """A heading without its number (level 1 一、, level 2 （一）; the opening has level 0 and no heading)."""

    id: str
    heading: str
    level: int
    paragraphs: tuple[Paragraph, ...] = ()


class Table(Frozen):
    """An annex table; `figures[row][column]` is the tag of the numeral a cell shows, where it shows one."""

    id: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[str | None, ...], ...] | None = None


class Picture(Frozen):
    """What was handed over, by the SHA-256 of its bytes: its type, size in bytes and in pixels, which way up (Exif)."""

    digest: str
    content_type: str
    size_bytes: int
    width: int
    height: int
    way_up: int = 1


class Photograph(Picture):
    """A picture of the annex, with the activity that it is evidence of."""

    title: str
    kind: str
    held_on: date
    record: RecordRef


class Report(Frozen):
    """The compiled period of one town, `from_on` to `as_of`; `period` is its name, `year` that of its last day.

    `sections[0]` has the id `opening`. `corrects`: the approved edition that this one puts right.
    `document_number`, `signer`: of the letterhead of a report sent upward; without them it has none.
    `subtitle`: lines under the title: when and where a report to the congress was given, and by whom.
    """

    id: str
    town: str
    year: int
    period: str = ""
    version: int
    corrects: int | None = None
    status: ReportStatus
    from_on: date | None = None
    as_of: date
    title: str
    subtitle: tuple[str, ...] = ()
    addressee: str | None = None
    document_number: str = ""
    signer: str = ""
    sections: tuple[Section, ...] = ()
    tables: tuple[Table, ...] = ()
    photographs: tuple[Photograph, ...] = ()
    sources: tuple[Source, ...] = ()
    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    parked: tuple[Parked, ...] = ()
    signature: str = ""
    signed_on: date


class Form(StrEnum):
    """summary: 总结, without addressee; report: 报告, sent upward to the county's standing committee."""

    SUMMARY = "summary"
    REPORT = "report"


class Wording(Frozen):
    """What the office says about its year besides the records; a sentence whose text is empty is left out.

    `paragraphs`: the office's own paragraphs by section id, printed after the computed ones. `edited`: its wording of
    computed paragraphs by paragraph id, empty where it left one out. `placed`: the order of paragraphs by section id,
    where it changed the order. `delivered_on`, `session_number`, `speaker`: when, at which session and by whom a
    report to the congress is given. `signed_on`: the day of the figures when not given. `photographs`: the digests of
    those that the annex shows, in that order.
    """

    theme: str = ""
    campaign_label: str = ""
    signed_on: date | None = None
    delivered_on: date | None = None
    session_number: int | None = None
    speaker: str = ""
    outline: str = ""
    document_number: str = ""
    signer: str = ""
    form: Form = Form.SUMMARY
    photographs: tuple[str, ...] = ()
    paragraphs: dict[str, tuple[str, ...]] = {}
    edited: dict[str, str] = {}
    placed: dict[str, tuple[str, ...]] = {}
